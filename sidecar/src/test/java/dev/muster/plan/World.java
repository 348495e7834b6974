package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.DeadPrimary;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Naming;
import dev.muster.model.OpTime;
import dev.muster.model.Ordinals;
import dev.muster.model.PeerMongod;
import dev.muster.model.Renaming;
import dev.muster.model.RootUser;
import dev.muster.model.Self;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import dev.muster.model.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Builds snapshots in few words. Three replicas, no Kubernetes and no record unless said otherwise. */
public final class World {
    public static final String OUR_ID = "66000000000000000000aaaa";
    static final String OTHER_ID = "66000000000000000000ffff";
    public static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long PRIMARY_SECONDS = 1_000_000;

    private final int ordinal;
    private final SortedMap<Integer, PeerMongod> peers = new TreeMap<>();
    private LocalMongod local = new LocalMongod.NotYetInitialized();
    private KubernetesFacts kubernetes = new KubernetesFacts.Off();
    private SetRecord record = new SetRecord.NotKept();
    private RootUser rootUser = RootUser.NOT_KEPT;
    private int replicas = 3;
    private int first;
    private boolean paused;
    private OptionalInt declaredSeed = OptionalInt.empty();
    private Duration observedIn = Duration.ofMillis(1);
    private boolean committed = true;
    private int heartbeatMillis = SetConfig.DEFAULT_HEARTBEAT_MILLIS;
    private Duration sinceElection = Duration.ofHours(1);
    private Optional<Function<Duration, InitialSync>> cloning = Optional.empty();
    private SourcePreference sourcePreference = SourcePreference.SECONDARY_PREFERRED;
    private Duration cloningFor = Duration.ZERO;
    private List<String> members = List.of();
    private Renaming renaming = Renaming.WHEN_UNSTABLE;
    private Optional<DeadPrimary> deadPrimary = Optional.empty();

    private World(int ordinal) {
        this.ordinal = ordinal;
    }

    /** The pod of that ordinal, empty. */
    public static World pod(int ordinal) {
        return new World(ordinal);
    }

    public World deadPrimary(DeadPrimary dead) {
        deadPrimary = Optional.of(dead);
        return this;
    }

    public World local(LocalMongod mongod) {
        local = mongod;
        return this;
    }

    /**
     * A set as this pod sees it. A member is {@code <ordinal> <STATE>} with any of {@code novote}, {@code joining}, {@code priority0}, {@code arbiter},
     * {@code down}, {@code hidden}, {@code lag=<seconds>}, {@code uptime=<seconds>}, {@code host=<name>}, {@code answered=<seconds>} (ago, a
     * heartbeat), {@code unheard} (it never told its optime), {@code unseen} (the status does not name it); it has a vote unless said otherwise.
     */
    public World set(String... described) {
        members = List.of(described);
        return this;
    }

    public World peer(int peer, PeerMongod what) {
        peers.put(peer, what);
        return this;
    }

    World peers(SortedMap<Integer, PeerMongod> all) {
        peers.putAll(all);
        return this;
    }

    World replicas(int count) {
        replicas = count;
        return this;
    }

    World firstOrdinal(int start) {
        first = start;
        return this;
    }

    public World kubernetes(int count) {
        kubernetes = new KubernetesFacts.Known(count, first, new TreeMap<>());
        return this;
    }

    public World kubernetes(KubernetesFacts facts) {
        kubernetes = facts;
        return this;
    }

    /** Kubernetes is asked and does not answer: then it is not known either how many members there are to be. */
    World kubernetesAway() {
        kubernetes = new KubernetesFacts.Unavailable("away");
        replicas = 0;
        return this;
    }

    /** When the first pod that is terminating is killed. */
    static final Instant FIRST_END = Instant.parse("2026-11-20T10:20:30Z");

    /** These pods were deleted at once. Needs {@link #kubernetes}. */
    World terminating(int... ordinals) {
        return terminating(FIRST_END, ordinals);
    }

    /** These pods too, a second after all others. */
    World terminatingLater(int... ordinals) {
        return terminating(FIRST_END.plusSeconds(1), ordinals);
    }

    private World terminating(Instant end, int... ordinals) {
        KubernetesFacts.Known known = (KubernetesFacts.Known) kubernetes;
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>(known.pods());
        for (int gone : ordinals) {
            pods.put(gone, new KubernetesFacts.Pod(Optional.of(end)));
        }
        kubernetes = new KubernetesFacts.Known(known.replicas(), known.firstOrdinal(), pods);
        return this;
    }

    public World record(SetRecord what) {
        record = what;
        return this;
    }

    World rootUser(RootUser what) {
        rootUser = what;
        return this;
    }

    /** The local mongod took that long to answer. */
    World observedIn(Duration time) {
        observedIn = time;
        return this;
    }

