package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;

import dev.muster.model.Approval;
import dev.muster.model.DeadPrimary;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Every snapshot of one to three pods, as far as it can matter. The full product is far too large to walk, so it is taken
 * in families; within each, what the sidecar in that situation decides by is crossed:
 *
 * <ul>
 *   <li>An empty member: every peer × record × Kubernetes. It has no configuration.
 *   <li>A member whose mongod has not been started: every peer, also with the configuration that it has × record ×
 *       Kubernetes.
 *   <li>A member of a set from another place, and the primary that comes of it: every peer, all alike × the records of such
 *       an approval × Kubernetes.
 *   <li>A member with or without data where an option says from whose data the set begins: every peer × the records that
 *       speak of no approval × Kubernetes.
 *   <li>A mongod that can say nothing of a set, has data without one, or was removed from one: the same, all peers alike.
 *   <li>A primary: every configuration × Kubernetes, with the missing members alike; and every peer × record × Kubernetes
 *       for the configurations that differ in who is missing. Each member state, health, lag, vote and name of one other
 *       member is there; of two or three others, one of each kind that a decision can tell apart.
 *   <li>A primary whose mongod has ended, for its own sidecar and for those of other members: how long ago and how long it
 *       was the primary × what the others have applied, or are × record × Kubernetes.
 *   <li>Any other member: every own state × record × the others in every role. It asks nobody.
 * </ul>
 *
 * The id of the local set is always ours: a foreign one is a record or peer with another id, which is the same. A peer is
 * {@code Absent} only where Kubernetes is asked, as only Kubernetes can say so. Hidden members, and more than three
 * pods, are left to the tables of the rules.
 */
final class SmallWorlds {
    /** Where the ordinals do not begin at 0, two pods are enough to show it. */
    private static final List<Integer> FIRST_ORDINALS = List.of(0, 5);

    private final Consumer<Snapshot> visit;

    private SmallWorlds(Consumer<Snapshot> visit) {
        this.visit = visit;
    }

    /** In a fixed order. */
    static void forEach(Consumer<Snapshot> visit) {
        SmallWorlds worlds = new SmallWorlds(visit);
        for (int first : FIRST_ORDINALS) {
            for (int replicas = 1; replicas <= (first == 0 ? 3 : 2); replicas++) {
                for (int self = first; self <= first + replicas; self++) {
                    Place place = new Place(first, replicas, self);
                    worlds.held(place);
                    worlds.empty(place);
                    worlds.withoutSet(place);
                    worlds.renamedSets(place);
                    worlds.declaredSeeds(place);
                    worlds.followers(place);
                    worlds.deadPrimaries(place);
                    worlds.clones(place);
                    worlds.primaries(place);
                }
            }
            worlds.primariesAndPeers(new Place(first, first == 0 ? 3 : 2, first));
            worlds.primariesAndRootUsers(new Place(first, 2, first));
            worlds.primariesAndOneOther(new Place(first, 2, first));
        }
    }

    private void empty(Place place) {
        List<List<PeerMongod>> choices =
                place.otherExpected().stream().map(Place::peers).toList();
        boolean mayInitiate = place.self() == place.first();
        // Only the first ordinal asks beyond the replicas. Of three peers of a pod that is scaled away, all are alike.
        List<PeerMongod> beyond = mayInitiate ? Place.peers(place.beyond()) : List.of(new PeerMongod.NotAsked());
        for (List<PeerMongod> expected : choices.size() == 3 ? Place.alike(choices) : Place.product(choices)) {
            for (PeerMongod other : beyond) {
                SortedMap<Integer, PeerMongod> peers = Place.numbered(place.otherExpected(), expected);
                if (!(other instanceof PeerMongod.NotAsked)) {
                    peers.put(place.beyond(), other);
                }
                everyRecordAndKubernetes(place, new LocalMongod.NotYetInitialized(), peers);
            }
        }
    }

    private void held(Place place) {
        List<List<PeerMongod>> choices =
                place.otherExpected().stream().map(place::peersOfHeld).toList();
        for (List<PeerMongod> peers : choices.size() == 3 ? Place.alike(choices) : Place.product(choices)) {
            everyRecordAndKubernetes(place, new LocalMongod.NotStarted(), Place.numbered(place.otherExpected(), peers));
        }
    }

