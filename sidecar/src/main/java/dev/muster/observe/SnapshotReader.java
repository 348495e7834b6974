package dev.muster.observe;

import dev.muster.config.Settings;
import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.model.ConfigMember;
import dev.muster.model.Credentials;
import dev.muster.model.DeadPrimary;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.Naming;
import dev.muster.model.Ordinals;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.mongo.PortWatcher;
import dev.muster.secrets.RootUserSource;
import dev.muster.start.HeldStart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one {@link Snapshot}. One thread only. */
public final class SnapshotReader implements AutoCloseable {
    /** For asking all peers. Above the driver's server selection and one command, so that these time out first. */
    private static final Duration PEERS_LIMIT = Duration.ofSeconds(4);

    private final Settings settings;
    private final Mongod local;
    private final HeldStart start;
    private final Names names;
    private final Peers peers;
    private final Optional<PrimaryWatch> primary;
    private final Optional<RootUserSource> rootUser;
    private final BooleanSupplier paused;
    private final Kubernetes kubernetes;
    private final BooleanSupplier leaving;
    private final Clock clock;

    /** The credentials that the server last confirmed: each further comparison would cost it 15,000 hashes. */
    private @Nullable Credentials confirmed;

    /**
     * A reader.
     *
     * @param leaving whether Kubernetes is deleting this pod: only then are the pods of all members looked
     *     at
     */
    public SnapshotReader(
            Settings settings,
            Mongod local,
            HeldStart start,
            Names names,
            PeerConnector connector,
            PortWatcher watcher,
            ExecutorService threads,
            Optional<RootUserSource> rootUser,
            BooleanSupplier paused,
            Kubernetes kubernetes,
            BooleanSupplier leaving,
            Clock clock) {
        this.settings = settings;
        this.local = local;
        this.start = start;
        this.names = names;
        this.peers = new Peers(settings.naming(), names, connector, threads);
        this.primary = settings.promptElection()
                ? Optional.of(new PrimaryWatch(settings.self(), local, names, watcher))
                : Optional.empty();
        this.rootUser = rootUser;
        this.paused = paused;
        this.kubernetes = kubernetes;
        this.leaving = leaving;
        this.clock = clock;
    }

    /** Reads everything that matters to this member now. */
    public Snapshot read() {
        Instant now = clock.instant();
        LocalMongod mongod = observe();
        Duration observedIn = Duration.between(now, clock.instant());
        Optional<DeadPrimary> dead = primary.flatMap(watch -> watch.look(mongod, now));
        KubernetesFacts known = kubernetes.facts(Set.of());
        SetRecord record = kubernetes.record();
        Ordinals options = new Ordinals(settings.firstOrdinal(), settings.replicas());
        Set<Integer> asked = new HashSet<>(whomToAsk(mongod, Wanted.of(known, options), record));
        dead.ifPresent(gone -> asked.addAll(candidates(gone)));
        SortedMap<Integer, PeerMongod> answers = new TreeMap<>(peers.ask(asked, now, PEERS_LIMIT));
        Set<Integer> pods = podsToLookAt(mongod, asked);
        KubernetesFacts facts = pods.isEmpty() ? known : kubernetes.facts(pods);
        addHeld(answers, facts);
        if (mongod instanceof LocalMongod.NotYetInitialized
                || mongod instanceof LocalMongod.HoldsData
                || mongod instanceof LocalMongod.NotStarted) {
            answers.replaceAll(this::absentIfKubernetesSaysSo);
        }
        return new Snapshot(
                settings.self(),
                mongod,
                answers,
                dead,
                facts,
                Wanted.of(facts, options),
                record,
                rootUser(mongod),
                settings.seedOrdinal(),
                settings.maxLag(),
                settings.renaming(),
                now,
                observedIn,
                paused.getAsBoolean());
    }

