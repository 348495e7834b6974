package dev.muster.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ServerMonitoringMode;
import com.mongodb.spi.dns.InetAddressResolver;
import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** Opens connections to single {@code mongod}s. */
public final class Connector implements PeerConnector {
    /** How often the driver tries to reach a mongod that does not answer while a call waits for it. */
    private static final int RETRY_MILLIS = 50;

    /** How long a call waits for a mongod that does not answer. */
    private static final int SELECTION_MILLIS = 1000;

    /** The user for members that have the keyfile. It needs no user document, so it cannot be locked out. */
    private static final String SYSTEM_USER = "__system";

    private final String setName;
    private final Optional<String> key;
    private final ObjIntConsumer<String> onError;

    /**
     * Connections of one set.
     *
     * @param key the keyfile's first key; empty without authentication
     * @param onError gets the command's name and the server's code of each refused command
     */
    public Connector(String setName, Optional<String> key, ObjIntConsumer<String> onError) {
        this.setName = setName;
        this.key = key;
        this.onError = onError;
    }

    /**
     * The {@code mongod} beside us.
     *
     * @param onChange called, on a driver's thread, within milliseconds after its role or set changed, as an awaitable
     *     {@code hello} reports it. Gets whether it is the primary now
     * @param onEnded called, on a driver's thread, within milliseconds after its process has ended
     */
    public Mongod local(HostAddress address, Consumer<Boolean> onChange, Runnable onEnded) {
        PortState state = new PortState(onEnded, onChange);
        MongoClientSettings settings = settings(address, systemUser())
                .applyToServerSettings(server ->
                        server.serverMonitoringMode(ServerMonitoringMode.STREAM).addServerListener(state))
                .build();
        MongoClient client = MongoClients.create(settings);
        state.listensTo(client);
        return open(address, client, Optional.empty(), state::hasEnded);
    }

    @Override
    public Mongod peer(HostAddress address, List<InetAddress> addresses) {
        // The JVM's own resolver would cache old addresses.
        InetAddressResolver resolver = host -> addresses;
        MongoClientSettings settings =
                settings(address, systemUser()).inetAddressResolver(resolver).build();
        return open(address, MongoClients.create(settings), Optional.of(resolver), () -> false);
    }

    /**
     * Watches the ports of other {@code mongod}s. Needs no authentication.
     *
     * @param onEnded called, on a driver's thread, within milliseconds after a process that is watched has ended
     */
    public PortWatcher watcher(Runnable onEnded) {
        return (address, addresses) ->
                new MonitoredPort(settings(address, Optional.empty()).inetAddressResolver(host -> addresses), onEnded);
    }

    private Mongod open(
            HostAddress address, MongoClient client, Optional<InetAddressResolver> resolver, BooleanSupplier hasEnded) {
        return new DriverMongod(
                new Admin(address, client, onError),
                setName,
                credentials -> logsIn(address, resolver, credentials),
                hasEnded);
    }

    private Optional<MongoCredential> systemUser() {
        return key.map(text -> MongoCredential.createScramSha256Credential(SYSTEM_USER, "local", text.toCharArray()));
    }

    private boolean logsIn(HostAddress address, Optional<InetAddressResolver> resolver, Credentials credentials) {
        MongoClientSettings.Builder settings = settings(
                address,
                // The server says which mechanisms it has for this user: it may have only SCRAM-SHA-1.
                Optional.of(MongoCredential.createCredential(
                        credentials.user(), "admin", credentials.password().toCharArray())));
        resolver.ifPresent(settings::inetAddressResolver);
        try (MongoClient client = MongoClients.create(settings.build())) {
            client.getDatabase("admin")
                    .withTimeout(Admin.READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .runCommand(new BsonDocument("ping", new BsonInt32(1)));
            return true;
        } catch (MongoSecurityException e) {
            // Also how the driver reports a time-out, or a mechanism that the server does not have: nothing is known
            // then.
            if (ServerError.of(e) == ServerError.AUTHENTICATION_FAILED) {
                return false;
            }
            throw e;
        }
    }

    private static MongoClientSettings.Builder settings(HostAddress address, Optional<MongoCredential> credential) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applicationName("muster")
                .retryReads(false)
                .retryWrites(false)
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress(address.host(), address.port())))
                                .mode(ClusterConnectionMode.SINGLE)
                                .serverSelectionTimeout(SELECTION_MILLIS, TimeUnit.MILLISECONDS))
                .applyToServerSettings(server -> server.serverMonitoringMode(ServerMonitoringMode.POLL)
                        .minHeartbeatFrequency(RETRY_MILLIS, TimeUnit.MILLISECONDS))
                // Every command has its own limit, except the one that ends the driver's sessions on close. Without
                // this, closing the connections to a mongod that hangs would never return.
                .applyToSocketSettings(socket -> socket.connectTimeout(SELECTION_MILLIS, TimeUnit.MILLISECONDS)
                        .readTimeout(SELECTION_MILLIS, TimeUnit.MILLISECONDS))
                // One for the cycle, one for a scrape or an operator: mongod needs its connections for applications.
                .applyToConnectionPoolSettings(pool -> pool.maxSize(3));
        credential.ifPresent(settings::credential);
        return settings;
    }
}
