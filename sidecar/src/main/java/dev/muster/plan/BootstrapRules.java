package dev.muster.plan;

import dev.muster.model.LocalMongod;
import dev.muster.model.Naming;
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

/** What a member without a set does. The only place where a set is initiated. */
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
     * set. A member that has data without a set is not empty: a clone would replace its data. Only where an operator
     * named that member, the set is initiated there, whatever its ordinal, and nowhere else.
     */
    static Verdict initiateOnce(Snapshot snapshot) {
        if (!isWithoutSet(snapshot.local())) {
            return Verdict.passes("this member is in a set, or cannot be in one");
        }
        Naming naming = snapshot.self().naming();
        boolean hasData = snapshot.local() instanceof LocalMongod.HoldsData;
        if (hasData && !snapshot.isSeed()) {
            return Verdict.passes("this member has data that no operator named as the set's");
        }
        if (!hasData && !snapshot.isSeed() && snapshot.self().ordinal() != snapshot.firstOrdinal()) {
            return Verdict.passes("only " + naming.podName(initiator(snapshot)) + " initiates, this is "
                    + snapshot.self().podName());
        }
        return switch (snapshot.wanted()) {
            case Wanted.Unknown unknown ->
                Verdict.forbid(
                        Reason.KUBERNETES_UNAVAILABLE,
                        "%s, and it is not known which other members are wanted: %s",
                        ownWords(snapshot),
                        unknown.why());
            case Wanted.Stopped stopped -> Verdict.passes("the StatefulSet is scaled to zero");
            case Wanted.Asked asked ->
                asked.includes(snapshot.self().ordinal())
                        ? initiateOnce(snapshot, asked.members().count())
                        : Verdict.passes("the StatefulSet does not ask for this member");
        };
    }

    private static boolean isWithoutSet(LocalMongod local) {
        return local instanceof LocalMongod.NotYetInitialized || local instanceof LocalMongod.HoldsData;
    }

    private static int initiator(Snapshot snapshot) {
        return snapshot.seed().orElse(snapshot.firstOrdinal());
    }

    private static Reason reason(Snapshot snapshot) {
        return snapshot.local() instanceof LocalMongod.HoldsData ? Reason.SEED_APPROVED : Reason.INITIATE;
    }

    private static String ownWords(Snapshot snapshot) {
        return snapshot.local() instanceof LocalMongod.HoldsData
                ? "has the data that the set is to be initiated from"
                : "empty";
    }

    private static Verdict initiateOnce(Snapshot snapshot, int members) {
        Evidence evidence = Evidence.of(snapshot);
        if (!evidence.inSet().isEmpty()) {
            return Verdict.passes("a set exists: " + Words.some(evidence.inSet(), ", "));
        }
        boolean hasData = snapshot.local() instanceof LocalMongod.HoldsData;
        if (snapshot.seed().isPresent() && !hasData) {
            return awaitSeed(snapshot, snapshot.seed().getAsInt());
        }
        if (!evidence.holdsData().isEmpty()) {
            return Verdict.forbid(
                    Reason.HOLDS_DATA,
                    "%s, but does not initiate a replica set, as its initial syncs would replace data: %s%s",
                    ownWords(snapshot),
                    Words.some(evidence.holdsData(), "; "),
                    hasData ? "" : wayOut(snapshot, evidence));
        }
        if (!evidence.unknown().isEmpty()) {
            return Verdict.forbid(
                    Reason.PEERS_UNKNOWN,
                    "%s, but does not initiate the set until every other expected member is known to be empty: %s",
                    ownWords(snapshot),
                    Words.some(evidence.unknown(), "; "));
        }
        if (hasData && snapshot.record() instanceof SetRecord.Formed formed) {
            return Verdict.act(
                    new Step.RecordIntended(),
                    Reason.SEED_APPROVED,
                    "records that the set is about to be initiated: an operator approved a set with this member's data to"
                            + " replace %s",
                    formed.replicaSetId());
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
                        "%s, and it is not known whether this set was initiated before: %s",
                        ownWords(snapshot),
                        unavailable.message());
            case SetRecord.Absent absent ->
                Verdict.act(
                        new Step.RecordIntended(), reason(snapshot), "records that the set is about to be initiated");
            case SetRecord.Intended intended -> intended(snapshot, intended, members);
            case SetRecord.NotKept notKept -> initiate(snapshot, members);
        };
    }

    private static Verdict awaitSeed(Snapshot snapshot, int seed) {
        Self self = snapshot.self();
        return seed == self.ordinal()
                ? Verdict.forbid(
                        Reason.SEED_EMPTY,
                        "empty, but an operator wants the set to be initiated from the data of this member: waits for that"
                                + " data, and initiates no empty set")
                : Verdict.forbid(
                        Reason.AWAIT_SEED,
                        "empty; waits for %s to initiate the set from its data, as an operator wants it%s",
                        self.naming().podName(seed),
                        snapshot.isExpected(seed)
                                ? ": " + snapshot.peer(seed).words()
                                : ", but the StatefulSet does not ask for that pod");
    }

    /** What an operator can do where exactly one member has data and no set. */
    private static String wayOut(Snapshot snapshot, Evidence evidence) {
        List<Integer> holders = snapshot.otherOrdinals()
                .filter(ordinal -> snapshot.peer(ordinal) instanceof PeerMongod.HoldsData)
                .boxed()
                .toList();
        return holders.size() == 1 && evidence.unknown().isEmpty() ? wayOut(snapshot, holders.getFirst()) : "";
    }

    private static String wayOut(Snapshot snapshot, int ordinal) {
        String pod = snapshot.self().naming().podName(ordinal);
        return snapshot.record() instanceof SetRecord.NotKept
                ? ". To initiate the set from the data of %s, start every sidecar with --seed-ordinal=%d"
                        .formatted(pod, ordinal)
                : ". To initiate the set from the data of %s, run 'muster approve seed --ordinal=%d%s' in that pod"
                        .formatted(
                                pod,
                                ordinal,
                                snapshot.record() instanceof SetRecord.Formed formed
                                        ? " --replica-set-id=" + formed.replicaSetId()
                                        : "");
    }

    /** Two pods can both be the first ordinal for a while: one on a dead node, and the one that replaced it. */
    private static Verdict intended(Snapshot snapshot, SetRecord.Intended intended, int members) {
        if (intended.byUs()) {
            return initiate(snapshot, members);
        }
        if (intended.lasting().compareTo(OTHERS_INTENT) < 0) {
            return Verdict.forbid(
                    Reason.INTENDED_BY_ANOTHER,
                    "an earlier %s recorded that it was about to initiate the set: waits for the result, then takes over",
                    holders(snapshot.self(), intended));
        }
        return Verdict.act(
                new Step.RecordIntended(),
                reason(snapshot),
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

    private static Verdict initiate(Snapshot snapshot, int members) {
        Self self = snapshot.self();
        Step.Initiate step = new Step.Initiate(self.address(), self.setName());
        return snapshot.local() instanceof LocalMongod.HoldsData data
                ? Verdict.act(
                        step,
                        Reason.SEED_APPROVED,
                        "initiates the set %s with %s alone, from its data, as an operator wants it: %s. %s",
                        self.setName(),
                        self.address(),
                        data.what(),
                        members == 1 ? "No other member is expected" : "All other expected members are provably empty")
                : Verdict.act(
                        step,
                        Reason.INITIATE,
                        "initiates the set %s with %s alone: %s provably empty",
                        self.setName(),
                        self.address(),
                        members == 1
                                ? "the only expected member is"
                                : "all %d expected members are".formatted(members));
    }

    static Verdict waitToJoin(Snapshot snapshot) {
        if (snapshot.local() instanceof LocalMongod.Removed removed) {
            return CloneRules.removed(snapshot, removed.words(), removed.members());
        }
        if (snapshot.local() instanceof LocalMongod.HoldsData data) {
            return Verdict.forbid(
                    Reason.HOLDS_DATA,
                    "has no replica set configuration, but has data of its own, which is left alone: %s%s",
                    data.what(),
                    whatNext(snapshot));
        }
        if (!(snapshot.local() instanceof LocalMongod.NotYetInitialized)) {
            return Verdict.passes("this member is in a set");
        }
        List<String> inSet = Evidence.of(snapshot).inSet();
        return inSet.isEmpty()
                ? Verdict.forbidShortly(
                        Reason.AWAIT_FIRST_ORDINAL,
                        "empty; waits for %s to initiate the set, or for an existing set to add this member",
                        snapshot.self().naming().podName(initiator(snapshot)))
                : Verdict.forbidShortly(
                        Reason.AWAIT_JOIN,
                        "empty; a set exists (%s): waits for its primary's sidecar to add this member",
                        Words.some(inSet, ", "));
    }

    /** What a member with data can tell an operator about it. */
    private static String whatNext(Snapshot snapshot) {
        Evidence evidence = Evidence.of(snapshot);
        if (!evidence.inSet().isEmpty()) {
            return "; a set exists, and does not add this member: " + Words.some(evidence.inSet(), ", ");
        }
        if (!evidence.holdsData().isEmpty()) {
            return "; another member has data as well: " + Words.some(evidence.holdsData(), "; ");
        }
        return snapshot.isExpected(snapshot.self().ordinal())
                ? wayOut(snapshot, snapshot.self().ordinal())
                : "";
    }

    /**
     * What the peers prove.
     *
     * @param inSet the peers that hold a set, each as part of a sentence
     * @param holdsData the peers without a set, but with data that a clone would replace
     * @param unknown the peers that could hold a set
     */
    record Evidence(List<String> inSet, List<String> holdsData, List<String> unknown) {
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
                    // It holds nothing, but its sidecar knows a recorded set, and so must this one.
                    case PeerMongod.Held peer -> unknown.add(words);
                }
            });
            return new Evidence(inSet, holdsData, unknown);
        }
    }
}