    private LocalMongod observe() {
        if (start.isHeld()) {
            return new LocalMongod.NotStarted();
        }
        return primary.filter(PrimaryWatch::hasOwnJustEnded).isPresent()
                ? new LocalMongod.Unreachable(settings.mongod() + ": the process has ended")
                : local.observe();
    }

    /** A mongod that has not been started does not answer: its pod says so. */
    private void addHeld(SortedMap<Integer, PeerMongod> answers, KubernetesFacts facts) {
        if (facts instanceof KubernetesFacts.Known known) {
            known.pods().forEach((ordinal, pod) -> {
                PeerMongod answer = answers.getOrDefault(ordinal, new PeerMongod.NotAsked());
                boolean isSilent = answer instanceof PeerMongod.Unknown || answer instanceof PeerMongod.NotAsked;
                if (isSilent
                        && ordinal != settings.self().ordinal()
                        && pod.held().isPresent()) {
                    answers.put(ordinal, new PeerMongod.Held(pod.held().get()));
                }
            });
        }
    }

    /** With an ordered StatefulSet later pods do not exist yet. An ordinal without pod and claim holds no data. */
    private PeerMongod absentIfKubernetesSaysSo(int ordinal, PeerMongod answer) {
        boolean gone =
                answer instanceof PeerMongod.Unknown && kubernetes.existence(ordinal) == Kubernetes.Existence.NEITHER;
        return gone ? new PeerMongod.Absent() : answer;
    }

    /**
     * Whether a pod terminates matters for members that may be added, and when our own pod ends, for all members: who may
     * take over, and how many are left. Whether its {@code mongod} has been started matters for a voter that is down, and
     * for all while our own has not been.
     */
    private Set<Integer> podsToLookAt(LocalMongod mongod, Set<Integer> asked) {
        Set<Integer> pods = new HashSet<>();
        if (mongod instanceof LocalMongod.InSet set && set.isPrimary()) {
            pods.addAll(asked);
            set.config().members().stream()
                    .filter(member -> member.votes() > 0 && !set.hears(member))
                    .forEach(
                            member -> settings.naming().ordinalOf(member.host()).ifPresent(pods::add));
        }
        if (mongod instanceof LocalMongod.NotStarted) {
            pods.add(settings.self().ordinal());
            pods.addAll(asked);
        }
        if (leaving.getAsBoolean()) {
            pods.add(settings.self().ordinal());
            pods.addAll(asked);
            if (mongod instanceof LocalMongod.InSet set) {
                set.config()
                        .members()
                        .forEach(member ->
                                settings.naming().ordinalOf(member.host()).ifPresent(pods::add));
            }
        }
        return pods;
    }