    /** The option {@code --seed-ordinal}. */
    World declaredSeed(int ordinalWithData) {
        declaredSeed = OptionalInt.of(ordinalWithData);
        return this;
    }

    World paused() {
        paused = true;
        return this;
    }

    World renaming(Renaming what) {
        renaming = what;
        return this;
    }

    World uncommitted() {
        committed = false;
        return this;
    }

    World forming(Duration since) {
        heartbeatMillis = FormingHeartbeat.SHORTEST_MILLIS;
        sinceElection = since;
        return this;
    }

    World cloning(String source, long copied, int failed) {
        cloning = Optional.of(elapsed -> new InitialSync(
                source.isEmpty() ? Optional.empty() : Optional.of(HostAddress.parse(source)),
                failed,
                copied,
                OptionalLong.of(1000),
                Optional.empty(),
                elapsed));
        return this;
    }

    World prefers(SourcePreference preference) {
        sourcePreference = preference;
        return this;
    }

    World cloningFor(Duration elapsed) {
        cloningFor = elapsed;
        return this;
    }

    /** A new set to replace that one, approved now. */
    static Approval newSet(String id) {
        return new Approval.NewSet(id, NOW);
    }

    /** No set is recorded, and an operator wants it to be initiated from the data of that ordinal. */
    static SetRecord seedApproved(int ordinalWithData) {
        return new SetRecord.Absent(seed(ordinalWithData), Duration.ZERO);
    }

    /** Where no set is recorded, approved now. */
    static Approval seed(int ordinalWithData) {
        return new Approval.Seed(ordinalWithData, Optional.empty(), NOW);
    }

    /** In the place of a recorded set, approved now. */
    static Approval seed(int ordinalWithData, String replaces) {
        return new Approval.Seed(ordinalWithData, Optional.of(replaces), NOW);
    }

    /** The set with the other id, from another place, becomes ours. */
    static Approval renameSet(int ordinal, Instant givenAt) {
        return new Approval.RenameSet(ordinal, OTHER_ID, 5, "db-*.db.prod.svc.cluster.local", OUR_ID, givenAt);
    }

    /** A mongod that has data and no set. */
    static LocalMongod ownData() {
        return new LocalMongod.HoldsData("1 collection in databases of its own");
    }

    /** A forced reconfiguration of our set of version 5 and term 1, as {@link #set} makes it, approved now. */
    public static Approval force(int survivor, int... down) {
        return new Approval.ForceReconfig(incident(survivor, down), NOW);
    }

    static Approval.Incident incident(int survivor, int... down) {
        return new Approval.Incident(
                OUR_ID,
                5,
                1,
                survivor,
                IntStream.of(down).mapToObj(NAMING::address).toList());
    }

    static PeerMongod empty() {
        return new PeerMongod.NotYetInitialized();
    }

    /** A former standalone. */
    static PeerMongod holdsData() {
        return new PeerMongod.HoldsData("1 collection in databases of its own");
    }

    static PeerMongod unknown(PeerMongod.Cause cause) {
        return unknown(cause, Duration.ofSeconds(1));
    }

    static PeerMongod unknown(PeerMongod.Cause cause, Duration lasting) {
        return new PeerMongod.Unknown(cause, "test", lasting);
    }

    static PeerMongod inSet(String id, String knownAs, MemberState state) {
        return new PeerMongod.InSet(id, HostAddress.parse(knownAs), state);
    }

