package dev.muster.playground;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoQueryException;
import com.mongodb.ReadPreference;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import dev.muster.contract.Fleet;
import dev.muster.model.HostAddress;
import dev.muster.mongo.Connector;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PortWatch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.Document;

/** What is common to all {@link Fleet}s of real mongods: the driver, and real time. */
abstract class RealFleet implements Fleet {
    /** More than any command of a case may take. */
    private static final int LIMIT_SECONDS = 20;
    /** What an arbiter answers to any read. */
    private static final int UNAUTHORIZED = 13;
    /** {@code MaxTimeMSExpired}: the server gives up at the same time, but does not always say so. */
    private static final int TIME_LIMIT = 50;

    private final Map<Integer, Launch> launches = new TreeMap<>();
    private final Map<Integer, MongoClient> clients = new TreeMap<>();

    @Override
    public final void start(int member, Launch launch) {
        disconnect(member);
        launches.put(member, launch);
        launch(member, launch);
    }

    abstract void launch(int member, Launch launch);

    @Override
    public Mongod local(int member, String setName, Optional<String> key, Runnable onChange) {
        return new Connector(setName, key, (_, _) -> {}).local(address(member), _ -> onChange.run(), onChange);
    }

    @Override
    public Mongod peer(int member, String setName, Optional<String> key) {
        return new Connector(setName, key, (_, _) -> {}).peer(named(member), addresses(member));
    }

    @Override
    public PortWatch watch(int member, Runnable onEnded) {
        return new Connector("", Optional.empty(), (_, _) -> {})
                .watcher(onEnded)
                .watch(named(member), addresses(member));
    }

    private HostAddress named(int member) {
        return new HostAddress(Fleet.host(member).host(), address(member).port());
    }

    private List<InetAddress> addresses(int member) {
        HostAddress address = address(member);
        try {
            return List.of(InetAddress.getByName(address.host()));
        } catch (UnknownHostException e) {
            throw new AssertionError(address + " is an address", e);
        }
    }

    @Override
    public BsonDocument configOnServer(int member) {
        return ask(
                member,
                client -> client.getDatabase("admin")
                        .runCommand(new BsonDocument("replSetGetConfig", new BsonInt32(1)), BsonDocument.class)
                        .getDocument("config"));
    }

    @Override
    public Optional<BsonDocument> storedConfig(int member) {
        return ask(member, client -> {
            try {
                return Optional.ofNullable(client.getDatabase("local")
                        .getCollection("system.replset", BsonDocument.class)
                        .withReadPreference(ReadPreference.nearest())
                        .find()
                        .first());
            } catch (MongoQueryException e) {
                if (e.getErrorCode() == UNAUTHORIZED) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Answer command(int member, BsonDocument command) {
        return ask(member, client -> {
            try {
                client.getDatabase("admin")
                        .withTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .runCommand(command);
                return new Answer(0, "");
            } catch (MongoCommandException e) {
                return new Answer(e.getErrorCode(), e.getErrorMessage());
            } catch (MongoOperationTimeoutException e) {
                return new Answer(TIME_LIMIT, "nothing within %d s".formatted(LIMIT_SECONDS));
            }
        });
    }

    @Override
    public void write(int member, long id) {
        // Journaled, so that a kill does not take it away.
        ask(
                member,
                client -> client.getDatabase("contract")
                        .getCollection("writes")
                        .withWriteConcern(WriteConcern.W1.withJournal(true))
                        .insertOne(new Document("_id", id)));
    }

    @Override
    public void createUser(int member, String name) {
        ask(
                member,
                client -> client.getDatabase("admin")
                        .runCommand(new Document("createUser", name)
                                .append("pwd", "of no matter")
                                .append("roles", List.of("root"))
                                .append("writeConcern", new Document("w", 1).append("j", true))));
    }

    @Override
    public boolean holds(int member, long id) {
        while (true) {
            try {
                return ask(
                        member,
                        client -> client.getDatabase("contract")
                                        .getCollection("writes")
                                        .withReadPreference(ReadPreference.nearest())
                                        .countDocuments(new BsonDocument("_id", new BsonInt64(id)))
                                > 0);
            } catch (MongoNodeIsRecoveringException e) {
                // It rolls back: nothing can be read for a moment.
                pass(Duration.ofMillis(20));
            }
        }
    }

    /** By a client of the test, as nothing in the contract may depend on that of the port. */
    private <T> T ask(int member, Function<MongoClient, T> question) {
        return question.apply(clients.computeIfAbsent(member, this::connect));
    }

    private MongoClient connect(int member) {
        HostAddress address = address(member);
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress(address.host(), address.port())))
                                .mode(ClusterConnectionMode.SINGLE))
                // A member that just changed its state is to be asked again at once.
                .applyToServerSettings(server -> server.minHeartbeatFrequency(10, TimeUnit.MILLISECONDS));
        Optional.ofNullable(launches.get(member))
                .flatMap(Launch::key)
                .ifPresent(key -> settings.credential(
                        MongoCredential.createScramSha256Credential("__system", "local", key.toCharArray())));
        return MongoClients.create(settings.build());
    }

    /** A process that is started is another one than before. */
    private void disconnect(int member) {
        Optional.ofNullable(clients.remove(member)).ifPresent(MongoClient::close);
    }

    @Override
    public Duration now() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public <T> List<T> atOnce(List<Supplier<T>> all) {
        return all.stream().map(CompletableFuture::supplyAsync).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    @Override
    public final void close() {
        // First: the connection to a mongod that is frozen would wait for it.
        end();
        List.copyOf(clients.keySet()).forEach(this::disconnect);
    }

    /** Ends and forgets all processes. */
    abstract void end();
}
