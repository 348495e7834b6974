package dev.muster.contract;

import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** The mongods of one case, and the connections to them by which the case speaks; all closed with it. */
public final class ContractMembers implements AutoCloseable {
    public static final String SET_NAME = "rs0";
    public static final String KEY = "YSBrZXkgZm9yIHRoZSBjb250cmFjdCBzdWl0ZSBvbmx5";
    static final String OTHER_KEY = "YW5vdGhlciBrZXkgdGhhdCBubyBtb25nb2QgaGFz";
    /** What a mongod is seen to be before it is initiated. */
    static final LocalMongod EMPTY = new LocalMongod.NotYetInitialized();
    /** What {@code observeAsPeer} is told, to be found again in what it does not know. */
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(77);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final Fleet fleet;
    private final Deque<Runnable> closing = new ArrayDeque<>();

    ContractMembers(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The mongods themselves. */
    public Fleet fleet() {
        return fleet;
    }

    /** Looks again and again until something is so; fails after half a minute. */
    void until(String sentence, BooleanSupplier isSo) {
        untilPresent(sentence, () -> isSo.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** The first value that is there. */
    <T> T untilPresent(String sentence, Supplier<Optional<T>> value) {
        Duration deadline = fleet.now().plus(PATIENCE);
        while (true) {
            Optional<T> present = value.get();
            if (present.isPresent()) {
                return present.get();
            }
            if (fleet.now().compareTo(deadline) > 0) {
                throw new AssertionError("not within %d s: %s".formatted(PATIENCE.toSeconds(), sentence));
            }
            fleet.pass(BETWEEN_LOOKS);
        }
    }

    /** Started as a member of the set with its keyfile, and answering. */
    Mongod started(int member) {
        start(member);
        return answering(member);
    }

    void start(int member) {
        fleet.start(member, new Fleet.Launch(Optional.of(SET_NAME), Optional.of(KEY)));
    }

    /** Started so, and answering whoever connects. */
    void start(int member, Optional<String> setName, Optional<String> key) {
        fleet.start(member, new Fleet.Launch(setName, key));
        awaitAnswer(open(member, SET_NAME, key));
    }

    private Mongod answering(int member) {
        Mongod mongod = open(member);
        awaitAnswer(mongod);
        return mongod;
    }

    void awaitAnswer(Mongod mongod) {
        until("mongod answers", () -> !(mongod.observe() instanceof LocalMongod.Unreachable));
    }

    /** A connection with the right set name and key. */
    Mongod open(int member) {
        return open(member, SET_NAME, Optional.of(KEY));
    }

    Mongod open(int member, String setName, Optional<String> key) {
        return open(member, setName, key, () -> {});
    }

    Mongod open(int member, String setName, Optional<String> key, Runnable onChange) {
        Mongod mongod = fleet.local(member, setName, key, onChange);
        closing.push(mongod::close);
        return mongod;
    }

    /** A connection as another pod's sidecar has it. */
    Mongod asPeer(int member, Optional<String> key) {
        Mongod mongod = fleet.peer(member, SET_NAME, key);
        closing.push(mongod::close);
        return mongod;
    }

    Mongod asPeer(int member) {
        return asPeer(member, Optional.of(KEY));
    }

    /** A set of member 0 alone, which is PRIMARY of a committed configuration. */
    public Mongod formed() {
        Mongod mongod = started(0);
        done(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY));
        // The server calls it PRIMARY before it takes writes; its configuration gets the term when it does.
        committed(mongod);
        return mongod;
    }

    /** Adds a running member to the set, without a vote, and waits until it is SECONDARY. */
    Mongod joined(Mongod primary, int member) {
        Mongod mongod = started(member);
        change(primary, new ConfigChange.Add(member, Fleet.host(member)));
        inState(mongod, MemberState.SECONDARY);
        return mongod;
    }

    /** Adds a running member to the set, and gives it its vote. */
    Mongod voting(Mongod primary, int member) {
        Mongod mongod = joined(primary, member);
        change(primary, new ConfigChange.Promote(Fleet.host(member)));
        return mongod;
    }

    /** One change upon the configuration that there is, which must take effect; waits until it is committed. */
    SetConfig change(Mongod primary, ConfigChange change) {
        SetConfig before = committed(primary);
        done(primary.reconfigure(change, before.version(), before.term()));
        return committed(primary);
    }

    /** The configuration, once the primary says that it is committed. */
    SetConfig committed(Mongod primary) {
        return untilPresent(
                "the primary's configuration is committed",
                () -> primary.observe() instanceof LocalMongod.InSet set
                                && set.config().committed()
                        ? Optional.of(set.config())
                        : Optional.empty());
    }

    LocalMongod.InSet inState(Mongod mongod, MemberState state) {
        return untilPresent(
                "it is " + state,
                () -> mongod.observe() instanceof LocalMongod.InSet set
                                && set.status().myState() == state
                        ? Optional.of(set)
                        : Optional.empty());
    }

    static LocalMongod.InSet inSet(Mongod mongod) {
        return switch (mongod.observe()) {
            case LocalMongod.InSet set -> set;
            case LocalMongod other -> throw new AssertionError("not in a set: " + other);
        };
    }

    static void done(Outcome outcome) {
        if (!(outcome instanceof Outcome.Done)) {
            throw new AssertionError("not done: " + outcome);
        }
    }

    /** Changes the configuration as a person does; the server's code, 0 where it did so. */
    int reconfigureByHand(int member, boolean force, Consumer<BsonDocument> edit) {
        BsonDocument config = fleet.configOnServer(member);
        edit.accept(config);
        config.put("version", new BsonInt32(config.getNumber("version").intValue() + 1));
        return fleet.reconfigureByHand(member, config, force);
    }

    /** Connections last: one to a mongod that the case froze would wait for it. */
    @Override
    public void close() {
        try {
            fleet.close();
        } finally {
            closing.forEach(Runnable::run);
        }
    }
}
