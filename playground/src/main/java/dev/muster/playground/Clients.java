package dev.muster.playground;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The driver's clients of one set, made when first asked for and closed with it. */
final class Clients implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final int SELECTION_TIMEOUT_MILLIS = 5_000;
    /** The lowest that the driver takes: a member that comes back should be seen at once. */
    private static final int HEARTBEAT_MILLIS = 500;

    private final HostsFile hosts;
    private final String setName;
    private final Optional<SecretFiles> credentials;
    private final Map<Integer, MongoClient> direct = new ConcurrentHashMap<>();
    private Optional<MongoClient> replicaSet = Optional.empty();

    Clients(HostsFile hosts, String setName, Optional<SecretFiles> credentials) {
        this.hosts = hosts;
        this.setName = setName;
        this.credentials = credentials;
    }

    /** A client of one member alone, in whatever state it is, with full authority. */
    MongoClient direct(int ordinal, InetAddress address) {
        return direct.computeIfAbsent(ordinal, _ -> {
            MongoClientSettings.Builder settings = settings(List.of(address.getHostAddress()))
                    .applyToClusterSettings(cluster -> cluster.mode(ClusterConnectionMode.SINGLE));
            credentials.map(SecretFiles::system).ifPresent(settings::credential);
            return MongoClients.create(settings.build());
        });
    }

    /** A client of the whole set as an application has one, that finds the members by their names. */
    synchronized MongoClient replicaSet(List<String> seeds) {
        if (replicaSet.isEmpty()) {
            MongoClientSettings.Builder settings = settings(seeds)
                    .applyToClusterSettings(cluster ->
                            cluster.mode(ClusterConnectionMode.MULTIPLE).requiredReplicaSetName(setName))
                    .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(30, TimeUnit.SECONDS))
                    .retryWrites(true)
                    .retryReads(true)
                    .writeConcern(WriteConcern.MAJORITY);
            credentials.map(SecretFiles::root).ifPresent(settings::credential);
            replicaSet = Optional.of(MongoClients.create(settings.build()));
        }
        return replicaSet.get();
    }

    private MongoClientSettings.Builder settings(List<String> seeds) {
        List<ServerAddress> addresses = seeds.stream()
                .map(host -> new ServerAddress(host, LoopbackBlock.MONGOD_PORT))
                .toList();
        return MongoClientSettings.builder()
                .applicationName("muster-playground")
                .inetAddressResolver(hosts::resolve)
                .applyToClusterSettings(cluster -> cluster.hosts(addresses)
                        .serverSelectionTimeout(SELECTION_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                .applyToServerSettings(server -> server.heartbeatFrequency(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Override
    public synchronized void close() {
        direct.values().forEach(MongoClient::close);
        replicaSet.ifPresent(MongoClient::close);
    }
}
