package dev.muster.contract.fuzz;

import dev.muster.contract.ContractMembers;
import dev.muster.contract.Fleet;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.mongo.Mongod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** One of the two sides: a fleet that is brought to a {@link Base} and gets the operations. */
final class Subject {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    /** For what takes an election, or a start on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A forced version is greater by at least that. */
    private static final int LEAP = 10_000;

    /** There must be room for some leaps below the server's limit, 2,147,483,647. */
    private static final int HIGHEST_VERSION = 2_000_000_000;

    private final String name;
    private final Fleet fleet;
    private final List<Mongod> mongods = new ArrayList<>();
    private Optional<Base.Stage> stage = Optional.empty();

    Subject(String name, Fleet fleet) {
        this.name = name;
        this.fleet = fleet;
    }

    String name() {
        return name;
    }

    /** Has the set be as that base is, whatever it was before. {@link #level} comes after it. */
    void bring(Base base) {
        boolean isMade =
                stage.equals(Optional.of(base.stage())) && !base.stage().isMadeEachTime();
        if (!isMade || newestVersion() > HIGHEST_VERSION || !forcedTo(base)) {
            make(base);
        }
    }

    private void make(Base base) {
        make(base.stage());
        if (base != Base.EMPTY && !forcedTo(base)) {
            throw new AssertionError("%s: cannot be brought to %s: %s".formatted(name, base, told()));
        }
    }

