package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an empty member does. The only place where a set can be made. */
final class BootstrapRules {
    /**
     * From the record to the initiate takes milliseconds, and the record is read again in between: who has not done it by
     * then is gone, or finds that the record is no longer its own.
     */
    static final Duration OTHERS_INTENT = Duration.ofSeconds(15);

    private BootstrapRules() {}

    /**
     * Makes the set when, and only when, it is proven that none exists: this is the first ordinal, it is empty, the
     * record does not speak of a set, and every other expected member is provably empty. Whatever is not known counts
     * as a set that could be there. One that has data without a set is not empty: it would be cloned over.
     */
    static Verdict initiateOnce(Snapshot snapshot) {
        Self self = snapshot.self();
        if (!(snapshot.local() instanceof LocalMongod.NotYetInitialized)) {
            return Verdict.passes("this member is not empty");
        }
        if (self.ordinal() != snapshot.firstOrdinal()) {
            return Verdict.passes(
                    "only " + self.naming().podName(snapshot.firstOrdinal()) + " may, this is " + self.podName());
        }
        return switch (snapshot.wanted()) {
            case Wanted.Unknown unknown ->
                Verdict.forbid(
                        Reason.KUBERNETES_UNAVAILABLE,
                        "empty, but cannot tell which other members are wanted: %s",
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
                    "empty, but will not make a set before every expected member is known to be empty: %s",
                    String.join("; ", evidence.unknown()));
        }
        return switch (snapshot.record()) {
            case SetRecord.Formed formed ->
                formed.approval().equals(new Approval.NewSet(formed.replicaSetId()))
                        ? Verdict.act(
                                new Step.RecordIntended(),
                                Reason.NEW_SET_APPROVED,
                                "a person approved a new set in the place of %s, whose volumes are gone",
                                formed.replicaSetId())
                        : Verdict.forbid(
                                Reason.NEW_SET_NEEDS_APPROVAL,
                                "every member is empty, but the record says that set %s was made: waits for its volumes, or"
                                        + " for 'muster approve new-set --replica-set-id %s'",
                                formed.replicaSetId(),
                                formed.replicaSetId());
            case SetRecord.Unavailable unavailable ->
                Verdict.forbid(
                        Reason.RECORD_UNAVAILABLE,
                        "cannot tell whether this set was made before: %s",
                        unavailable.message());
            case SetRecord.Absent absent ->
                Verdict.act(new Step.RecordIntended(), Reason.INITIATE, "records that the set is about to be made");
            case SetRecord.Intended intended -> intended(snapshot, intended, members);
            case SetRecord.NotKept notKept -> initiate(snapshot.self(), members);
        };
    }

    /** Two pods can take themselves for the first ordinal: one on a dead node, and the one that replaced it. */
    private static Verdict intended(Snapshot snapshot, SetRecord.Intended intended, int members) {
        if (intended.byUs()) {
            return initiate(snapshot.self(), members);
        }
        if (intended.lasting().compareTo(OTHERS_INTENT) < 0) {
            return Verdict.forbid(
                    Reason.INTENDED_BY_ANOTHER,
                    "an earlier %s recorded that it was about to make the set: waits for its result, then takes over",
                    snapshot.self().podName());
        }
        return Verdict.act(
                new Step.RecordIntended(),
                Reason.INITIATE,
                "takes over from an earlier %s, which recorded that it was about to make the set and did not",
                snapshot.self().podName());
    }

    private static Verdict initiate(Self self, int members) {
        return Verdict.act(
                new Step.Initiate(self.address(), self.setName()),
                Reason.INITIATE,
                "makes the set %s with %s alone: all %d expected members are provably empty",
                self.setName(),
                self.address(),
                members);
    }

    static Verdict waitToJoin(Snapshot snapshot) {
        if (snapshot.local() instanceof LocalMongod.Removed removed) {
            return Verdict.forbid(
                    Reason.REMOVED,
                    "holds the data of %s, whose configuration does not name it: waits for the primary's sidecar",
                    removed.replicaSetId());
        }
        if (snapshot.local() instanceof LocalMongod.HoldsData data) {
            return Verdict.forbid(
                    Reason.HOLDS_DATA,
                    "has no replica set configuration, but data of its own, which is left alone: %s",
                    data.what());
        }
        if (!(snapshot.local() instanceof LocalMongod.NotYetInitialized)) {
            return Verdict.passes("this member is in a set");
        }
        List<String> inSet = Evidence.of(snapshot).inSet();
        return inSet.isEmpty()
                ? Verdict.forbidShortly(
                        Reason.AWAIT_FIRST_ORDINAL,
                        "empty; waits for %s to make the set, or for a set to let it in",
                        snapshot.self().naming().podName(snapshot.firstOrdinal()))
                : Verdict.forbidShortly(
                        Reason.AWAIT_JOIN,
                        "empty; a set exists (%s): waits for it to send its configuration",
                        String.join(", ", inSet));
    }

    /**
     * What the peers prove.
     *
     * @param inSet who holds a set, as sentences' parts
     * @param holdsData those without a set, but with data that a clone would replace
     * @param unknown who could hold one
     */
    private record Evidence(List<String> inSet, List<String> holdsData, List<String> unknown) {
        static Evidence of(Snapshot snapshot) {
            List<String> inSet = new ArrayList<>();
            List<String> holdsData = new ArrayList<>();
            List<String> unknown = new ArrayList<>();
            snapshot.otherOrdinals().forEach(ordinal -> {
                String words = snapshot.self().naming().podName(ordinal)
                        + ": "
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
