package dev.muster.plan;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What only an operator may decide. Muster never does it by itself, however much time passes. */
public final class ApprovalRules {
    private ApprovalRules() {}

    /**
     * An approval is for one incident. One that is too old is removed by the sidecar that would carry it out, so that
     * an operator sees that it was not carried out. Another pod's clock does not decide.
     */
    static Verdict withdrawExpired(Snapshot snapshot) {
        if (!(snapshot.record().approval() instanceof Approval.Given given)) {
            return Verdict.passes("the record has no approval");
        }
        if (!snapshot.record().isExpired(snapshot.now())) {
            return Verdict.passes("the approval of %s has not expired".formatted(given.words()));
        }
        int carriedOutBy = given.carriedOutBy(snapshot.firstOrdinal());
        return carriedOutBy == snapshot.self().ordinal()
                ? Verdict.act(
                        new Step.WithdrawApproval(given),
                        Reason.APPROVAL_EXPIRED,
                        "removes the approval of %s from the record, as it is too old: it was given at %s, and is valid"
                                + " for %s",
                        given.words(),
                        given.givenAt(),
                        Words.count(given.validFor().toMinutes(), "minute"))
                : Verdict.passes("%s removes the approval of %s, which has expired"
                        .formatted(snapshot.self().naming().podName(carriedOutBy), given.words()));
    }

    static Verdict forceReconfigure(Snapshot snapshot) {
        if (!(snapshot.record() instanceof SetRecord.Formed formed)
                || !(formed.approval() instanceof Approval.ForceReconfig approval)) {
            return Verdict.passes("no forced reconfiguration was approved");
        }
        Approval.Incident approved = approval.incident();
        if (approved.survivor() != snapshot.self().ordinal()) {
            return Verdict.passes("a forced reconfiguration was approved for %s, not for this member"
                    .formatted(snapshot.self().naming().podName(approved.survivor())));
        }
        if (formed.isExpired(snapshot.now())) {
            return Verdict.passes("the approved forced reconfiguration is not carried out: the approval has expired");
        }
        return switch (forcePlan(snapshot)) {
            case Refused refused ->
                Verdict.passes("the approved forced reconfiguration is not carried out: " + refused.why());
            case Plan plan ->
                plan.incident().equals(approved)
                        ? Verdict.act(
                                new Step.ForceReconfigure(approved.down(), approved.configVersion()),
                                Reason.FORCE_APPROVED,
                                "takes away the votes of %s by force: they are down, and an operator approved it",
                                approved.down())
                        : Verdict.passes(
                                "the approved forced reconfiguration is not carried out: it was %s, now it would be %s"
                                        .formatted(approved, plan.incident()));
        };
    }

    /** The forced reconfiguration that this member would make, as it sees the set. */
    public sealed interface ForcePlan {}

    /**
     * The forced reconfiguration.
     *
     * @param incident what has to be approved; its voters that are down would lose their votes
     * @param arbiters those of them that are arbiters: the server allows none without a vote, so they would be removed
     */
    public record Plan(Approval.Incident incident, HostAddress survivor, List<HostAddress> arbiters)
            implements ForcePlan {
        public Plan {
            arbiters = List.copyOf(arbiters);
        }
    }

    /** A forced reconfiguration is not possible or not needed. */
    public record Refused(String why) implements ForcePlan {}

    /**
     * Pure. The survivor is the reachable member with the newest data, this one included, so no write that a reachable
     * member has is lost.
     */
    public static ForcePlan forcePlan(Snapshot snapshot) {
        Optional<LocalMongod.InSet> member = snapshot.inSet();
        if (member.isEmpty()) {
            return new Refused("this pod's member is not in a set");
        }
        LocalMongod.InSet set = member.get();
        if (set.status().primary().isPresent()) {
            return new Refused("the set has a primary and needs no forced reconfiguration");
        }
        if (set.status().myState() != MemberState.SECONDARY) {
            return new Refused("this pod's member is " + set.status().myState() + ", not SECONDARY");
        }
        List<ConfigMember> down = set.config().members().stream()
                .filter(voter -> voter.votes() > 0 && !set.hears(voter))
                .toList();
        if (2L * down.size() < set.config().voters()) {
            return new Refused("a majority of the voters answers, and they elect a primary by themselves");
        }
        MemberStatus newest = Successor.electable(set)
                .max(Successor.BY_FRESHNESS.thenComparing(MemberStatus::self))
                .orElse(null);
        if (newest == null) {
            return new Refused("no member that answers can be elected");
        }
        OptionalInt survivor = snapshot.ordinalOf(newest.host());
        if (survivor.isEmpty()) {
            return new Refused(newest.host()
                    + " has the newest data, but not its stable name: approve it in the pod whose member that is");
        }
        return new Plan(
                new Approval.Incident(
                        set.config().replicaSetId(),
                        set.config().version(),
                        set.status().term(),
                        survivor.getAsInt(),
                        down.stream().map(ConfigMember::host).toList()),
                newest.host(),
                down.stream()
                        .filter(ConfigMember::arbiterOnly)
                        .map(ConfigMember::host)
                        .sorted()
                        .toList());
    }
}
