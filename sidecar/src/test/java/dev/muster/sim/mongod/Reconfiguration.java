package dev.muster.sim.mongod;

import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.types.ObjectId;

/** {@code replSetInitiate} and {@code replSetReconfig}, with the server's own checks in the server's order. */
final class Reconfiguration {
    /** How long the check waits for a member that says nothing: the timeout of a heartbeat. */
    private static final Duration SILENCE = Duration.ofSeconds(10);
    /** How far the version of a forced configuration leaps, at least, and by how much more at most. */
    private static final int JUMP = 10_000;

    private static final int MORE = 90_000;

    private final MongodProcess process;
    private final Membership membership;
    private boolean underWay;

    Reconfiguration(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    void initiate(BsonDocument requested, Consumer<CommandReply> answered) {
        if (process.launch().setName().isEmpty()) {
            answered.accept(new CommandReply(
                    CommandReply.NO_REPLICATION_ENABLED, "This node was not started with replication enabled."));
            return;
        }
        if (membership.config() != null || membership.isLoading() || underWay) {
            answered.accept(new CommandReply(CommandReply.ALREADY_INITIALIZED, "already initialized"));
            return;
        }
        BsonDocument first = requested.clone();
        first.putIfAbsent("version", new BsonInt32(1));
        ConfigCheck check = ConfigCheck.of(first);
        if (check.refusal().isPresent()) {
            answered.accept(check.refusal().get());
            return;
        }
        BsonDocument document = check.document();
        BsonDocument settings = document.getDocument("settings");
        boolean hasId = settings.containsKey("replicaSetId");
        document.put("term", new BsonInt64(0));
        settings.put("replicaSetId", new BsonObjectId(newId()));
        Configuration config = new Configuration(document);
        Optional<String> invalid = hasId ? Optional.of("it has the id of a set") : whyNotFirst(config);
        if (invalid.isPresent()) {
            answered.accept(new CommandReply(CommandReply.INVALID_REPLICA_SET_CONFIG, invalid.get()));
            return;
        }
        underWay = true;
        process.after(process.mongods().millis(15, 45), () -> {
            underWay = false;
            if (membership.config() != null) {
                answered.accept(new CommandReply(CommandReply.ALREADY_INITIALIZED, "already initialized"));
                return;
            }
            if (!config.members().stream().allMatch(member -> isFree(member, config))) {
                answered.accept(new CommandReply(
                        CommandReply.NODE_NOT_FOUND,
                        "replSetInitiate quorum check failed because not all proposed set members responded"
                                + " affirmatively"));
                return;
            }
            process.volume().oplog().append(OplogEntry.noop(new OpTime(-1, nowSeconds(), 1)));
            process.mongods().listener().initiated(process, config.replicaSetId());
            membership.install(config);
            answered.accept(CommandReply.DONE);
        });
    }

    /** Whether that member of a new set is this one, or answers and is in no set. */
    private boolean isFree(Configuration.Member member, Configuration config) {
        if (member.equals(membership.findSelf(config))) {
            return true;
        }
        MongodProcess other = process.reach(member.host(), null).process();
        return other != null && isWilling(other, config) && other.membership().config() == null;
    }

    /** Why that cannot be the first configuration of a set. */
    private Optional<String> whyNotFirst(Configuration config) {
        if (!process.launch().setName().equals(Optional.of(config.setName()))) {
            return Optional.of("the set name is another one than on the command line");
        }
        if (config.version() != 1) {
            return Optional.of("it is not a first version");
        }
        Configuration.Member self = membership.findSelf(config);
        return ConfigCheck.invalid(config)
                .or(() -> self != null && self.isElectable()
                        ? Optional.empty()
                        : Optional.of("No host described in new configuration maps to this node"));
    }

    private long nowSeconds() {
        return process.mongods().scheduler().now().getEpochSecond();
    }

    private ObjectId newId() {
        Random random = process.mongods().scheduler().random();
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return new ObjectId(bytes);
    }

    void reconfigure(BsonDocument requested, boolean force, Consumer<CommandReply> answered) {
        Configuration before = membership.config();
        if (before == null) {
            answered.accept(new CommandReply(CommandReply.NOT_YET_INITIALIZED, "no replset config has been received"));
            return;
        }
        Office office = membership.office();
        if (!force && (office == null || !office.isWritable())) {
            answered.accept(new CommandReply(
                    CommandReply.NOT_WRITABLE_PRIMARY,
                    "New config can only be proposed by a writable PRIMARY; this is " + membership.state()));
            return;
        }
        if (underWay) {
            answered.accept(new CommandReply(109, "a reconfiguration is under way"));
            return;
        }
        if (!force && office != null && !office.isConfigCommitted()) {
            answered.accept(new CommandReply(
                    CommandReply.CONFIG_NOT_COMMITTED,
                    "the current config %s is not majority committed".formatted(before)));
            return;
        }
        ConfigCheck check = ConfigCheck.of(requested);
        if (check.refusal().isPresent()) {
            answered.accept(check.refusal().get());
            return;
        }
        BsonDocument document = check.document();
        if (!process.launch()
                .setName()
                .equals(Optional.of(document.getString("_id").getValue()))) {
            answered.accept(new CommandReply(
                    CommandReply.INVALID_REPLICA_SET_CONFIG, "the set name is another one than on the command line"));
            return;
        }
        complete(document, before, force);
        Configuration config = new Configuration(document);
        Optional<CommandReply> incompatible = ConfigCheck.change(
                before, config, force, process.volume().oplog().hasDefaultWriteConcern());
        if (incompatible.isPresent()) {
            answered.accept(incompatible.get());
            return;
        }
        Configuration.Member self = membership.findSelf(config);
        if (self == null) {
            answered.accept(new CommandReply(
                    CommandReply.NODE_NOT_FOUND, "No host described in new configuration maps to this node"));
            return;
        }
        if (!force && !self.isElectable()) {
            answered.accept(new CommandReply(
                    CommandReply.NODE_NOT_ELECTABLE, "This node is not electable under the new configuration"));
            return;
        }
        underWay = true;
        if (force) {
            process.after(process.mongods().millis(2, 10), () -> install(before, config, true, answered));
        } else {
            checkQuorum(before, config, membership.term(), answered);
        }
    }

    /** What the server writes into it: the id, the term or a leap of the version, and the mark of new voters. */
    private void complete(BsonDocument document, Configuration before, boolean force) {
        BsonDocument settings = document.getDocument("settings");
        if (!settings.containsKey("replicaSetId")) {
            settings.put("replicaSetId", new BsonObjectId(new ObjectId(before.replicaSetId())));
        }
        if (force) {
            document.remove("term");
            int version = (int) Math.max(document.getNumber("version").longValue(), before.version());
            document.put(
                    "version",
                    new BsonInt32(version
                            + JUMP
                            + process.mongods().scheduler().random().nextInt(MORE)));
            return;
        }
        document.put("term", new BsonInt64(membership.term()));
        document.getArray("members").forEach(value -> {
            BsonDocument member = value.asDocument();
            int id = member.getNumber("_id").intValue();
            Optional<Configuration.Member> old = before.member(id);
            boolean isNewVoter = old.isEmpty()
                    && member.getNumber("votes").intValue() > 0
                    && !member.getBoolean("arbiterOnly").getValue();
            if (isNewVoter || old.filter(Configuration.Member::newlyAdded).isPresent()) {
                Configuration.markNewlyAdded(document, id);
            }
        });
    }

    /**
     * Asks everybody in the new configuration: a majority of its voters has to answer, whoever else does not. A
     * member of another set counts as silent; so nobody keeps it out as long as the others are enough.
     */
    private void checkQuorum(Configuration before, Configuration config, long term, Consumer<CommandReply> answered) {
        Configuration.Member self = membership.findSelf(config);
        int voters = 0;
        boolean silent = false;
        for (Configuration.Member member : config.members()) {
            if (self != null && self.id() == member.id()) {
                voters += member.isVoter() ? 1 : 0;
                continue;
            }
            Mongods.Reached reached = process.reach(member.host(), null);
            MongodProcess other = reached.process();
            silent |= reached.isSilent();
            if (other != null && isWilling(other, config)) {
                voters += member.isVoter() ? 1 : 0;
            }
        }
        boolean quorum = voters >= config.majority();
        Duration answer = process.mongods().latency().plus(process.mongods().latency());
        Duration wait = !quorum && silent ? SILENCE : answer;
        process.after(wait, () -> {
            if (!quorum) {
                underWay = false;
                answered.accept(new CommandReply(
                        CommandReply.NODE_NOT_FOUND, "Quorum check failed because not enough voting nodes responded"));
            } else if (membership.state() != MemberState.PRIMARY || membership.term() != term) {
                underWay = false;
                answered.accept(new CommandReply(
                        CommandReply.NOT_WRITABLE_PRIMARY, "stepped down from primary while it reconfigured"));
            } else {
                install(before, config, false, answered);
            }
        });
    }

    private static boolean isWilling(MongodProcess other, Configuration config) {
        Configuration theirs = other.membership().config();
        return other.launch().setName().equals(Optional.of(config.setName()))
                && (theirs == null || theirs.replicaSetId().equals(config.replicaSetId()));
    }

    private void install(Configuration before, Configuration config, boolean force, Consumer<CommandReply> answered) {
        underWay = false;
        if (!before.equals(membership.config())) {
            answered.accept(new CommandReply(109, "the configuration changed meanwhile"));
            return;
        }
        process.mongods().listener().reconfigured(process, before.asSetConfig(false), config.asSetConfig(false), force);
        membership.install(config);
        Office office = membership.office();
        if (force || office == null) {
            answered.accept(CommandReply.DONE);
        } else {
            office.whenCommitted(() -> answered.accept(CommandReply.DONE));
        }
        alone(config);
    }

    /** The only member of a set is its primary at once. */
    private void alone(Configuration config) {
        if (config.members().size() == 1 && membership.state() == MemberState.SECONDARY) {
            membership.election().stand(true, won -> {});
        }
    }
}
