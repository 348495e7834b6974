package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.Snapshot;
import dev.muster.plan.Rule.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a member goes: only because {@code spec.replicas} says so, never because it is silent. */
final class LeaveRules {
    private LeaveRules() {}

    static Verdict leave(Snapshot snapshot) {
        if (!(snapshot.kubernetes() instanceof KubernetesFacts.Known known)) {
            return Rule.passes("Kubernetes does not say how many members there are to be: nobody leaves");
        }
        if (known.replicas() == 0) {
            return Rule.passes("scaled to zero: the set is stopped as it is, nobody leaves");
        }
        LocalMongod.InSet set = MemberRules.set(snapshot);
        List<ConfigMember> leaving = snapshot.membersByOrdinal().descendingMap().entrySet().stream()
                .filter(entry -> known.scalesAway(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        // A member outside the StatefulSet stays too, and its vote counts.
        List<ConfigMember> kept = set.config().members().stream()
                .filter(member -> !leaving.contains(member))
                .toList();
        if (leaving.isEmpty()) {
            return Rule.passes("no member is being scaled away");
        }
        List<String> down =
                votersDown(set, kept).map(member -> member.host().toString()).toList();
        long keptVoters = kept.stream().filter(member -> member.votes() > 0).count();
        if (2 * (keptVoters - down.size()) <= keptVoters) {
            return Rule.waitLong(
                    Reason.LEAVE_HELD,
                    "holds the scale-down to %d: of %d voters that stay, these are not healthy: %s",
                    snapshot.replicas(),
                    keptVoters,
                    down.isEmpty() ? "none votes yet" : String.join(", ", down));
        }
        if (!snapshot.isExpected(snapshot.self().ordinal())) {
            return handOver(snapshot);
        }
        ConfigMember next = next(set, leaving);
        return next.votes() > 0
                ? Rule.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Demote(next.host())),
                        Reason.DEMOTE,
                        "takes the vote of %s, which is being scaled away",
                        next.host())
                : Rule.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Remove(next.host())),
                        Reason.REMOVE,
                        "removes %s, which is being scaled away",
                        next.host());
    }

    /**
     * The highest ordinal; before it, one with a vote that is down. Where those that stay have a healthy majority, no
     * vote taken in this order leaves the others without one: one that is down is not needed, and then all that leave
     * are up.
     */
    private static ConfigMember next(LocalMongod.InSet set, List<ConfigMember> leaving) {
        return votersDown(set, leaving).findFirst().orElse(leaving.getFirst());
    }

    private static Stream<ConfigMember> votersDown(LocalMongod.InSet set, List<ConfigMember> members) {
        return members.stream()
                .filter(member -> member.votes() > 0)
                .filter(member -> set.status()
                        .member(member.host())
                        .filter(MemberStatus::healthy)
                        .isEmpty());
    }

    /** The freshest electable secondary that stays becomes primary. */
    private static Verdict handOver(Snapshot snapshot) {
        return Successor.of(snapshot)
                .map(target -> Rule.act(
                        new Step.HandOver(target),
                        Reason.HAND_OVER,
                        "is being scaled away and hands over to %s",
                        target))
                .orElseGet(() -> Rule.waitLong(
                        Reason.LEAVE_HELD, "is being scaled away, but no member that stays is caught up"));
    }

    /** A primary whose pod is going away hands over while it still can, so that no write waits for an election. */
    static Verdict handOverBeforeStopping(Snapshot snapshot) {
        if (!snapshot.isTerminating(snapshot.self().ordinal())) {
            return Rule.passes("this pod is not going away");
        }
        return Successor.of(snapshot)
                .map(target -> Rule.act(
                        new Step.HandOver(target), Reason.HAND_OVER, "its pod is going away: hands over to %s", target))
                .orElseGet(() -> Rule.passes("this pod is going away, and nobody can take over"));
    }

    /** Whether Kubernetes says that this ordinal is no longer asked for. */
    static boolean isScaledAway(Snapshot snapshot, int ordinal) {
        return snapshot.kubernetes() instanceof KubernetesFacts.Known known && known.scalesAway(ordinal);
    }
}
