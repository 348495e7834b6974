package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.Snapshot;
import dev.muster.plan.Rule.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

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
        NavigableMap<Integer, ConfigMember> members = snapshot.membersByOrdinal();
        List<ConfigMember> kept = new ArrayList<>();
        List<ConfigMember> leaving = new ArrayList<>();
        for (Map.Entry<Integer, ConfigMember> entry : members.descendingMap().entrySet()) {
            (known.scalesAway(entry.getKey()) ? leaving : kept).add(entry.getValue());
        }
        if (leaving.isEmpty()) {
            return Rule.passes("no member is being scaled away");
        }
        List<String> down = keptVotersDown(set, kept);
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
        ConfigMember next = leaving.getFirst();
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

    private static List<String> keptVotersDown(LocalMongod.InSet set, List<ConfigMember> kept) {
        return kept.stream()
                .filter(member -> member.votes() > 0)
                .filter(member -> set.status()
                        .member(member.host())
                        .filter(MemberStatus::healthy)
                        .isEmpty())
                .map(member -> member.host().toString())
                .toList();
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
