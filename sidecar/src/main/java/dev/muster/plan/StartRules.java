package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether {@code mongod} may start on a volume that has never been used. A voter that has lost its data votes as soon as
 * it runs, and with a member that lacks an acknowledged write it would elect that member. So while a set is recorded, it
 * starts only when its vote cannot do that.
 */
final class StartRules {
    private StartRules() {}

    static List<Verdict> start(Snapshot snapshot) {
        if (!(snapshot.local() instanceof LocalMongod.NotStarted)) {
            return List.of(Verdict.passes("mongod has been allowed to start"));
        }
        return switch (snapshot.record()) {
            case SetRecord.Absent absent -> start("no set is recorded");
            case SetRecord.Intended intended -> start("no set is recorded yet");
            case SetRecord.NotKept notKept -> start("no record is kept");
            case SetRecord.Unavailable unavailable ->
                List.of(Verdict.forbidShortly(
                        Reason.RECORD_UNAVAILABLE,
                        "its volume is empty, and it is not known whether a set is recorded that counts on this member: %s",
                        unavailable.message()));
            case SetRecord.Formed formed -> ofRecordedSet(snapshot, formed);
        };
    }

    private static List<Verdict> start(String why) {
        // If the step gives way to others, there are none before mongod runs.
        return List.of(
                Verdict.act(new Step.StartMongod(), Reason.START, "lets mongod start on its empty volume: %s", why),
                Verdict.forbidShortly(Reason.AWAIT_START, "mongod is about to start"));
    }

    private static List<Verdict> ofRecordedSet(Snapshot snapshot, SetRecord.Formed record) {
        Recorded set = Recorded.of(snapshot, record.replicaSetId());
        if (set.config().isPresent()
                && hasUnknownNames(snapshot, set, set.config().get())) {
            return start(
                    "the set has voters under names of their own, and nothing tells whether this member is one of them");
        }
        if (set.config().isPresent() && !isVoter(snapshot, set.config().get())) {
            return set.isOnMajority()
                    ? start("a majority of the set has a configuration in which it has no vote")
                    : await(
                            snapshot,
                            "its volume is empty: waits until a majority of the set is known to have the configuration in which"
                                    + " it has no vote: %s",
                            words(snapshot, snapshot.otherOrdinals()));
        }
        Optional<List<String>> others = mayHaveData(snapshot, set);
        if (others.isEmpty()) {
            return await(
                    snapshot,
                    "its volume is empty, and it is not known which other members are wanted, as Kubernetes does not answer");
        }
        if (others.get().size() <= 1) {
            return start(
                    others.get().isEmpty()
                            ? "no other member can have data"
                            : "only one other member may have data, so no election can lose it: "
                                    + others.get().getFirst());
        }
        if (set.config().isPresent()
                && needsAllThatHaveData(
                        snapshot, set, set.config().get(), others.get().size())) {
            return start("without a vote from each of the %d others that may have data, nobody can be elected: %s"
                    .formatted(others.get().size(), String.join("; ", others.get())));
        }
        return await(
                snapshot,
                "its volume is empty, and the set may count on its vote, which could elect a member that lacks an acknowledged"
                        + " write: waits until the primary's sidecar has taken that vote away. These may have data: %s%s",
                String.join("; ", others.get()),
                newest(snapshot));
    }

    /** It says so on its pod first: the primary's sidecar takes the vote of a member that does. */
    private static List<Verdict> await(Snapshot snapshot, String format, Object... arguments) {
        Verdict waits = Verdict.forbidShortly(Reason.AWAIT_START, format, arguments);
        boolean isTold = snapshot.kubernetes() instanceof KubernetesFacts.Known known
                && known.heldPod(snapshot.self().ordinal()).isPresent();
        return isTold
                ? List.of(waits)
                : List.of(
                        Verdict.act(
                                new Step.TellHeld(),
                                Reason.AWAIT_START,
                                "says on its pod that its volume is empty and that mongod waits"),
                        waits);
    }

    /**
     * The recorded set, as its members know it.
     *
     * @param config the newest configuration that any of them has; empty where none answers
     * @param hosts the members under which names answered, by ordinal
     * @param having how many voters of that configuration have it
     */
    private record Recorded(Optional<SetConfig> config, Map<HostAddress, Integer> hosts, long having) {
        static Recorded of(Snapshot snapshot, String replicaSetId) {
            Map<Integer, PeerMongod.InSet> members = snapshot.otherOrdinals()
                    .filter(ordinal -> snapshot.peer(ordinal) instanceof PeerMongod.InSet member
                            && member.replicaSetId().equals(replicaSetId)
                            && member.config().isPresent())
                    .boxed()
                    .collect(Collectors.toMap(
                            Function.identity(), ordinal -> (PeerMongod.InSet) snapshot.peer(ordinal)));
            Optional<SetConfig> newest = members.values().stream()
                    .flatMap(member -> member.config().stream())
                    .max(Comparator.comparingLong(SetConfig::term).thenComparingLong(SetConfig::version));
            Map<HostAddress, Integer> hosts = members.entrySet().stream()
                    .collect(Collectors.toMap(
                            entry -> entry.getValue().knownAs(), Map.Entry::getKey, (one, other) -> one));
            long having = members.values().stream()
                    .filter(member -> newest.isPresent()
                            && member.config().get().isAtLeast(newest.get())
                            && newest.get()
                                    .member(member.knownAs())
                                    .filter(voter -> voter.votes() > 0)
                                    .isPresent())
                    .count();
            return new Recorded(newest, hosts, having);
        }

