package dev.muster.config;

import static java.util.Objects.requireNonNull;

import dev.muster.model.HostAddress;
import dev.muster.model.Naming;
import dev.muster.model.Renaming;
import dev.muster.model.Self;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of {@code muster run}, read and validated.
 *
 * @param self which pod this is, of which set
 * @param mongod where the local {@code mongod} accepts connections
 * @param kubernetes whether Muster uses the Kubernetes API
 * @param replicas the number of members; 0 where the StatefulSet determines it
 * @param firstOrdinal the StatefulSet's {@code spec.ordinals.start}
 * @param seedOrdinal the member from whose data the set is initiated; empty if it begins empty
 * @param keyfile the keyfile; empty without authentication. With a start order it is the source of {@code mongod}'s
 * @param startOrder how {@code mongod} begins; empty when it starts by itself
 * @param rootUser the files that name the root user; empty when Muster keeps none
 * @param http where HTTP is served
 * @param socket the Unix socket for commands that change something
 * @param maxLag the most replication lag with which a SECONDARY counts as caught up
 * @param renaming which members of an adopted set get their stable names
 * @param promptElection whether an election is called as soon as the primary's {@code mongod} has ended
 * @param dnsServer the name server to query; empty for those in resolv.conf
 * @param dnsTimeout for one DNS query
 * @param logLevel a level of slf4j-simple, lower case
 */
public record Settings(
        Self self,
        HostAddress mongod,
        boolean kubernetes,
        int replicas,
        int firstOrdinal,
        OptionalInt seedOrdinal,
        Optional<Path> keyfile,
        Optional<StartOrder> startOrder,
        Optional<RootUserFiles> rootUser,
        InetSocketAddress http,
        Path socket,
        Duration maxLag,
        Renaming renaming,
        boolean promptElection,
        Optional<InetSocketAddress> dnsServer,
        Duration dnsTimeout,
        String logLevel) {
    public Settings {
        requireNonNull(self, "self is null");
        requireNonNull(mongod, "mongod is null");
        requireNonNull(seedOrdinal, "seedOrdinal is null");
        requireNonNull(keyfile, "keyfile is null");
        requireNonNull(startOrder, "startOrder is null");
        requireNonNull(rootUser, "rootUser is null");
        requireNonNull(http, "http is null");
        requireNonNull(socket, "socket is null");
        requireNonNull(maxLag, "maxLag is null");
        requireNonNull(renaming, "renaming is null");
        requireNonNull(dnsServer, "dnsServer is null");
        requireNonNull(dnsTimeout, "dnsTimeout is null");
        requireNonNull(logLevel, "logLevel is null");
    }

    public Naming naming() {
        return self.naming();
    }

    /**
     * The keyfile that {@code mongod} reads; empty without authentication. A mounted Secret may have another key by now,
     * which {@code mongod} learns only when its pod is started again.
     */
    public Optional<Path> mongodKeyfile() {
        return keyfile.map(source -> startOrder.map(StartOrder::keyfile).orElse(source));
    }

    /** The files that hold the root user's name and password, as a mounted Secret has them. */
    public record RootUserFiles(Path name, Path password) {
        public RootUserFiles {
            requireNonNull(name, "name is null");
            requireNonNull(password, "password is null");
        }
    }
}