    private void withoutSet(Place place) {
        List<LocalMongod> locals = List.of(
                new LocalMongod.Unreachable("refused"),
                new LocalMongod.Denied("refused"),
                new LocalMongod.Misconfigured("no --replSet"),
                new LocalMongod.Starting(),
                World.ownData(),
                new LocalMongod.Removed(OUR_ID),
                new LocalMongod.Removed(OTHER_ID));
        for (LocalMongod local : locals) {
            for (List<PeerMongod> peers :
                    Place.alike(place.otherExpected().stream().map(Place::peers).toList())) {
                everyRecordAndKubernetes(place, local, Place.numbered(place.otherExpected(), peers));
            }
        }
    }

    /** A set that was brought here from another place, before, while and after it gets new names. */
    private void renamedSets(Place place) {
        List<HostAddress> there = place.members().stream()
                .map(ordinal -> HostAddress.parse("db-" + ordinal + ".db.prod.svc.cluster.local"))
                .toList();
        List<HostAddress> here =
                place.members().stream().map(World.NAMING::address).toList();
        List<LocalMongod> locals = List.of(
                new LocalMongod.Removed(OTHER_ID, 5, there),
                new LocalMongod.Removed(OTHER_ID, 4, there),
                new LocalMongod.Removed(OUR_ID, 6, here),
                new LocalMongod.Removed(OUR_ID, 6, there),
                inSet(place, List.of("# PRIMARY".replace("#", String.valueOf(place.self()))), world -> {}),
                inSet(
                        place,
                        place.members().stream()
                                .map(each -> each + (each == place.self() ? " PRIMARY" : " SECONDARY down"))
                                .toList(),
                        world -> {}),
                new LocalMongod.NotYetInitialized());
        List<Approval> approvals = List.of(
                World.renameSet(place.self(), World.NOW),
                World.renameSet(place.self() + 1, World.NOW),
                World.renameSet(place.self(), World.NOW.minus(Duration.ofHours(1))));
        for (LocalMongod local : locals) {
            for (List<PeerMongod> peers :
                    Place.alike(place.otherExpected().stream().map(Place::peers).toList())) {
                SortedMap<Integer, PeerMongod> numbered = Place.numbered(place.otherExpected(), peers);
                for (KubernetesFacts kubernetes : kubernetes(place, numbered)) {
                    for (Approval approval : approvals) {
                        for (SetRecord record : List.of(
                                new SetRecord.Absent(approval, Duration.ZERO),
                                new SetRecord.Formed(OUR_ID, approval),
                                new SetRecord.Formed(OTHER_ID, approval))) {
                            visit(place, local, numbered, kubernetes, record, RootUser.NOT_KEPT);
                        }
                    }
                }
            }
        }
    }

