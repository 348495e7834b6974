package dev.muster.playground;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Connector;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.Outcome;
import dev.muster.plan.ConfigChange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bson.Document;

/** The mongods of one case, and the connections to them by which the case speaks; all closed with it. */
final class ContractMembers implements AutoCloseable {
    static final String SET_NAME = "rs0";
    static final String KEY = "YSBrZXkgZm9yIHRoZSBjb250cmFjdCBzdWl0ZSBvbmx5";
    static final String OTHER_KEY = "YW5vdGhlciBrZXkgdGhhdCBubyBtb25nb2QgaGFz";
    /** What {@code observeAsPeer} is told, to be found again in what it does not know. */
    static final Duration UNKNOWN_FOR = Duration.ofSeconds(77);

    private final Fleet fleet;
    private final Deque<Runnable> closing = new ArrayDeque<>();

    ContractMembers(Fleet fleet) {
        this.fleet = fleet;
    }

    Fleet fleet() {
        return fleet;
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

    private static void awaitAnswer(Mongod mongod) {
        Poll.until("mongod answers", () -> !(mongod.observe() instanceof LocalMongod.Unreachable));
    }

    /** A connection with the right set name and key. */
    Mongod open(int member) {
        return open(member, SET_NAME, Optional.of(KEY));
    }

    Mongod open(int member, String setName, Optional<String> key) {
        return open(member, setName, key, () -> {});
    }

    Mongod open(int member, String setName, Optional<String> key, Runnable onChange) {
        Mongod mongod = new Connector(setName, key, (_, _) -> {}).local(fleet.address(member), _ -> onChange.run());
        closing.push(mongod::close);
        return mongod;
    }

    /** A connection as another pod's sidecar has it: under the member's name, at an address that DNS gave. */
    Mongod asPeer(int member, Optional<String> key) {
        HostAddress address = fleet.address(member);
        HostAddress named = new HostAddress(Fleet.host(member).host(), address.port());
        try {
            Mongod mongod = new Connector(SET_NAME, key, (_, _) -> {})
                    .peer(named, List.of(InetAddress.getByName(address.host())));
            closing.push(mongod::close);
            return mongod;
        } catch (UnknownHostException e) {
            throw new AssertionError(address + " is an address", e);
        }
    }

    Mongod asPeer(int member) {
        return asPeer(member, Optional.of(KEY));
    }

    /** A set of member 0 alone, which is PRIMARY of a committed configuration. */
    Mongod formed() {
        Mongod mongod = started(0);
        done(mongod.initiate(SET_NAME, Fleet.host(0)));
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

    /** One change upon the configuration that there is, which must take effect; waits until it is committed. */
    SetConfig change(Mongod primary, ConfigChange change) {
        SetConfig before = committed(primary);
        done(primary.reconfigure(change, before.version(), before.term()));
        return committed(primary);
    }

    /** The configuration, once the primary says that it is committed. */
    static SetConfig committed(Mongod primary) {
        return Poll.untilPresent(
                "the primary's configuration is committed",
                () -> primary.observe() instanceof LocalMongod.InSet set
                                && set.config().committed()
                        ? Optional.of(set.config())
                        : Optional.empty());
    }

    static LocalMongod.InSet inState(Mongod mongod, MemberState state) {
        return Poll.untilPresent(
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

    /** What the server itself has, read by a client of the test's own. */
    Document configOnServer(int member) {
        return client(member)
                .getDatabase("admin")
                .runCommand(new Document("replSetGetConfig", 1))
                .get("config", Document.class);
    }

    /** Changes the configuration as a person does. */
    void reconfigureByHand(int member, UnaryOperator<Document> edit) {
        Document config = edit.apply(configOnServer(member));
        config.put("version", config.getInteger("version") + 1);
        client(member).getDatabase("admin").runCommand(new Document("replSetReconfig", config));
    }

    private MongoClient client(int member) {
        HostAddress address = fleet.address(member);
        MongoClient client = MongoClients.create(MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress(address.host(), address.port())))
                                .mode(ClusterConnectionMode.SINGLE))
                .credential(MongoCredential.createScramSha256Credential("__system", "local", KEY.toCharArray()))
                .build());
        closing.push(client::close);
        return client;
    }

    /** Connections last: one to a mongod that the case froze would wait for it. */
    @Override
    public void close() {
        fleet.close();
        closing.forEach(Runnable::run);
    }
}
