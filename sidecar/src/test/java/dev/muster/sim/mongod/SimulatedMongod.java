package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRenaming;
import dev.muster.mongo.ConfigDocuments;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.MongodDetails;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * The port on a simulated mongod: the same commands in the same order as {@code DriverMongod}, so that the world can
 * change between any two of them.
 */
final class SimulatedMongod implements Mongod {
    private static final Duration REDIRECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration REDIRECT_LOOK = Duration.ofMillis(20);
    private static final Duration UNELECTABLE = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);

    private final Connection connection;
    private final SimulatedObservation observation;
    private final BooleanSupplier hasEnded;
    private final Runnable onClose;

    SimulatedMongod(Connection connection, String setName, BooleanSupplier hasEnded, Runnable onClose) {
        this.connection = connection;
        this.observation = new SimulatedObservation(connection, setName);
        this.hasEnded = hasEnded;
        this.onClose = onClose;
    }

    @Override
    public LocalMongod observe() {
        return observation.observe();
    }

    @Override
    public boolean hasEnded() {
        return hasEnded.getAsBoolean();
    }

    @Override
    public PeerMongod observeAsPeer(Duration unknownFor) {
        return observation.observeAsPeer(unknownFor);
    }

    private record StoredConfig(Configuration config, boolean committed) {}

    @Override
    public Outcome initiate(String name, HostAddress self, LocalMongod seen) {
        if (!observe().equals(seen)) {
            return new Outcome.Stale("mongod is no longer as it was seen");
        }
        BsonDocument member = new BsonDocument("_id", new BsonInt32(0)).append("host", new BsonString(self.toString()));
        BsonDocument requested = new BsonDocument("_id", new BsonString(name))
                .append("version", new BsonInt32(1))
                .append("members", new BsonArray(List.of(member)))
                .append(
                        "settings",
                        new BsonDocument("heartbeatIntervalMillis", new BsonInt32(FormingHeartbeat.intervalMillis(1))));
        return attempt(() -> {
            connection.write((process, answered) -> process.initiate(requested, answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome reconfigure(ConfigChange change, long version, long term) {
        return attempt(() -> {
            StoredConfig present = connection.read(SimulatedMongod::configOfPrimary);
            Configuration read = present.config();
            if (read.version() != version || read.term() != term) {
                return new Outcome.Stale("the configuration is version %d of term %d now, not %d of term %d"
                        .formatted(read.version(), read.term(), version, term));
            }
            if (!present.committed()) {
                return new Outcome.Stale("a majority of the voters does not have the configuration");
            }
            BsonDocument changed = ConfigDocuments.apply(read.document(), change);
            connection.write((process, answered) -> process.reconfigure(changed, false, answered));
            return new Outcome.Done();
        });
    }

    /** {@code replSetGetConfig {commitmentStatus: true}}, which only a primary that takes writes answers. */
    private static StoredConfig configOfPrimary(MongodProcess process) {
        Configuration config = SimulatedObservation.member(process);
        if (!process.isWritablePrimary()) {
            throw NoAnswer.refused(
                    new CommandReply(CommandReply.NOT_WRITABLE_PRIMARY, "commitmentStatus is only for a primary"));
        }
        return new StoredConfig(config, process.membership().isConfigCommitted());
    }

    @Override
    public Outcome forceReconfigure(List<HostAddress> down, long version) {
        return withVersion(version, config -> {
            BsonDocument changed = ConfigDocuments.withoutVotesOf(config, down);
            connection.write((process, answered) -> process.reconfigure(changed, true, answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome checkForce(List<HostAddress> down, long version) {
        return withVersion(version, config -> {
            boolean changes =
                    ConfigDocuments.changesImplicitDefault(config, ConfigDocuments.withoutVotesOf(config, down));
            return changes
                            && !connection.read(
                                    process -> process.volume().oplog().hasDefaultWriteConcern())
                    ? new Outcome.Failed(-1, "the implicit default write concern would be another one")
                    : new Outcome.Done();
        });
    }

    private Outcome withVersion(long version, Function<BsonDocument, Outcome> write) {
        return attempt(() -> {
            Configuration read = connection.read(SimulatedObservation::member);
            return read.version() == version
                    ? write.apply(read.document())
                    : new Outcome.Stale(
                            "the configuration is version %d now, not %d".formatted(read.version(), version));
        });
    }

    @Override
    public Outcome renameSet(SetRenaming renaming) {
        return attempt(() -> {
            if (!(observe() instanceof LocalMongod.Removed removed)) {
                return new Outcome.Stale("mongod is in a set, or in none");
            }
            boolean isRenamed = removed.replicaSetId().equals(renaming.newId());
            boolean isMeant = removed.replicaSetId().equals(renaming.replicaSetId())
                    && removed.version() == renaming.version()
                    && renaming.hosts().keySet().containsAll(removed.members());
            if (!isRenamed && !isMeant) {
                return new Outcome.Stale("the stored configuration is another one now");
            }
            if (!isRenamed && connection.read(process -> process.volume().isCloneUnfinished())) {
                return new Outcome.Failed(-1, "this member has not finished its clone");
            }
            if (!isRenamed) {
                connection.write((process, answered) -> {
                    process.rename(renaming);
                    answered.accept(CommandReply.DONE);
                });
            }
            shutDown();
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome restart(HostAddress takenForItself) {
        return attempt(() -> {
            if (!observe().knownAs().equals(Optional.of(takenForItself))) {
                return new Outcome.Stale("it takes itself for another member now");
            }
            shutDown();
            return new Outcome.Done();
        });
    }

    private void shutDown() {
        try {
            connection.write((process, answered) -> process.shutDown());
        } catch (NoAnswer e) {
            // It ends without an answer.
        }
    }

    @Override
    public Outcome syncFrom(HostAddress source) {
        if (!(observe() instanceof LocalMongod.InSet set)) {
            return new Outcome.Stale("mongod is not in a set");
        }
        Optional<String> why = set.status().whyNotDirectedTo(source);
        if (why.isPresent()) {
            return new Outcome.Stale(why.get());
        }
        InitialSync before = set.status().initialSync().orElseThrow();
        return attempt(() -> {
            connection.write(
                    (process, answered) -> answered.accept(process.commands().syncFrom(source)));
            Duration deadline = connection.now().plus(REDIRECT_LIMIT);
            while (connection.now().compareTo(deadline) < 0 && !isTakenUp(initialSync(), before, source)) {
                connection.pause(REDIRECT_LOOK);
            }
            return new Outcome.Done();
        });
    }

    private static boolean isTakenUp(Optional<InitialSync> now, InitialSync before, HostAddress source) {
        return now.isEmpty() || now.get().hasTakenUp(source, before);
    }

    private Optional<InitialSync> initialSync() {
        return observe() instanceof LocalMongod.InSet set ? set.status().initialSync() : Optional.empty();
    }

    @Override
    public RootUser compareRootUser(Credentials root) {
        try {
            Optional<Credentials> present =
                    connection.read(process -> process.volume().oplog().user(root.user()));
            if (present.isEmpty()) {
                return RootUser.MISSING;
            }
            // It logs in, with a connection of its own.
            return connection.read(process ->
                            process.volume().oplog().user(root.user()).equals(Optional.of(root)))
                    ? RootUser.AS_THE_FILES_SAY
                    : RootUser.PASSWORD_DIFFERS;
        } catch (NoAnswer e) {
            return RootUser.UNKNOWN;
        }
    }

    @Override
    public Outcome createRootUser(Credentials root) {
        return attempt(() -> {
            connection.write((process, answered) -> process.commands().writeUser(root, true, answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome updateRootPassword(Credentials root) {
        return attempt(() -> {
            connection.write((process, answered) -> process.commands().writeUser(root, false, answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome stepUp() {
        return attempt(() -> {
            connection.write((process, answered) -> process.commands().stepUp(answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Outcome stepDown() {
        return attempt(() -> {
            connection.write((process, answered) -> process.commands().stepDown(UNELECTABLE, CATCH_UP, answered));
            return new Outcome.Done();
        });
    }

    @Override
    public Optional<MongodDetails> details() {
        try {
            return connection.read(SimulatedMongod::detailsOf);
        } catch (NoAnswer e) {
            return Optional.empty();
        }
    }

    private static Optional<MongodDetails> detailsOf(MongodProcess process) {
        Oplog oplog = process.volume().oplog();
        return Optional.of(
                oplog.isEmpty()
                        ? new MongodDetails("8.2.0", "", Optional.empty(), OptionalLong.empty(), OptionalLong.empty())
                        : new MongodDetails(
                                "8.2.0",
                                "8.2",
                                Optional.of(Duration.ofSeconds(
                                        oplog.last().seconds() - oplog.first().seconds())),
                                OptionalLong.of(oplog.size() * 200L),
                                OptionalLong.of(1_000_000_000)));
    }

    private interface Attempt {
        Outcome run();
    }

    private static Outcome attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (NoAnswer e) {
            return switch (e.code()) {
                case CommandReply.ALREADY_INITIALIZED -> new Outcome.Stale("the set is initiated already");
                case CommandReply.USER_EXISTS -> new Outcome.Stale("the user exists already");
                case CommandReply.NOT_WRITABLE_PRIMARY ->
                    new Outcome.Stale("the member is not a primary that takes writes");
                default -> new Outcome.Failed(e.code(), e.words());
            };
        }
    }

    @Override
    public void close() {
        onClose.run();
    }
}