        boolean isOnMajority() {
            return config.isPresent() && 2 * having > config.get().voters();
        }

        /** The ordinal of that member, if its name or one of the members tells. */
        OptionalInt ordinalOf(Snapshot snapshot, HostAddress host) {
            OptionalInt byName = snapshot.self().naming().ordinalOf(host);
            Integer told = hosts.get(host);
            return byName.isPresent() || told == null ? byName : OptionalInt.of(told);
        }
    }

    private static boolean isVoter(Snapshot snapshot, SetConfig config) {
        return config.member(snapshot.self().address())
                .filter(member -> member.votes() > 0 && !member.arbiterOnly())
                .isPresent();
    }

    /**
     * Whether this member is not in the configuration by its stable name, and may be a voter under another one. Then the
     * primary's sidecar could not tell either whose vote to take.
     */
    private static boolean hasUnknownNames(Snapshot snapshot, Recorded set, SetConfig config) {
        return config.member(snapshot.self().address()).isEmpty()
                && config.members().stream()
                        .filter(member -> member.votes() > 0)
                        .anyMatch(
                                member -> set.ordinalOf(snapshot, member.host()).isEmpty());
    }

    /**
     * Whether every majority has all members in it that may have data, if this one starts too. Then whoever is elected lacks
     * nothing that another one has. Of the members without data, those that run vote, and the others start in the order of
     * their ordinals, for as long as that holds.
     */
    private static boolean needsAllThatHaveData(Snapshot snapshot, Recorded set, SetConfig config, int withData) {
        long withoutData = 1
                + config.members().stream()
                        .filter(member -> member.votes() > 0
                                && !member.host().equals(snapshot.self().address()))
                        .filter(member -> votesWithoutData(snapshot, set, member))
                        .count();
        return withoutData + withData <= config.voters() / 2 + 1;
    }

    /** Whether that voter votes without data now, or starts before this one. */
    private static boolean votesWithoutData(Snapshot snapshot, Recorded set, ConfigMember member) {
        OptionalInt ordinal = set.ordinalOf(snapshot, member.host());
        if (member.arbiterOnly()) {
            return true;
        }
        if (ordinal.isEmpty() || snapshot.peer(ordinal.getAsInt()).mayHaveData()) {
            return false;
        }
        PeerMongod peer = snapshot.peer(ordinal.getAsInt());
        return !(peer instanceof PeerMongod.Held || peer instanceof PeerMongod.Absent)
                || ordinal.getAsInt() < snapshot.self().ordinal();
    }

    /** The other voters that may have data, in words; empty where it is not known who they are. */
    private static Optional<List<String>> mayHaveData(Snapshot snapshot, Recorded set) {
        if (set.config().isEmpty()) {
            return snapshot.kubernetes() instanceof KubernetesFacts.Known
                    ? Optional.of(holders(snapshot, snapshot.otherOrdinals()))
                    : Optional.empty();
        }
        HostAddress own = snapshot.self().address();
        return Optional.of(set.config().get().members().stream()
                .filter(member -> member.votes() > 0 && !member.arbiterOnly())
                .filter(member -> !member.host().equals(own))
                .flatMap(member -> {
                    OptionalInt ordinal = set.ordinalOf(snapshot, member.host());
                    return ordinal.isPresent()
                            ? holders(snapshot, IntStream.of(ordinal.getAsInt())).stream()
                            : List.of(member.host() + ": it is not known which pod it is").stream();
                })
                .toList());
    }

    private static List<String> holders(Snapshot snapshot, IntStream ordinals) {
        return ordinals.filter(ordinal -> snapshot.peer(ordinal).mayHaveData())
                .mapToObj(ordinal -> describe(snapshot, ordinal))
                .toList();
    }

    private static String words(Snapshot snapshot, IntStream ordinals) {
        return ordinals.mapToObj(ordinal -> describe(snapshot, ordinal)).collect(Collectors.joining("; "));
    }

    private static String describe(Snapshot snapshot, int ordinal) {
        return snapshot.self().naming().podName(ordinal)
                + ": "
                + snapshot.peer(ordinal).words();
    }

    /** For an operator who has to decide whose data stays, where no primary does. */
    private static String newest(Snapshot snapshot) {
        boolean isPrimaryVisible = snapshot.peers().values().stream()
                .anyMatch(peer -> peer instanceof PeerMongod.InSet member && member.state() == MemberState.PRIMARY);
        return isPrimaryVisible
                ? ""
                : snapshot.otherOrdinals()
                        .boxed()
                        .filter(ordinal -> applied(snapshot, ordinal).isPresent())
                        .max(Comparator.comparing(
                                ordinal -> applied(snapshot, ordinal).orElseThrow()))
                        .map(ordinal -> newest(
                                snapshot, ordinal, applied(snapshot, ordinal).orElseThrow()))
                        .orElse("");
    }

    private static String newest(Snapshot snapshot, int ordinal, OpTime applied) {
        return ". There is no primary; of those that answer, %s has the newest write, of %s in term %d"
                .formatted(
                        snapshot.self().naming().podName(ordinal),
                        Instant.ofEpochSecond(applied.seconds()),
                        applied.term());
    }

    private static Optional<OpTime> applied(Snapshot snapshot, int ordinal) {
        return snapshot.peer(ordinal) instanceof PeerMongod.InSet member ? member.applied() : Optional.empty();
    }
}