    private void declaredSeeds(Place place) {
        List<List<PeerMongod>> choices =
                place.otherExpected().stream().map(Place::peers).toList();
        List<SetRecord> records = List.of(
                new SetRecord.NotKept(),
                new SetRecord.Unavailable("away"),
                new SetRecord.Absent(),
                new SetRecord.Intended("this-pod", true, Duration.ZERO),
                new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15)),
                Place.recorded());
        for (List<PeerMongod> expected : choices.size() == 3 ? Place.alike(choices) : Place.product(choices)) {
            SortedMap<Integer, PeerMongod> peers = Place.numbered(place.otherExpected(), expected);
            for (KubernetesFacts kubernetes : kubernetes(place, peers)) {
                for (SetRecord record : records) {
                    for (int seed : List.of(place.self(), place.self() + 1)) {
                        for (LocalMongod local : List.of(new LocalMongod.NotYetInitialized(), World.ownData())) {
                            visit.accept(at(place, local, peers, kubernetes, record, RootUser.NOT_KEPT)
                                    .declaredSeed(seed)
                                    .look());
                        }
                    }
                }
            }
        }
    }

    private void deadPrimaries(Place place) {
        List<Integer> members = place.members();
        SetConfig config =
                World.configOf(5, members.stream().map(String::valueOf).toArray(String[]::new));
        for (int dead : members) {
            for (LocalMongod local : dead == place.self() ? endedLocals(place) : followersOf(place, dead)) {
                for (List<PeerMongod> peers : Place.product(place.otherExpected().stream()
                        .map(ordinal -> followersOfADeadPrimary(ordinal, dead))
                        .toList())) {
                    for (Duration inOffice : List.of(Duration.ofSeconds(9), Duration.ofSeconds(11))) {
                        for (int millis : List.of(0, 300, 800, 8001)) {
                            everyRecordAndKubernetes(
                                    place,
                                    local,
                                    Place.numbered(place.otherExpected(), peers),
                                    new DeadPrimary(
                                            World.NAMING.address(dead),
                                            config,
                                            1,
                                            inOffice,
                                            Duration.ofMillis(millis)));
                        }
                    }
                }
            }
        }
    }

    private void everyRecordAndKubernetes(
            Place place, LocalMongod local, SortedMap<Integer, PeerMongod> peers, DeadPrimary dead) {
        for (KubernetesFacts kubernetes : kubernetes(place, peers)) {
            for (SetRecord record :
                    List.of(new SetRecord.NotKept(), new SetRecord.Formed(OUR_ID), new SetRecord.Formed(OTHER_ID))) {
                visit.accept(at(place, local, peers, kubernetes, record, RootUser.NOT_KEPT)
                        .deadPrimary(dead)
                        .look());
            }
        }
    }

    private static List<LocalMongod> endedLocals(Place place) {
        return List.of(
                new LocalMongod.Unreachable("the process has ended"),
                new LocalMongod.Starting(),
                inSet(place, List.of(place.self() + " SECONDARY"), world -> {}));
    }

    private static List<LocalMongod> followersOf(Place place, int dead) {
        return List.of("SECONDARY", "SECONDARY lag=2", "RECOVERING", "PRIMARY").stream()
                .map(state -> inSet(place, List.of(dead + " PRIMARY down", place.self() + " " + state), world -> {}))
                .toList();
    }

    private static List<PeerMongod> followersOfADeadPrimary(int ordinal, int dead) {
        PeerMongod down = World.unknown(PeerMongod.Cause.UNREACHABLE);
        return ordinal == dead
                ? List.of(down)
                : List.of(
                        down,
                        World.applied(ordinal, MemberState.SECONDARY, 1),
                        World.applied(ordinal, MemberState.SECONDARY, 0),
                        World.applied(ordinal, MemberState.PRIMARY, 0),
                        World.applied(ordinal, MemberState.ROLLBACK, 1));
    }

    private void followers(Place place) {
        List<String> others =
                List.of("# PRIMARY", "# PRIMARY down", "# SECONDARY", "# SECONDARY lag=11", "# DOWN down", "");
        for (MemberState state : MemberState.values()) {
            if (state == MemberState.PRIMARY) {
                continue;
            }
            // The name of the highest ordinal that is asked for, as if it led here.
            String mistaken = " host=" + World.host(place.beyond() - 1).replace(":27017", "");
            for (String flag : List.of("", " lag=11", mistaken)) {
                for (List<String> set :
                        place.sets("# " + state + flag, others, List.of("# SECONDARY", "# DOWN down", ""))) {
                    LocalMongod local = inSet(place, set, world -> {});
                    for (SetRecord record : place.records()) {
                        visit(place, local, new TreeMap<>(), place.known(), record, RootUser.NOT_KEPT);
                    }
                }
            }
        }
    }

    private void clones(Place place) {
        for (List<String> set : place.sets(
                "# STARTUP2 joining",
                place.self() == place.beyond() ? Place.COUNTED : Place.OTHERS,
                List.of("# SECONDARY", "# PRIMARY", ""))) {
            for (SourcePreference preference : SourcePreference.values()) {
                for (String source : List.of("", World.host(place.first()), "10.0.0.9")) {
                    for (int progress = 0; progress < 4; progress++) {
                        int copied = progress == 1 ? 1 : 0;
                        int failed = progress == 2 ? 1 : 0;
                        Duration elapsed = Duration.ofSeconds(progress == 3 ? 10 : 0);
                        LocalMongod local = inSet(
                                place,
                                set,
                                world -> world.cloning(source, copied, failed)
                                        .prefers(preference)
                                        .cloningFor(elapsed));
                        visit(place, local, new TreeMap<>(), place.known(), Place.recorded(), RootUser.NOT_KEPT);
                    }
                }
            }
        }
    }

    private void primaries(Place place) {
        boolean leaves = place.self() == place.beyond();
        List<String> others = place.replicas() == 3 && leaves ? Place.COUNTED : Place.OTHERS;
        for (String own : List.of("# PRIMARY", "# PRIMARY host=10.0.0.#")) {
            for (List<String> set : place.sets(own, others, Place.COUNTED)) {
                LocalMongod committed = inSet(place, set, world -> {});
                LocalMongod uncommitted = inSet(place, set, World::uncommitted);
                for (KubernetesFacts kubernetes : place.kubernetes()) {
                    visit(place, uncommitted, new TreeMap<>(), kubernetes, Place.recorded(), RootUser.NOT_KEPT);
                    for (SortedMap<Integer, PeerMongod> peers : place.missing()) {
                        visit(place, committed, peers, kubernetes, Place.recorded(), RootUser.NOT_KEPT);
                    }
                }
                for (int seconds : List.of(1, 31)) {
                    LocalMongod forming = inSet(place, set, world -> world.forming(Duration.ofSeconds(seconds)));
                    for (SortedMap<Integer, PeerMongod> peers : place.missing()) {
                        visit(place, forming, peers, place.known(), Place.recorded(), RootUser.NOT_KEPT);
                    }
                }
            }
        }
    }

    private void primariesAndPeers(Place place) {
        List<String> others = List.of("# SECONDARY", "# STARTUP2 joining", "# SECONDARY host=10.0.0.#", "");
        List<List<PeerMongod>> choices =
                place.otherExpected().stream().map(Place::peers).toList();
        for (List<String> set : place.sets("# PRIMARY", others, List.of(""))) {
            LocalMongod local = inSet(place, set, world -> {});
            for (List<PeerMongod> peers : Place.product(choices)) {
                everyRecordAndKubernetes(place, local, Place.numbered(place.otherExpected(), peers));
            }
        }
    }

    private void primariesAndRootUsers(Place place) {
        for (RootUser rootUser : RootUser.values()) {
            for (List<String> set : place.sets("# PRIMARY", Place.OTHERS, Place.COUNTED)) {
                for (KubernetesFacts kubernetes : place.kubernetes()) {
                    for (SetRecord record : place.records()) {
                        LocalMongod local = inSet(place, set, world -> {});
                        visit(place, local, new TreeMap<>(), kubernetes, record, rootUser);
                    }
                }
            }
        }
    }

    /** Two members, or one and one that is scaled away: the other one in every way that it can be. */
    private void primariesAndOneOther(Place place) {
        for (int other : List.of(place.first() + 1, place.beyond())) {
            for (String word : Place.everyOther(other)) {
                for (KubernetesFacts kubernetes : place.kubernetes()) {
                    LocalMongod local = inSet(place, List.of(place.self() + " PRIMARY", word), world -> {});
                    for (SortedMap<Integer, PeerMongod> peers : place.missing()) {
                        visit(place, local, peers, kubernetes, Place.recorded(), RootUser.NOT_KEPT);
                    }
                }
            }
        }
    }

    private static LocalMongod inSet(Place place, List<String> members, Consumer<World> more) {
        World world = World.pod(place.self()).set(members.toArray(String[]::new));
        more.accept(world);
        return world.look().local();
    }

    private void everyRecordAndKubernetes(Place place, LocalMongod local, SortedMap<Integer, PeerMongod> peers) {
        for (KubernetesFacts kubernetes : kubernetes(place, peers)) {
            for (SetRecord record : place.records()) {
                visit(place, local, peers, kubernetes, record, RootUser.NOT_KEPT);
            }
        }
    }

    /** What Kubernetes can be where the peers are these. */
    private static List<KubernetesFacts> kubernetes(Place place, SortedMap<Integer, PeerMongod> peers) {
        boolean kubernetesSpoke = peers.values().stream().anyMatch(PeerMongod.Absent.class::isInstance);
        return place.kubernetes().stream()
                .filter(kubernetes -> !(kubernetesSpoke && kubernetes instanceof KubernetesFacts.Off))
                .toList();
    }

    private void visit(
            Place place,
            LocalMongod local,
            SortedMap<Integer, PeerMongod> peers,
            KubernetesFacts kubernetes,
            SetRecord record,
            RootUser rootUser) {
        visit.accept(at(place, local, peers, kubernetes, record, rootUser).look());
    }

    private static World at(
            Place place,
            LocalMongod local,
            SortedMap<Integer, PeerMongod> peers,
            KubernetesFacts kubernetes,
            SetRecord record,
            RootUser rootUser) {
        return World.pod(place.self())
                .local(local)
                .peers(peers)
                .kubernetes(kubernetes)
                .replicas(kubernetes instanceof KubernetesFacts.Off ? place.replicas() : 0)
                .firstOrdinal(place.first())
                .record(record)
                .rootUser(rootUser);
    }
}
