package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * One place in a StatefulSet, and all that Kubernetes, the record, the peers and the members can be as seen from there.
 * A place beyond the replicas is that of a pod that is being scaled away.
 */
record Place(int first, int replicas, int self) {
    /** What another member can be to a decision. {@code #} stands for its ordinal. */
    static final List<String> OTHERS = List.of(
            "# SECONDARY",
            "# SECONDARY lag=11",
            "# SECONDARY down",
            "# SECONDARY novote",
            "# SECONDARY novote down",
            "# SECONDARY joining",
            "# SECONDARY joining lag=11",
            "# SECONDARY joining down",
            "# STARTUP2",
            "# STARTUP2 joining",
            "# STARTUP2 joining emptied=a",
            "# SECONDARY emptied=a",
            "# DOWN joining down",
            "# SECONDARY host=10.0.0.#",
            "# SECONDARY host=10.0.0.# down",
            "# SECONDARY host=db#.example.com",
            "# PRIMARY",
            "");

    /** The part of it that matters where a member is only to be counted. */
    static final List<String> COUNTED =
            List.of("# SECONDARY", "# SECONDARY lag=11", "# SECONDARY down", "# SECONDARY novote", "");

    /** The ordinals that hold members: those expected, and beyond them as many as make three, at least one. */
    List<Integer> members() {
        return IntStream.rangeClosed(first, first + Math.max(2, replicas))
                .boxed()
                .toList();
    }

    List<Integer> otherExpected() {
        return IntStream.range(first, first + replicas)
                .filter(ordinal -> ordinal != self)
                .boxed()
                .toList();
    }

    int beyond() {
        return first + replicas;
    }

    /** What the missing members can be, and those without data, all alike. */
    List<SortedMap<Integer, PeerMongod>> missing() {
        return List.of(
                peersOf(ordinal -> new PeerMongod.NotYetInitialized()),
                peersOf(ordinal -> new PeerMongod.Held("pod-" + ordinal)),
                peersOf(ordinal -> World.holdsData()),
                peersOf(ordinal -> World.unknown(PeerMongod.Cause.TIMEOUT)),
                peersOf(ordinal -> World.inSet(OUR_ID, "10.0.0." + ordinal, MemberState.SECONDARY)),
                peersOf(ordinal -> World.inSet(OUR_ID, "db" + ordinal + ".example.com", MemberState.SECONDARY)),
                peersOf(ordinal -> World.cloning(ordinal, "a")));
    }

    /** Every set of these: the own member, one of {@code others} for each expected ordinal, of {@code beyond} for the rest. */
    List<List<String>> sets(String own, List<String> others, List<String> beyond) {
        List<List<String>> choices = new ArrayList<>();
        for (int ordinal : members()) {
            List<String> words = ordinal == self ? List.of(own) : ordinal < beyond() ? others : beyond;
            choices.add(words.stream()
                    .map(word -> word.replace("#", Integer.toString(ordinal)))
                    .toList());
        }
        return product(choices).stream()
                .map(set -> set.stream().filter(word -> !word.isEmpty()).toList())
                .toList();
    }

    static List<String> everyOther(int ordinal) {
        List<String> words = new ArrayList<>();
        for (MemberState state : MemberState.values()) {
            for (String vote : List.of("", " novote", " joining")) {
                for (String seen : List.of("", " down", " unseen", " unheard", " lag=10", " lag=11")) {
                    for (String host : List.of("", " host=10.0.0." + ordinal)) {
                        words.add(ordinal + " " + state + vote + seen + host);
                    }
                }
            }
        }
        return words;
    }

    List<KubernetesFacts> kubernetes() {
        List<Integer> others =
                members().stream().filter(ordinal -> ordinal != self).toList();
        return List.of(
                new KubernetesFacts.Off(),
                new KubernetesFacts.Unavailable("away"),
                known(),
                terminating(List.of(self)),
                terminating(others),
                terminating(members()),
                new KubernetesFacts.Known(0, first, new TreeMap<>()));
    }

    KubernetesFacts known() {
        return terminating(List.of());
    }

    private KubernetesFacts terminating(List<Integer> ordinals) {
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        members()
                .forEach(ordinal -> pods.put(
                        ordinal,
                        new KubernetesFacts.Pod(
                                ordinals.contains(ordinal) ? Optional.of(World.FIRST_END) : Optional.empty())));
        return new KubernetesFacts.Known(replicas, first, pods);
    }

    static List<PeerMongod> peers(int ordinal) {
        return List.of(
                new PeerMongod.NotAsked(),
                World.unknown(PeerMongod.Cause.UNREACHABLE, Duration.ofSeconds(1)),
                World.unknown(PeerMongod.Cause.NO_SUCH_NAME, Duration.ofHours(1)),
                new PeerMongod.Absent(),
                new PeerMongod.Held("pod-" + ordinal),
                new PeerMongod.NotYetInitialized(),
                World.holdsData(),
                new PeerMongod.Removed(OUR_ID),
                new PeerMongod.Removed(OTHER_ID),
                World.inSet(OUR_ID, World.host(ordinal), MemberState.SECONDARY),
                World.inSet(OUR_ID, "10.0.0." + ordinal, MemberState.SECONDARY),
                World.inSet(OTHER_ID, "10.0.0." + ordinal, MemberState.PRIMARY));
    }