    /** A member of our set that has no data, and clones. */
    static PeerMongod cloning(int ordinal, String process) {
        return new PeerMongod.InSet(
                OUR_ID,
                NAMING.address(ordinal),
                MemberState.STARTUP2,
                Optional.of(process),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * A member of our set that has its data, and has a configuration of these members.
     *
     * @param described each an ordinal, and {@code novote} or {@code arbiter} behind it; or the host of a voter
     */
    static PeerMongod knows(int ordinal, MemberState state, long version, String... described) {
        return new PeerMongod.InSet(
                OUR_ID,
                NAMING.address(ordinal),
                state,
                Optional.empty(),
                Optional.of(configOf(version, described)),
                Optional.empty());
    }

    /**
     * A member of our set that has applied so much.
     *
     * @param ahead seconds before what {@link #set} describes without a lag
     */
    static PeerMongod applied(int ordinal, MemberState state, long ahead) {
        return new PeerMongod.InSet(
                OUR_ID,
                NAMING.address(ordinal),
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new OpTime(1, PRIMARY_SECONDS + ahead, 1)));
    }

    static SetConfig configOf(long version, String... described) {
        return configOf(version, 1, described);
    }

    static SetConfig configOf(long version, long term, String... described) {
        List<ConfigMember> configured = new ArrayList<>();
        for (String each : described) {
            List<String> words = List.of(each.split(" "));
            boolean isOrdinal = words.getFirst().matches("\\d+");
            configured.add(new ConfigMember(
                    configured.size(),
                    isOrdinal
                            ? NAMING.address(Integer.parseInt(words.getFirst()))
                            : HostAddress.parse(words.getFirst()),
                    words.contains("novote") ? 0 : 1,
                    words.contains("novote") ? 0 : 1,
                    words.contains("arbiter"),
                    false,
                    Duration.ZERO,
                    false));
        }
        return new SetConfig("rs0", OUR_ID, version, term, configured, SetConfig.DEFAULT_HEARTBEAT_MILLIS, false);
    }

    static String host(int ordinal) {
        return NAMING.address(ordinal).toString();
    }

    public Snapshot look() {
        return new Snapshot(
                new Self(ordinal, NAMING, "rs0"),
                members.isEmpty() ? local : inSet(),
                peers,
                deadPrimary,
                kubernetes,
                Wanted.of(kubernetes, new Ordinals(first, replicas)),
                record,
                rootUser,
                declaredSeed,
                Duration.ofSeconds(10),
                renaming,
                NOW,
                observedIn,
                paused);
    }

    private LocalMongod inSet() {
        List<ConfigMember> config = new ArrayList<>();
        List<MemberStatus> status = new ArrayList<>();
        MemberState myState = MemberState.UNKNOWN;
        for (int id = 0; id < members.size(); id++) {
            List<String> words = List.of(members.get(id).split(" "));
            int of = Integer.parseInt(words.get(0));
            MemberState state = MemberState.valueOf(words.get(1));
            HostAddress host = HostAddress.parse(value(words, "host=").orElse(host(of)));
            boolean joining = words.contains("joining");
            boolean arbiter = words.contains("arbiter");
            boolean votes = !joining && !words.contains("novote");
            config.add(new ConfigMember(
                    id,
                    host,
                    votes ? 1 : 0,
                    votes && !words.contains("priority0") && !arbiter ? 1 : 0,
                    arbiter,
                    words.contains("hidden"),
                    value(words, "delay=")
                            .map(Long::parseLong)
                            .map(Duration::ofSeconds)
                            .orElse(Duration.ZERO),
                    joining,
                    value(words, "emptied=")));
            if (words.contains("unseen")) {
                continue;
            }
            long lag = value(words, "lag=").map(Long::parseLong).orElse(0L);
            status.add(new MemberStatus(
                    id,
                    host,
                    state,
                    !words.contains("down"),
                    of == ordinal,
                    words.contains("unheard") ? Optional.empty() : Optional.of(new OpTime(1, PRIMARY_SECONDS - lag, 1)),
                    Optional.empty(),
                    Optional.empty(),
                    value(words, "uptime=")
                            .map(Long::parseLong)
                            .map(Duration::ofSeconds)
                            .orElse(Duration.ofMinutes(5)),
                    of == ordinal
                            ? Optional.empty()
                            : value(words, "answered=").map(Long::parseLong).map(Duration::ofSeconds)));
            if (of == ordinal) {
                myState = state;
            }
        }
        return new LocalMongod.InSet(
                new SetConfig("rs0", OUR_ID, 5, 1, config, heartbeatMillis, committed),
                new SetStatus(
                        myState,
                        1,
                        Optional.of(NOW.minus(sinceElection)),
                        status,
                        cloning.map(sync -> sync.apply(cloningFor)),
                        Optional.empty(),
                        sourcePreference));
    }

    private static Optional<String> value(List<String> words, String prefix) {
        return words.stream()
                .filter(word -> word.startsWith(prefix))
                .map(word -> word.substring(prefix.length()))
                .findFirst();
    }

    /** A decision in a few words: kind, reason, and for an act the operation and whom it concerns. */
    static String words(Decision decision) {
        String words = decision.kind() + " " + decision.reason();
        if (!(decision instanceof Decision.Act act)) {
            return words;
        }
        String whom = switch (act.step()) {
            case Step.Initiate initiate -> initiate.self().toString();
            case Step.Reconfigure reconfigure -> reconfigure.change().subject();
            case Step.SyncFrom syncFrom -> syncFrom.source().toString();
            case Step.ForceReconfigure force -> "without " + force.down();
            case Step.RestartMongod restart -> restart.mistakenFor().toString();
            case Step.RenameSet rename -> rename.renaming().hosts().values().toString();
            case Step.HandOver handOver -> handOver.target().toString();
            case Step.CallElection call -> call.target().toString();
            case Step.CreateRootUser create -> "";
            case Step.UpdateRootPassword update -> "";
            case Step.RecordIntended intended -> "";
            case Step.RecordFormed formed -> formed.replicaSetId();
            case Step.WithdrawApproval withdraw -> "";
            case Step.TellHeld tell -> "";
            case Step.StartMongod start -> "";
        };
        String shortened =
                whom.replace(".mongo.default.svc.cluster.local:27017", "").replace(OUR_ID, "our id");
        return (words + " " + act.step().operation() + " " + shortened).strip();
    }
}
