package dev.muster.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import dev.muster.model.HostAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** Commands to one {@code mongod}, each with a time limit. Refused commands are counted. Thread-safe. */
final class Admin implements AutoCloseable {
    /** A status takes a millisecond. A mongod that takes longer than this does not answer at all. */
    static final Duration READ_LIMIT = Duration.ofSeconds(2);

    /** A reconfiguration waits for a majority of the voters. The driver sends this as {@code maxTimeMS}. */
    static final Duration WRITE_LIMIT = Duration.ofSeconds(10);

    private final HostAddress address;
    private final MongoClient client;
    private final ObjIntConsumer<String> onError;

    /**
     * Commands through a client, which is closed with this.
     *
     * @param onError told the command's name and the server's code of each refused command
     */
    Admin(HostAddress address, MongoClient client, ObjIntConsumer<String> onError) {
        this.address = address;
        this.client = client;
        this.onError = onError;
    }

    HostAddress address() {
        return address;
    }

    /** Runs a command that reads. */
    BsonDocument read(BsonDocument command) {
        return run(command, READ_LIMIT);
    }

    BsonDocument read(String command) {
        return read(new BsonDocument(command, new BsonInt32(1)));
    }

    /** Runs a command that changes something. */
    BsonDocument write(BsonDocument command) {
        return run(command, WRITE_LIMIT);
    }

    private BsonDocument run(BsonDocument command, Duration limit) {
        MongoDatabase admin = client.getDatabase("admin").withTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return admin.runCommand(command, BsonDocument.class);
        } catch (MongoCommandException e) {
            // Not errors: an empty member answers so in every cycle.
            ServerError error = ServerError.of(e);
            if (error != ServerError.NOT_YET_INITIALIZED && error != ServerError.INVALID_REPLICA_SET_CONFIG) {
                onError.accept(command.getFirstKey(), e.getErrorCode());
            }
            throw e;
        }
    }

    /** The configuration stored on disk. Empty members have none, whatever they answer while they start. */
    @Nullable
    BsonDocument storedConfig() {
        return client.getDatabase("local")
                .withTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getCollection("system.replset", BsonDocument.class)
                .find()
                .first();
    }

    /**
     * Replaces the configuration stored on disk, which {@code mongod} reads when it starts. MongoDB's manual does so too, in
     * "Change hostnames in a self-managed replica set", where all members are stopped at once.
     */
    void replaceStoredConfig(BsonDocument config) {
        BsonDocument update = new BsonDocument("q", new BsonDocument("_id", config.get("_id"))).append("u", config);
        BsonDocument reply = client.getDatabase("local")
                .withTimeout(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .runCommand(
                        new BsonDocument("update", new BsonString("system.replset"))
                                .append("updates", new BsonArray(List.of(update))),
                        BsonDocument.class);
        if (reply.getNumber("n", new BsonInt32(0)).intValue() != 1) {
            throw new MongoException("the stored configuration was not replaced: " + reply.toJson());
        }
    }

    /** Whether an initial sync began and has not ended, as the server itself keeps it on disk. */
    boolean isCloneUnfinished() {
        BsonDocument progress = client.getDatabase("local")
                .withTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getCollection("replset.minvalid", BsonDocument.class)
                .find()
                .first();
        return progress != null
                && progress.getBoolean("doingInitialSync", BsonBoolean.FALSE).getValue();
    }

    /** Ends {@code mongod}, which closes the connection in place of an answer. */
    void shutDown() {
        try {
            BsonDocument _ =
                    write(new BsonDocument("shutdown", new BsonInt32(1)).append("timeoutSecs", new BsonInt32(1)));
        } catch (MongoSocketException e) {
            // It has ended, or is about to.
        }
    }

    /** The newest or the oldest entry of the oplog. */
    @Nullable
    BsonDocument oplogEntry(boolean newest) {
        return client.getDatabase("local")
                .withTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getCollection("oplog.rs", BsonDocument.class)
                .find()
                .projection(new BsonDocument("ts", new BsonInt32(1)))
                .sort(new BsonDocument("$natural", new BsonInt32(newest ? -1 : 1)))
                .first();
    }

    BsonDocument oplogStats() {
        return readLocal(new BsonDocument("collStats", new BsonString("oplog.rs")));
    }

    /** How much the database {@code local} holds, the only one that can be read on a member without a configuration. */
    BsonDocument localStats() {
        return readLocal(new BsonDocument("dbStats", new BsonInt32(1)));
    }

    private BsonDocument readLocal(BsonDocument command) {
        return client.getDatabase("local")
                .withTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .runCommand(command, BsonDocument.class);
    }

    /** When and on which host a mongod was first started on this data, as far back as its log of starts goes. */
    @Nullable
    BsonDocument oldestStart() {
        return client.getDatabase("local")
                .withTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getCollection("startup_log", BsonDocument.class)
                .find()
                .sort(new BsonDocument("$natural", new BsonInt32(1)))
                .first();
    }

    @Override
    public void close() {
        client.close();
    }
}
