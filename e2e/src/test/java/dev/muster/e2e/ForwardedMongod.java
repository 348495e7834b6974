package dev.muster.e2e;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ReadPreference;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.connection.ClusterConnectionMode;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bson.Document;

/** One member's mongod, spoken to directly through a port-forward. */
final class ForwardedMongod implements AutoCloseable {
    private static final int PORT = 27017;

    private final LocalPortForward forward;
    private final MongoClient client;

    /** As the internal user of the keyfile. */
    ForwardedMongod(String namespace, String pod, String key) {
        this(
                namespace,
                pod,
                settings -> settings.credential(
                        MongoCredential.createScramSha256Credential("__system", "local", key.toCharArray())));
    }

    private ForwardedMongod(String namespace, String pod, Consumer<MongoClientSettings.Builder> more) {
        forward = Cluster.client().pods().inNamespace(namespace).withName(pod).portForward(PORT);
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress("127.0.0.1", forward.getLocalPort())))
                                .mode(ClusterConnectionMode.SINGLE)
                                .serverSelectionTimeout(10, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.readTimeout(20, TimeUnit.SECONDS))
                // The driver would retry also in the local database, which the server refuses.
                .retryWrites(false);
        more.accept(settings);
        client = MongoClients.create(settings.build());
    }

    /** Of a mongod without authentication, which may not accept connections yet: it is tried again after that time. */
    static ForwardedMongod withoutKey(String namespace, String pod, Duration tryAgain) {
        return new ForwardedMongod(
                namespace,
                pod,
                settings -> settings.applyToServerSettings(
                        server -> server.minHeartbeatFrequency(tryAgain.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** The id in the configuration that this member keeps on its volume; nothing when it has none. */
    Optional<String> replicaSetId() {
        return Optional.ofNullable(client.getDatabase("local")
                        .getCollection("system.replset")
                        .find()
                        .first())
                .map(config -> config.get("settings", Document.class))
                .map(settings -> settings.getObjectId("replicaSetId"))
                .map(id -> id.toHexString());
    }

    /** The configuration that this member has in use. */
    Document config() {
        return admin(new Document("replSetGetConfig", 1)).get("config", Document.class);
    }

    Document admin(Document command) {
        return client.getDatabase("admin").runCommand(command);
    }

    /** Lets this member become the primary; refused while it is staler than the present one, and tried again. */
    void stepUp() {
        admin(new Document("replSetStepUp", 1));
    }

    /** Data that has to be there for ever: {@code count} documents, on a majority. */
    void writeMarkers(int count) {
        List<Document> documents = IntStream.range(0, count)
                .mapToObj(id -> new Document("_id", id).append("marker", "kept"))
                .toList();
        markers().withWriteConcern(WriteConcern.MAJORITY).insertMany(documents);
    }

    /** How many of them this very member has. */
    long countMarkers() {
        return markers().withReadPreference(ReadPreference.secondaryPreferred()).countDocuments();
    }

    private MongoCollection<Document> markers() {
        return client.getDatabase("e2e").getCollection("markers");
    }

    /** One document of a database that is never replicated: readable in every state of a member. */
    void putLocal(Document document) {
        client.getDatabase("local").getCollection("e2e").insertOne(document);
    }

    Optional<Document> getLocal() {
        return Optional.ofNullable(
                client.getDatabase("local").getCollection("e2e").find().first());
    }

    /** The last entry of the oplog: it changes with whatever is done to the data. */
    Document lastOplogEntry() {
        return Objects.requireNonNull(
                client.getDatabase("local")
                        .getCollection("oplog.rs")
                        .find()
                        .sort(new Document("$natural", -1))
                        .first(),
                "the oplog is empty");
    }

    @Override
    public void close() {
        client.close();
        try {
            forward.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
