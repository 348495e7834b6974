package dev.muster.plan;

import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an empty member does. The only place where a set is initiated. */
final class BootstrapRules {
    /**
     * From the record to the initiate takes milliseconds, and the record is read again in between. A pod that has not
     * initiated by then is gone, or finds that the record is no longer its own.
     */
    static final Duration OTHERS_INTENT = Duration.ofSeconds(15);

    private BootstrapRules() {}

    /**
     * Initiates the set only when it is proven that none exists: this is the first ordinal, it is empty, the record
     * names no set, and every other expected member is provably empty. A member whose state is not known could hold a
     * set. A member that has data without a set is not empty: a clone would replace its data.
     */
    static Verdict initiateOnce(Snapshot snapshot) {
        Self self = snapshot.self();
        if (!(snapshot.local() instanceof LocalMongod.NotYetInitialized)) {
            return Verdict.passes("this member is not empty");
        }
        if (self.ordinal() != snapshot.firstOrdinal()) {
            return Verdict.passes(
                    "only " + self.naming().podName(snapshot.firstOrdinal()) + " initiates, this is " + self.podName());
        }
        return switch (snapshot.wanted()) {
            case Wanted.Unknown unknown ->
                Verdict.forbid(
                        Reason.KUBERNETES_UNAVAILABLE,
                        "empty, and it is not known which other members are wanted: %s",
                        unknown.why());
            case Wanted.Stopped stopped -> Verdict.passes("the StatefulSet is scaled to zero");
            case Wanted.Asked asked -> initiateOnce(snapshot, asked.members().count());
        };
    }

    private static Verdict initiateOnce(Snapshot snapshot, int members) {
        Evidence evidence = Evidence.of(snapshot);
        if (!evidence.inSet().isEmpty()) {
            return Verdict.passes("a set exists: " + String.join(", ", evidence.inSet()));
        }
        if (!evidence.holdsData().isEmpty()) {
            return Verdict.forbid(
                    Reason.HOLDS_DATA,
                    "empty, but does not initiate a replica set, as its initial syncs would replace data: %s",
                    String.join("; ", evidence.holdsData()));
        }
        if (!evidence.unknown().isEmpty()) {
            return Verdict.forbid(
                    Reason.PEERS_UNKNOWN,
                    "empty, but does not initiate the set until every expected member is known to be empty: %s",
                    String.join("; ", evidence.unknown()));
        }
        return switch (snapshot.record()) {
            case SetRecord.Formed formed ->
                formed.allowsNewSet(snapshot.now())
                        ? Verdict.act(
                                new Step.RecordIntended(),
                                Reason.NEW_SET_APPROVED,
                                "records that the set is about to be initiated: an operator approved a new set to replace"
                                        + " %s, whose volumes are gone",
                                formed.replicaSetId())
                        : Verdict.forbid(
                                Reason.NEW_SET_NEEDS_APPROVAL,
                                "every member is empty, but the record says that set %s was initiated: waits for its volumes"
                                        + " to be restored, or for 'muster approve new-set --replica-set-id %s'",
                                formed.replicaSetId(),
                                formed.replicaSetId());
            case SetRecord.Unavailable unavailable ->
                Verdict.forbid(
                        Reason.RECORD_UNAVAILABLE,
                        "empty, and it is not known whether this set was initiated before: %s",
                        unavailable.message());
            case SetRecord.Absent absent ->
                Verdict.act(
                        new Step.RecordIntended(), Reason.INITIATE, "records that the set is about to be initiated");
            case SetRecord.Intended intended -> intended(snapshot, intended, members);
            case SetRecord.NotKept notKept -> initiate(snapshot.self(), members);
        };
    }

    /** Two pods can both be the first ordinal for a while: one on a dead node, and the one that replaced it. */
    private static Verdict intended(Snapshot snapshot, SetRecord.Intended intended, int members) {
        if (intended.byUs()) {
            return initiate(snapshot.self(), members);
        }
        if (intended.lasting().compareTo(OTHERS_INTENT) < 0) {
            return Verdict.forbid(
                    Reason.INTENDED_BY_ANOTHER,
                    "an earlier %s recorded that it was about to initiate the set: waits for the result, then takes over",
                    holders(snapshot.self(), intended));
        }
        return Verdict.act(
                new Step.RecordIntended(),
                Reason.INITIATE,
                "takes over from an earlier %s, which recorded that it was about to initiate the set and did not",
                holders(snapshot.self(), intended));
    }

    private static String holders(Self self, SetRecord.Intended intended) {
        return intended.holders().isEmpty()
                ? self.podName()
                : intended.holders().stream()
                        .sorted()
                        .map(self.naming()::podName)
                        .collect(Collectors.joining(" or "));
    }

    private static Verdict initiate(Self self, int members) {
        return Verdict.act(
                new Step.Initiate(self.address(), self.setName()),
                Reason.INITIATE,
                "initiates the set %s with %s alone: %s provably empty",
                self.setName(),
                self.address(),
                members == 1 ? "the only expected member is" : "all %d expected members are".formatted(members));
    }

    static Verdict waitToJoin(Snapshot snapshot) {
        if (snapshot.local() instanceof LocalMongod.Removed removed) {
            return CloneRules.removed(snapshot, removed.words(), removed.members());
        }
        if (snapshot.local() instanceof LocalMongod.HoldsData data) {
            return Verdict.forbid(
                    Reason.HOLDS_DATA,
                    "has no replica set configuration, but has data of its own, which is left alone: %s",
                    data.what());
        }
        if (!(snapshot.local() instanceof LocalMongod.NotYetInitialized)) {
            return Verdict.passes("this member is in a set");
        }
        List<String> inSet = Evidence.of(snapshot).inSet();
        return inSet.isEmpty()
                ? Verdict.forbidShortly(
                        Reason.AWAIT_FIRST_ORDINAL,
                        "empty; waits for %s to initiate the set, or for an existing set to add this member",
                        snapshot.self().naming().podName(snapshot.firstOrdinal()))
                : Verdict.forbidShortly(
                        Reason.AWAIT_JOIN,
                        "empty; a set exists (%s): waits for its primary's sidecar to add this member",
                        String.join(", ", inSet));
    }

    /**
     * What the peers prove.
     *
     * @param inSet the peers that hold a set, each as part of a sentence
     * @param holdsData the peers without a set, but with data that a clone would replace
     * @param unknown the peers that could hold a set
     */
    private record Evidence(List<String> inSet, List<String> holdsData, List<String> unknown) {
        static Evidence of(Snapshot snapshot) {
            List<String> inSet = new ArrayList<>();
            List<String> holdsData = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            Set<Integer> intended =
                    snapshot.record() instanceof SetRecord.Intended intent ? intent.holders() : Set.of();
            snapshot.otherOrdinals().forEach(ordinal -> {
                String words = snapshot.self().naming().podName(ordinal)
                        + (intended.contains(ordinal) ? " (may have initiated the set earlier): " : ": ")
                        + snapshot.peer(ordinal).words();
                switch (snapshot.peer(ordinal)) {
                    case PeerMongod.InSet peer -> inSet.add(words);
                    case PeerMongod.Removed peer -> inSet.add(words);
                    case PeerMongod.HoldsData peer -> holdsData.add(words);
                    case PeerMongod.Unknown peer -> unknown.add(words);
                    case PeerMongod.NotAsked peer -> unknown.add(words);
                    case PeerMongod.NotYetInitialized peer -> {}
                    case PeerMongod.Absent peer -> {}
                }
            });
            return new Evidence(inSet, holdsData, unknown);
        }
    }
}