    /**
     * The peers whose answers could change the decision. An empty first ordinal asks every peer, and so does a member
     * with data but no set, as an operator may want the set to be initiated from that data. A primary asks those
     * that the configuration does not know by their stable names, and so does any member whose pod ends, as only they can
     * tell who they are. An empty member of a recorded set asks the expected
     * ones, to know whether a later pod, which starts only once this one is ready, may have the data: see
     * {@code Readiness}. Without a record, and when it has been removed, it does so only while such a pod has no name: when a
     * set is made for the first time, all have.
     */
    private Set<Integer> whomToAsk(LocalMongod mongod, Wanted wanted, SetRecord record) {
        Naming naming = settings.naming();
        int own = settings.self().ordinal();
        Set<Integer> others = wanted.ordinals()
                .filter(ordinal -> ordinal != own)
                .boxed()
                .collect(Collectors.toCollection(HashSet::new));
        return switch (mongod) {
            case LocalMongod.NotYetInitialized empty -> {
                if (own != wanted.firstOrdinal() && record instanceof SetRecord.Formed) {
                    yield others;
                }
                Set<Integer> named = named();
                if (own != wanted.firstOrdinal()) {
                    yield isAnyLater(others, named) ? others : Set.of();
                }
                yield everyPeer(others, named, record);
            }
            case LocalMongod.HoldsData data -> everyPeer(others, named(), record);
            case LocalMongod.NotStarted notStarted ->
                record instanceof SetRecord.Formed ? everyPeer(others, named(), record) : Set.of();
            case LocalMongod.InSet set -> {
                boolean mustKnowWhoStops = leaving.getAsBoolean() && hasOtherNames(set);
                if (!set.isPrimary() && !mustKnowWhoStops) {
                    yield Set.of();
                }
                set.config()
                        .members()
                        .forEach(member -> naming.ordinalOf(member.host()).ifPresent(others::remove));
                set.config().members().stream()
                        .filter(member -> mayHaveLostItsData(set, member))
                        .forEach(member -> naming.ordinalOf(member.host()).ifPresent(others::add));
                yield others;
            }
            // Of a set from another place, all members are asked: an operator may want it to get new names.
            case LocalMongod.Removed removed ->
                isOfAnotherPlace(removed) || isAnyLater(others, named()) ? others : Set.of();
            case LocalMongod.Unreachable unreachable -> Set.of();
            case LocalMongod.Denied denied -> Set.of();
            case LocalMongod.Misconfigured misconfigured -> Set.of();
            case LocalMongod.Starting starting -> Set.of();
        };
    }

    /** The other members that could follow. The dead one is not asked: it would take a second. */
    private Set<Integer> candidates(DeadPrimary dead) {
        return dead.successors()
                .flatMap(host -> settings.naming().ordinalOf(host).stream().boxed())
                .filter(ordinal -> ordinal != settings.self().ordinal())
                .collect(Collectors.toSet());
    }

    /** Every other pod that may hold a set. */
    private Set<Integer> everyPeer(Set<Integer> expected, Set<Integer> named, SetRecord record) {
        Set<Integer> peers = new HashSet<>(expected);
        // A pod beyond those that are wanted (scaled up, or left over) may hold the set as well.
        peers.addAll(named);
        // So may one that was about to initiate when it was the first ordinal.
        if (record instanceof SetRecord.Intended intended) {
            peers.addAll(intended.holders());
        }
        peers.remove(settings.self().ordinal());
        return peers;
    }

    private boolean isOfAnotherPlace(LocalMongod.Removed removed) {
        return removed.members().stream()
                .allMatch(host -> settings.naming().ordinalOf(host).isEmpty());
    }

    private boolean hasOtherNames(LocalMongod.InSet set) {
        return set.config().hosts().stream()
                .anyMatch(host -> settings.naming().ordinalOf(host).isEmpty());
    }

    private static boolean mayHaveLostItsData(LocalMongod.InSet set, ConfigMember member) {
        return (member.votes() > 0 || member.emptied().isPresent())
                && set.stateIfHealthy(member.host()).equals(Optional.of(MemberState.STARTUP2));
    }

    /** The ordinals whose pods have a name now. */
    private Set<Integer> named() {
        Naming naming = settings.naming();
        return names.membersOf(naming.serviceName()).stream()
                .map(host -> naming.ordinalOf(new HostAddress(host, naming.port())))
                .flatMap(ordinal -> ordinal.stream().boxed())
                .collect(Collectors.toSet());
    }

    private boolean isAnyLater(Set<Integer> expected, Set<Integer> named) {
        return expected.stream().anyMatch(ordinal -> ordinal > settings.self().ordinal() && !named.contains(ordinal));
    }

    private RootUser rootUser(LocalMongod mongod) {
        if (rootUser.isEmpty()) {
            return RootUser.NOT_KEPT;
        }
        Optional<Credentials> wanted = mongod.isPrimary() ? rootUser.get().read() : Optional.empty();
        if (wanted.isEmpty()) {
            // Another primary may change the password, so the confirmation is no longer valid.
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
        primary.ifPresent(PrimaryWatch::close);
        peers.close();
    }
}