    /** Three empty members, and a set of them. */
    private void make(Base.Stage made) {
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            if (stage.isPresent()) {
                fleet.kill(member);
                fleet.wipe(member);
            }
            fleet.start(
                    member, new Fleet.Launch(Optional.of(ContractMembers.SET_NAME), Optional.of(ContractMembers.KEY)));
        }
        close();
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            Mongod mongod = fleet.local(member, ContractMembers.SET_NAME, Optional.of(ContractMembers.KEY), () -> {});
            mongods.add(mongod);
            await("it answers", () -> !(mongod.observe() instanceof LocalMongod.Unreachable));
        }
        stage = Optional.of(made);
        Base first = made.bases().getFirst();
        if (made == Base.Stage.EMPTY) {
            return;
        }
        BsonDocument config = first.config();
        // An election among several waits for that.
        config.getDocument("settings").put("electionTimeoutMillis", new BsonInt32(1000));
        await("it is initiated", () -> fleet.initiateByHand(0, config) == 0);
        await("it has settled", this::isSettled);
        if (made == Base.Stage.ARBITER_AND_DEFAULT) {
            fleet.setDefaultWriteConcern(primary().orElseThrow());
        }
    }

    /** By force, as this needs no majority. */
    private boolean forcedTo(Base base) {
        BsonDocument config = base.config();
        return becomes(() -> {
                    config.put("version", new BsonInt32(newestVersion() + 1));
                    return fleet.reconfigureByHand(0, config, true) == 0;
                })
                && (mongods.getFirst().observe().isPrimary() || steppedUp());
    }

    /** Once more without force, as a forced configuration has no term; and as that version, to be level with the other. */
    void level(Base base, int version) {
        if (!leveled(base, version)) {
            make(base);
            if (!leveled(base, version)) {
                throw new AssertionError("%s: does not settle as %s: %s".formatted(name, base, told()));
            }
        }
    }

    private boolean leveled(Base base, int version) {
        BsonDocument config = base.config();
        config.put("version", new BsonInt32(version));
        return becomes(() -> fleet.reconfigureByHand(0, config, false) == 0) && becomes(this::isSettled);
    }

    int newestVersion() {
        int newest = 0;
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            newest = Math.max(
                    newest, fleet.storedConfig(member).map(Subject::version).orElse(0));
        }
        return newest;
    }

    private boolean steppedUp() {
        return becomes(() -> {
            Mongod first = mongods.getFirst();
            first.stepUp();
            return first.observe().isPrimary();
        });
    }

    /** The configuration that a member has; an empty document where it has none. */
    BsonDocument config(int member) {
        return fleet.storedConfig(member).orElseGet(BsonDocument::new);
    }

    /** Puts an operation to the member for which it is. */
    Fleet.Answer put(Operation operation) {
        return fleet.command(operation.member(), operation.command(shown(config(operation.member()))));
    }

    private static BsonDocument shown(BsonDocument stored) {
        BsonDocument shown = stored.clone();
        if (shown.containsKey("members")) {
            shown.getArray("members").forEach(member -> member.asDocument().remove("newlyAdded"));
        }
        return shown;
    }

    /**
     * The configuration that a member has, in a form in which two sets can be compared: by how much the version has
     * grown, whether the term is the current one, and whether the id of the set is the same as before.
     */
    BsonDocument comparable(int member, BsonDocument before) {
        BsonDocument config = config(member);
        if (config.isEmpty()) {
            return config;
        }
        int more = version(config) - (before.isEmpty() ? 0 : version(before));
        config.put("version", new BsonString(more > LEAP ? "forced" : "+" + more));
        if (config.containsKey("term")) {
            long current = mongods.get(member).observe() instanceof LocalMongod.InSet set
                    ? set.status().term()
                    : -1;
            long term = config.getNumber("term").longValue();
            config.put("term", new BsonString(term == current ? "current" : "not current"));
        }
        BsonDocument settings = config.getDocument("settings");
        BsonValue id = settings.getOrDefault("replicaSetId", BsonBoolean.FALSE);
        boolean isSame =
                !before.isEmpty() && id.equals(before.getDocument("settings").get("replicaSetId"));
        settings.put("replicaSetId", new BsonString(isSame ? "the same" : "new"));
        return config;
    }

    private static int version(BsonDocument config) {
        return config.getNumber("version").intValue();
    }

    private Optional<Integer> primary() {
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            if (mongods.get(member).observe().isPrimary()) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** Whether this side comes to rest soon, so that the next operation meets the same on both. */
    boolean settles(Duration patience) {
        return becomes(patience, this::isSettled);
    }

    /**
     * A primary whose configuration is committed and that all members have which run, each in service; and none of
     * them still waits for its vote.
     */
    private boolean isSettled() {
        Optional<Integer> primary = primary();
        if (primary.isEmpty()
                || !(mongods.get(primary.get()).observe() instanceof LocalMongod.InSet set)
                || !set.config().committed()) {
            return false;
        }
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            Optional<MemberStatus> seen = statusOf(member, set);
            boolean isBehind = seen.isPresent()
                    && !(seen.get().healthy()
                            && seen.get().state().isInService()
                            && mongods.get(member).observe() instanceof LocalMongod.InSet its
                            && its.status().myState() == seen.get().state()
                            && its.config().version() == set.config().version()
                            && its.config().term() == set.config().term());
            // One that was removed learns of it, and from then on nothing more.
            boolean isUnaware = seen.isEmpty() && isNamed(member, config(member));
            if (isBehind || isUnaware) {
                return false;
            }
        }
        BsonDocument config = config(primary.get());
        // Otherwise one has just got its vote.
        return version(config) == set.config().version()
                && config.getArray("members").stream()
                        .map(BsonValue::asDocument)
                        .noneMatch(member -> member.containsKey("newlyAdded") && isRunning(member));
    }

    private static boolean isRunning(BsonDocument member) {
        HostAddress host = HostAddress.parse(member.getString("host").getValue());
        return IntStream.range(0, Fleet.MEMBERS)
                .anyMatch(number -> host.equals(Fleet.host(number)) || host.equals(Fleet.secondHost(number)));
    }

    private static boolean isNamed(int member, BsonDocument config) {
        List<String> hosts =
                List.of(Fleet.host(member).toString(), Fleet.secondHost(member).toString());
        return !config.isEmpty()
                && config.getArray("members").stream()
                        .anyMatch(named -> hosts.contains(
                                named.asDocument().getString("host").getValue()));
    }

    private static Optional<MemberStatus> statusOf(int member, LocalMongod.InSet set) {
        return set.status().member(Fleet.host(member)).or(() -> set.status().member(Fleet.secondHost(member)));
    }

    /** What each member is now. */
    String told() {
        StringBuilder told = new StringBuilder();
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            LocalMongod seen = mongods.get(member).observe();
            told.append("%n  %d: %s, %s"
                    .formatted(
                            member,
                            seen.memberState().map(Enum::toString).orElseGet(seen::words),
                            config(member).toJson()));
        }
        return told.toString();
    }

    void pass(Duration time) {
        fleet.pass(time);
    }

    private void await(String sentence, BooleanSupplier isSo) {
        if (!becomes(isSo)) {
            throw new AssertionError("%s: not within %d s: %s".formatted(name, PATIENCE.toSeconds(), sentence));
        }
    }

    private boolean becomes(BooleanSupplier isSo) {
        return becomes(PATIENCE, isSo);
    }

    private boolean becomes(Duration patience, BooleanSupplier isSo) {
        Duration deadline = fleet.now().plus(patience);
        while (!isSo.getAsBoolean()) {
            if (fleet.now().compareTo(deadline) > 0) {
                return false;
            }
            fleet.pass(BETWEEN_LOOKS);
        }
        return true;
    }

    /** Closes the connections. */
    void close() {
        mongods.forEach(Mongod::close);
        mongods.clear();
    }
}
