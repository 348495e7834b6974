package dev.muster.contract;

import dev.muster.model.HostAddress;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PortWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * Fresh mongods for one case of the {@link MongodContract}, numbered from 0, and everything by which a case deals with
 * them: connections, a client of its own, and time. None runs at first. Closing it ends and forgets them, and fails if one
 * crashed.
 */
public interface Fleet extends AutoCloseable {
    /** How many there are. */
    int MEMBERS = 3;

    /**
     * How a mongod is started.
     *
     * @param setName its {@code --replSet}; without one it can be no member
     * @param key the content of its {@code --keyFile}; without one it wants no authentication
     * @param sourcePreference its {@code initialSyncSourceReadPreference}; the server's default for {@code ANY}
     */
    record Launch(Optional<String> setName, Optional<String> key, SourcePreference sourcePreference) {
        public Launch(Optional<String> setName, Optional<String> key) {
            this(setName, key, SourcePreference.ANY);
        }

        /** The options of {@code mongod} that it takes beyond set name and keyfile. */
        public List<String> parameters() {
            return switch (sourcePreference) {
                case ANY -> List.of();
                case SECONDARY_PREFERRED ->
                    List.of("--setParameter", "initialSyncSourceReadPreference=secondaryPreferred");
                case SECONDARY_ONLY -> List.of("--setParameter", "initialSyncSourceReadPreference=secondary");
            };
        }
    }

    /** Starts a mongod on the data that it had, if it ran before. Does not wait until it answers. */
    void start(int member, Launch launch);

    /** SIGKILL. The data stays. */
    void kill(int member);

    /** Whether its process is gone, after a kill or by itself. Only then it can be started again. */
    boolean hasEnded(int member);

    /** Takes the data away from one that was killed. */
    void wipe(int member);

    /** It keeps its connections and answers nothing, until it is killed or thawed. */
    void freeze(int member);

    void thaw(int member);

    /** Says that what the case does makes this mongod crash. */
    void expectCrash(int member);

    /** Where the test reaches it. The same for the whole case, whether it runs or not. */
    HostAddress address(int member);

    /** A connection as the sidecar beside it has it. */
    Mongod local(int member, String setName, Optional<String> key, Runnable onChange);

    /** A connection as another pod's sidecar has it: under the member's name, at an address that DNS gave. */
    Mongod peer(int member, String setName, Optional<String> key);

    /**
     * A watch over its port as another pod's sidecar has it.
     *
     * @param onEnded told when its process has ended
     */
    PortWatch watch(int member, Runnable onEnded);

    /** The configuration that the server has, as a person reads it. The server must be a member. */
    BsonDocument configOnServer(int member);

    /**
     * The same as it is on disk, with the mark of new voters that the server shows nobody; empty where it has none, and
     * perhaps at an arbiter, which can be read by nobody.
     */
    Optional<BsonDocument> storedConfig(int member);

    /**
     * What a server says to a command.
     *
     * @param code its error code; 0 where it did as told
     */
    record Answer(int code, String message) {
        public boolean isDone() {
            return code == 0;
        }
    }

    /** A command as an operator sends it who has the keyfile. */
    Answer command(int member, BsonDocument command);

    /** {@code replSetInitiate} as an operator sends it; the server's code, 0 where it did so. */
    default int initiateByHand(int member, BsonDocument config) {
        return command(member, new BsonDocument("replSetInitiate", config)).code();
    }

    /** {@code setDefaultRWConcern} as an operator sends it to a primary: writes are for a majority, as is the default. */
    default void setDefaultWriteConcern(int member) {
        BsonDocument majority = new BsonDocument("w", new BsonString("majority"));
        command(
                member,
                new BsonDocument("setDefaultRWConcern", new BsonInt32(1)).append("defaultWriteConcern", majority));
    }

    /** {@code replSetReconfig} as a person sends it; the server's code, 0 where it did so. */
    default int reconfigureByHand(int member, BsonDocument config, boolean force) {
        return command(member, new BsonDocument("replSetReconfig", config).append("force", BsonBoolean.valueOf(force)))
                .code();
    }

    /** {@code replSetSyncFrom} as an operator sends it; the server's code, 0 where it did so. */
    default int syncFromByHand(int member, HostAddress source) {
        return command(member, new BsonDocument("replSetSyncFrom", new BsonString(source.toString())))
                .code();
    }

    /** Has an application write something, and not wait for other members. A standalone takes it too. */
    void write(int member, long id);

    /** {@code createUser} in {@code admin}, as an operator sends it to a standalone. */
    void createUser(int member, String name);

    /** Whether that write is there. The server must be a standalone, or a member that can be read. */
    boolean holds(int member, long id);

    /** Since some beginning. */
    Duration now();

    /** Lets time pass. */
    void pass(Duration time);

    /** Has all of them done at the same time, and waits for their results. */
    <T> List<T> atOnce(List<Supplier<T>> all);

    /** The name by which the mongods find it. */
    static HostAddress host(int member) {
        return new HostAddress("mongo-%d.contract.example".formatted(member), HostAddress.DEFAULT_PORT);
    }

    /** Another name for the same mongod. */
    static HostAddress secondHost(int member) {
        return new HostAddress("renamed-%d.contract.example".formatted(member), HostAddress.DEFAULT_PORT);
    }

    @Override
    void close();
}
