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

/** What only an operator may decide. Muster never does it by itself, however much time passes. */
public final class ApprovalRules {
    private ApprovalRules() {}

    static Verdict forceReconfigure(Snapshot snapshot) {
        if (!(snapshot.record() instanceof SetRecord.Formed formed)
                || !(formed.approval() instanceof Approval.ForceReconfig approval)) {
            return Verdict.passes("no forced reconfiguration was approved");
        }
        if (approval.survivor() != snapshot.self().ordinal()) {
            return Verdict.passes("a forced reconfiguration was approved for %s, not for this member"
                    .formatted(snapshot.self().naming().podName(approval.survivor())));
        }
        return switch (forcePlan(snapshot)) {
            case Refused refused ->
                Verdict.passes("the approved forced reconfiguration is not carried out: " + refused.why());
            case Plan plan ->
                plan.approval().equals(approval)
                        ? Verdict.act(
                                new Step.ForceReconfigure(plan.down(), approval.configVersion()),
                                Reason.FORCE_APPROVED,
                                "takes away the votes of %s by force: they are down, and an operator approved it",
                                plan.down())
                        : Verdict.passes(
                                "the approved forced reconfiguration is not carried out: it was %s, now it would be %s"
                                        .formatted(approval, plan.approval()));
        };
    }

    /** The forced reconfiguration that this member would make, as it sees the set. */
    public sealed interface ForcePlan {}

    /**
     * The forced reconfiguration.
     *
     * @param down the members with a vote that are down, and would lose it
     */
    public record Plan(Approval.ForceReconfig approval, HostAddress survivor, List<HostAddress> down)
            implements ForcePlan {
        public Plan {
            down = List.copyOf(down);
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
        List<HostAddress> down = set.config().members().stream()
                .filter(voter -> voter.votes() > 0 && !set.hears(voter))
                .map(ConfigMember::host)
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
        return snapshot.self().naming().ordinalOf(newest.host()).stream()
                .mapToObj(ordinal -> new Approval.ForceReconfig(
                        set.config().replicaSetId(), set.config().version(), ordinal))
                .<ForcePlan>map(approval -> new Plan(approval, newest.host(), down))
                .findFirst()
                .orElseGet(() -> new Refused(newest.host() + " has the newest data, but not its stable name"));
    }
}
