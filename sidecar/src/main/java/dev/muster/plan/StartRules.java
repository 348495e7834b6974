package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
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
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
        Optional<Known> known = Known.of(snapshot, record.replicaSetId());
        if (known.isPresent()) {
            return ofKnownSet(snapshot, known.get());
        }
        if (!(snapshot.kubernetes() instanceof KubernetesFacts.Known)) {
            return await(
                    snapshot,
                    "its volume is empty, and it is not known which other members are wanted, as Kubernetes does not answer");
        }
        List<String> others = mayHaveData(snapshot, snapshot.otherOrdinals());
        return others.size() <= 1 ? startBeside(others) : awaitOthers(snapshot, others);
    }

    private static List<Verdict> ofKnownSet(Snapshot snapshot, Known set) {
        if (set.hasUnknownNames()) {
            return start(
                    "the set has voters under names of their own, and nothing tells whether this member is one of them");
        }
        if (!set.isVoter()) {
            return set.isOnMajority()
                    ? start("a majority of the set has a configuration in which it has no vote")
                    : await(
                            snapshot,
                            "its volume is empty: waits until a majority of the set is known to have the configuration in which"
                                    + " it has no vote: %s",
                            Words.some(
                                    snapshot.otherOrdinals()
                                            .mapToObj(ordinal -> MemberRules.describe(snapshot, ordinal))
                                            .toList(),
                                    "; "));
        }
        List<String> others = set.othersWithData();
        if (others.size() <= 1) {
            return startBeside(others);
        }
        return set.needsAllThatHaveData(others.size())
                ? start("without a vote from each of the %d others that may have data, nobody can be elected: %s"
                        .formatted(others.size(), Words.some(others, "; ")))
                : awaitOthers(snapshot, others);
    }

    /** @param others the one other member that may have data, in words, if there is one */
    private static List<Verdict> startBeside(List<String> others) {
        return start(
                others.isEmpty()
                        ? "no other member can have data"
                        : "only one other member may have data, so no election can lose it: " + others.getFirst());
    }

    private static List<Verdict> awaitOthers(Snapshot snapshot, List<String> others) {
        return await(
                snapshot,
                "its volume is empty, and the set may count on its vote, which could elect a member that lacks an acknowledged"
                        + " write: waits until the primary's sidecar has taken that vote away. These may have data: %s%s",
                Words.some(others, "; "),
                newest(snapshot));
    }

    /** It says so on its pod first: the primary's sidecar takes the vote of a member that does. */
    private static List<Verdict> await(Snapshot snapshot, String format, Object... arguments) {
        Verdict waits = Verdict.forbidShortly(Reason.AWAIT_START, format, arguments);
        return snapshot.heldPod(snapshot.self().ordinal()).isPresent()
                ? List.of(waits)
                : List.of(
                        Verdict.act(
                                new Step.TellHeld(),
                                Reason.AWAIT_START,
                                "says on its pod that its volume is empty and that mongod waits"),
                        waits);
    }

    /** Which of these ordinals may have data, in words. */
    private static List<String> mayHaveData(Snapshot snapshot, IntStream ordinals) {
        return ordinals.filter(snapshot::mayHaveData)
                .mapToObj(ordinal -> MemberRules.describe(snapshot, ordinal))
                .toList();
    }

    /**
     * The recorded set, as those of its members that answer know it.
     *
     * @param config the newest configuration that any of them has
     * @param members those that answer, by ordinal
     */
    private record Known(Snapshot snapshot, SetConfig config, Map<Integer, PeerMongod.InSet> members) {
        /** Empty where none answers. */
        static Optional<Known> of(Snapshot snapshot, String replicaSetId) {
            Map<Integer, PeerMongod.InSet> members = new TreeMap<>();
            snapshot.otherOrdinals().forEach(ordinal -> {
                if (snapshot.peer(ordinal) instanceof PeerMongod.InSet member
                        && member.replicaSetId().equals(replicaSetId)
                        && member.config().isPresent()) {
                    members.put(ordinal, member);
                }
            });
            return members.values().stream()
                    .flatMap(member -> member.config().stream())
                    .max(SetConfig.OLDEST_FIRST)
                    .map(newest -> new Known(snapshot, newest, members));
        }

        /** Whether a majority of the voters is known to have that configuration. */
        boolean isOnMajority() {
            long having = members.values().stream()
                    .filter(member ->
                            member.config().filter(own -> own.isAtLeast(config)).isPresent())
                    .map(PeerMongod.InSet::knownAs)
                    // One that answers under two names is one member.
                    .distinct()
                    .filter(host -> config.member(host)
                            .filter(voter -> voter.votes() > 0)
                            .isPresent())
                    .count();
            return 2 * having > config.voters();
        }

        /** Whether the configuration gives this member a vote with which it could do harm: an arbiter never has data. */
        boolean isVoter() {
            return config.member(ownHost())
                    .filter(member -> member.votes() > 0 && !member.arbiterOnly())
                    .isPresent();
        }

        /**
         * Whether this member is not in the configuration by its stable name, and may be a voter under another one. Then
         * the primary's sidecar could not tell either whose vote to take.
         */
        boolean hasUnknownNames() {
            return config.member(ownHost()).isEmpty()
                    && config.members().stream()
                            .filter(member -> member.votes() > 0)
                            .anyMatch(member -> ordinalOf(member.host()).isEmpty());
        }

        /** The other voters that may have data, in words. */
        List<String> othersWithData() {
            return otherVoters()
                    .filter(member -> !member.arbiterOnly())
                    .flatMap(member -> {
                        OptionalInt ordinal = ordinalOf(member.host());
                        return ordinal.isPresent()
                                ? mayHaveData(snapshot, IntStream.of(ordinal.getAsInt())).stream()
                                : Stream.of(member.host() + ": it is not known which pod it is");
                    })
                    .toList();
        }

        /**
         * Whether no majority is possible without a vote from each member that may have data, also if this member starts.
         * Then the elected member has every write that another one has. Of the members without data, those that run vote, and
         * the others start in the order of their ordinals, for as long as that holds.
         *
         * @param withData how many other voters may have data
         */
        boolean needsAllThatHaveData(int withData) {
            long withoutData = 1 + otherVoters().filter(this::votesWithoutData).count();
            return withoutData + withData <= config.voters() / 2 + 1;
        }

        /** Whether that voter votes without data now, or starts before this one. */
        private boolean votesWithoutData(ConfigMember member) {
            if (member.arbiterOnly()) {
                return true;
            }
            OptionalInt ordinal = ordinalOf(member.host());
            if (ordinal.isEmpty() || snapshot.mayHaveData(ordinal.getAsInt())) {
                return false;
            }
            PeerMongod peer = snapshot.peer(ordinal.getAsInt());
            boolean waits = peer instanceof PeerMongod.Held || peer instanceof PeerMongod.Absent;
            return !waits || ordinal.getAsInt() < snapshot.self().ordinal();
        }

        private Stream<ConfigMember> otherVoters() {
            return config.members().stream()
                    .filter(member -> member.votes() > 0 && !member.host().equals(ownHost()));
        }

        private HostAddress ownHost() {
            return snapshot.self().address();
        }

        /** The ordinal of that member, if its name or one of the members tells. */
        private OptionalInt ordinalOf(HostAddress host) {
            OptionalInt byName = snapshot.self().naming().ordinalOf(host);
            return byName.isPresent()
                    ? byName
                    : members.entrySet().stream()
                            .filter(entry -> entry.getValue().knownAs().equals(host))
                            .mapToInt(Map.Entry::getKey)
                            .findFirst();
        }
    }

    /** For an operator who has to decide whose data stays, where no primary does. */
    private static String newest(Snapshot snapshot) {
        return snapshot.isPrimaryAmongPeers()
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
