package dev.muster.cli;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import dev.muster.config.Settings;
import dev.muster.secrets.Keyfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** Connects to the local mongod, first without credentials, then with the keyfile. */
final class MongodCheck {
    private static final int TIMEOUT_MILLIS = 2_000;
    // error_codes.yml of the server.
    private static final int UNAUTHORIZED = 13;

    private final Settings settings;

    private MongodCheck(Settings settings) {
        this.settings = settings;
    }

    static List<Finding> run(Settings settings) {
        return new MongodCheck(settings).run();
    }

    private List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        try (MongoClient client = client(Optional.empty())) {
            findings.add(hello(client));
            // A mongod that does not answer hello does not answer a keyfile either.
            if (findings.getFirst().ok() && settings.keyfile().isEmpty()) {
                findings.add(withoutKeyfile(client));
            }
        } catch (MongoException e) {
            return List.of(Finding.fault("mongod at %s does not answer hello within 2 s; is it running there?"
                    .formatted(settings.mongod())));
        }
        settings.mongodKeyfile().ifPresent(path -> findings.add(withKeyfile(path)));
        return findings;
    }

    private Finding hello(MongoClient client) {
        Document reply = client.getDatabase("admin").runCommand(new Document("hello", 1));
        String setName = reply.get("setName", "");
        if (setName.isEmpty() && !Boolean.TRUE.equals(reply.get("isreplicaset"))) {
            return Finding.fault("mongod at %s answers hello, but was started without --replSet %s"
                    .formatted(settings.mongod(), settings.self().setName()));
        }
        if (!setName.isEmpty() && !setName.equals(settings.self().setName())) {
            return Finding.fault("mongod at %s answers hello, but is a member of %s, not of %s"
                    .formatted(settings.mongod(), setName, settings.self().setName()));
        }
        return Finding.ok("mongod at %s answers hello: %s"
                .formatted(settings.mongod(), setName.isEmpty() ? "not a member yet" : "a member of " + setName));
    }

    private Finding withoutKeyfile(MongoClient client) {
        try {
            // Answered in every state of a member, and not covered by the localhost exception as replSetGetStatus is.
            client.getDatabase("admin").runCommand(new Document("getCmdLineOpts", 1));
        } catch (MongoCommandException e) {
            if (e.getErrorCode() == UNAUTHORIZED) {
                return Finding.fault("mongod requires authentication: name its keyfile with --keyfile");
            }
        }
        return Finding.ok("mongod does not require authentication");
    }

    private Finding withKeyfile(Path path) {
        String key;
        try {
            key = Keyfile.read(path).keys().getFirst();
        } catch (IOException e) {
            return Finding.fault("mongod was not tried with the keyfile, because the keyfile cannot be used");
        }
        MongoCredential credential =
                MongoCredential.createScramSha256Credential("__system", "local", key.toCharArray());
        try (MongoClient client = client(Optional.of(credential))) {
            client.getDatabase("admin").runCommand(new Document("ping", 1));
            return Finding.ok("mongod accepts the keyfile");
        } catch (MongoSecurityException e) {
            return Finding.fault("mongod refuses the keyfile: it was started with a different one, or without one");
        } catch (MongoException e) {
            return Finding.fault("mongod did not answer the login with the keyfile: "
                    + e.getClass().getSimpleName());
        }
    }

    private MongoClient client(Optional<MongoCredential> credential) {
        MongoClientSettings.Builder builder = MongoClientSettings.builder()
                .applicationName("muster check")
                .applyToClusterSettings(cluster -> cluster.hosts(List.of(new ServerAddress(
                                settings.mongod().host(), settings.mongod().port())))
                        .mode(ClusterConnectionMode.SINGLE)
                        .serverSelectionTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                        .readTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        credential.ifPresent(builder::credential);
        return MongoClients.create(builder.build());
    }
}