    /** What another member can be to one whose mongod has not been started. */
    List<PeerMongod> peersOfHeld(int ordinal) {
        String[] all = members().stream().map(String::valueOf).toArray(String[]::new);
        String[] withoutUs = members().stream()
                .map(each -> each + (each == self ? " novote" : ""))
                .toArray(String[]::new);
        String[] named = members().stream()
                .map(each -> each == self ? "db.example.com:27017" : String.valueOf(each))
                .toArray(String[]::new);
        return List.of(
                World.unknown(PeerMongod.Cause.NO_SUCH_NAME),
                new PeerMongod.Absent(),
                new PeerMongod.Held("pod-" + ordinal),
                new PeerMongod.NotYetInitialized(),
                World.holdsData(),
                new PeerMongod.Removed(OUR_ID),
                World.cloning(ordinal, "a"),
                World.inSet(OTHER_ID, World.host(ordinal), MemberState.PRIMARY),
                World.inSet(OUR_ID, World.host(ordinal), MemberState.SECONDARY),
                World.knows(ordinal, MemberState.SECONDARY, 5, all),
                World.knows(ordinal, MemberState.PRIMARY, 6, withoutUs),
                World.knows(ordinal, MemberState.PRIMARY, 7, named));
    }

    static SetRecord recorded() {
        return new SetRecord.Formed(OUR_ID);
    }

    List<SetRecord> records() {
        List<SetRecord> records = new ArrayList<>(List.of(
                new SetRecord.NotKept(),
                new SetRecord.Unavailable("away"),
                new SetRecord.Absent(),
                new SetRecord.Intended("this-pod", true, Duration.ZERO),
                new SetRecord.Intended("another-pod", false, Duration.ofSeconds(14)),
                new SetRecord.Intended("another-pod", false, Duration.ofSeconds(15)),
                World.seedApproved(self),
                World.seedApproved(self + 1),
                new SetRecord.Absent(World.seed(self), Duration.ofHours(1)),
                new SetRecord.Intended("this-pod", Set.of(self), true, Duration.ZERO, World.seed(self)),
                new SetRecord.Intended("another-pod", Set.of(self), false, Duration.ofSeconds(15), World.seed(self)),
                new SetRecord.Formed(OUR_ID, World.seed(self, OUR_ID)),
                new SetRecord.Formed(OUR_ID, World.seed(self, OTHER_ID)),
                new SetRecord.Formed(OUR_ID, World.seed(self))));
        List<Approval> approvals = List.of(
                new Approval.None(),
                World.newSet(OUR_ID),
                World.newSet(OTHER_ID),
                new Approval.NewSet(OUR_ID, World.NOW.minus(Duration.ofHours(1))),
                force(OUR_ID, 5, 1, self, World.NOW),
                force(OUR_ID, 5, 1, self, World.NOW.minus(Duration.ofMinutes(10))),
                force(OUR_ID, 5, 0, self, World.NOW),
                force(OUR_ID, 5, 1, self + 1, World.NOW),
                force(OUR_ID, 4, 1, self, World.NOW),
                force(OTHER_ID, 5, 1, self, World.NOW));
        for (String id : List.of(OUR_ID, OTHER_ID)) {
            approvals.forEach(approval -> records.add(new SetRecord.Formed(id, approval)));
        }
        return records;
    }

    /** All other expected members are down, as in some of the worlds; in all others it is another incident. */
    private Approval force(String id, long version, long term, int survivor, Instant givenAt) {
        List<HostAddress> down =
                otherExpected().stream().map(World.NAMING::address).toList();
        return new Approval.ForceReconfig(new Approval.Incident(id, version, term, survivor, down), givenAt);
    }

    private SortedMap<Integer, PeerMongod> peersOf(IntFunction<PeerMongod> what) {
        SortedMap<Integer, PeerMongod> peers = new TreeMap<>();
        otherExpected().forEach(ordinal -> peers.put(ordinal, what.apply(ordinal)));
        return peers;
    }

    static SortedMap<Integer, PeerMongod> numbered(List<Integer> ordinals, List<PeerMongod> peers) {
        SortedMap<Integer, PeerMongod> numbered = new TreeMap<>();
        for (int i = 0; i < ordinals.size(); i++) {
            numbered.put(ordinals.get(i), peers.get(i));
        }
        return numbered;
    }

    /** The first choice of all, the second of all, and so on. */
    static <T> List<List<T>> alike(List<List<T>> choices) {
        return choices.isEmpty()
                ? List.of(List.of())
                : IntStream.range(0, choices.getFirst().size())
                        .mapToObj(i ->
                                choices.stream().map(choice -> choice.get(i)).toList())
                        .toList();
    }

    static <T> List<List<T>> product(List<List<T>> choices) {
        List<List<T>> products = List.of(List.of());
        for (List<T> choice : choices) {
            List<List<T>> longer = new ArrayList<>();
            for (List<T> product : products) {
                for (T one : choice) {
                    List<T> with = new ArrayList<>(product);
                    with.add(one);
                    longer.add(with);
                }
            }
            products = longer;
        }
        return products;
    }
}
