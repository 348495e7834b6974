package dev.muster.observe;

import dev.muster.config.RootUserSource;
import dev.muster.config.Settings;
import dev.muster.dns.Names;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.Naming;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Connector;
import dev.muster.mongo.Credentials;
import dev.muster.mongo.Mongod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads one {@link Snapshot}. One thread only. */
public final class SnapshotReader implements AutoCloseable {
    /** For asking all peers. Above a driver's server selection and one command, so that these are what time out. */
    private static final Duration PEERS_LIMIT = Duration.ofSeconds(4);

    private final Settings settings;
    private final Mongod local;
    private final Names names;
    private final Peers peers;
    private final Optional<RootUserSource> rootUser;
    private final BooleanSupplier paused;
    private final Clock clock;

    /** The credentials last seen to be as the files say: each further look would cost the server 15,000 hashes. */
    private @Nullable Credentials confirmed;

    public SnapshotReader(
            Settings settings,
            Mongod local,
            Names names,
            Connector connector,
            ExecutorService threads,
            BooleanSupplier paused,
            Clock clock) {
        this.settings = settings;
        this.local = local;
        this.names = names;
        this.peers = new Peers(settings.naming(), names, connector, threads);
        this.rootUser = settings.rootUser().map(RootUserSource::new);
        this.paused = paused;
        this.clock = clock;
    }

    /** Looks at everything that matters to this member now. */
    public Snapshot read() {
        Instant now = clock.instant();
        LocalMongod mongod = local.observe();
        SortedMap<Integer, PeerMongod> answers = peers.ask(whomToAsk(mongod), now, PEERS_LIMIT);
        return new Snapshot(
                settings.self(),
                mongod,
                answers,
                new KubernetesFacts.Unavailable("switched off by --kubernetes=off"),
                new SetRecord.NotKept(),
                rootUser(mongod),
                settings.replicas(),
                settings.firstOrdinal(),
                settings.maxLag(),
                now,
                paused.getAsBoolean());
    }

    /**
     * Whose answer could change the decision: that of every peer there is for an empty first ordinal, of those not in the configuration
     * under their stable name for a primary, nobody's else.
     */
    private Set<Integer> whomToAsk(LocalMongod mongod) {
        Naming naming = settings.naming();
        int own = settings.self().ordinal();
        Set<Integer> expected = IntStream.range(settings.firstOrdinal(), settings.firstOrdinal() + settings.replicas())
                .filter(ordinal -> ordinal != own)
                .boxed()
                .collect(Collectors.toCollection(HashSet::new));
        return switch (mongod) {
            case LocalMongod.NotYetInitialized empty -> {
                if (own != settings.firstOrdinal()) {
                    yield Set.of();
                }
                // A pod beyond --replicas, scaled up or left over, may hold the set just as well.
                names.membersOf(naming.serviceName())
                        .forEach(host -> naming.ordinalOf(new HostAddress(host, naming.port()))
                                .ifPresent(expected::add));
                expected.remove(own);
                yield expected;
            }
            case LocalMongod.InSet set -> {
                if (set.status().myState() != MemberState.PRIMARY) {
                    yield Set.of();
                }
                set.config()
                        .members()
                        .forEach(member -> naming.ordinalOf(member.host()).ifPresent(expected::remove));
                yield expected;
            }
            case LocalMongod.Removed removed -> Set.of();
            case LocalMongod.Unreachable unreachable -> Set.of();
            case LocalMongod.Denied denied -> Set.of();
            case LocalMongod.Misconfigured misconfigured -> Set.of();
            case LocalMongod.Starting starting -> Set.of();
        };
    }

    private RootUser rootUser(LocalMongod mongod) {
        if (rootUser.isEmpty()) {
            return RootUser.NOT_KEPT;
        }
        boolean primary =
                mongod instanceof LocalMongod.InSet set && set.status().myState() == MemberState.PRIMARY;
        Optional<Credentials> wanted = primary ? rootUser.get().read() : Optional.empty();
        if (wanted.isEmpty()) {
            // Another primary may change it: what was confirmed before counts no more.
            confirmed = null;
            return RootUser.UNKNOWN;
        }
        if (wanted.get().equals(confirmed)) {
            return RootUser.AS_THE_FILES_SAY;
        }
        RootUser compared = local.compareRootUser(wanted.get());
        confirmed = compared == RootUser.AS_THE_FILES_SAY ? wanted.get() : null;
        return compared;
    }

    @Override
    public void close() {
        peers.close();
    }
}
