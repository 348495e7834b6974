package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.Snapshot;
import dev.muster.plan.Rule.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** How a member goes: only because {@code spec.replicas} says so, never because it is silent. */
final class LeaveRules {
    private LeaveRules() {}

    static Verdict leave(Snapshot snapshot) {
        if (!(snapshot.kubernetes() instanceof KubernetesFacts.Known)) {
            return Rule.passes("Kubernetes does not say how many members there are to be: nobody leaves");
        }
        LocalMongod.InSet set = MemberRules.set(snapshot);
        NavigableMap<Integer, ConfigMember> members = snapshot.membersByOrdinal();
        List<ConfigMember> kept = new ArrayList<>();
        List<ConfigMember> leaving = new ArrayList<>();
        for (Map.Entry<Integer, ConfigMember> entry : members.descendingMap().entrySet()) {
            (snapshot.isExpected(entry.getKey()) ? kept : leaving).add(entry.getValue());
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
            return handOver(snapshot, set, kept);
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
    private static Verdict handOver(Snapshot snapshot, LocalMongod.InSet set, List<ConfigMember> kept) {
        Optional<MemberStatus> freshest = kept.stream()
                .filter(member -> member.votes() > 0 && member.priority() > 0)
                .flatMap(member -> set.status().member(member.host()).stream())
                .filter(status -> status.healthy() && status.state() == MemberState.SECONDARY)
                .filter(status -> set.status()
                        .lag(status)
                        .filter(lag -> lag.compareTo(snapshot.maxLag()) <= 0)
                        .isPresent())
                .max(Comparator.comparing(
                                (MemberStatus status) -> status.opTime().orElse(new OpTime(-1, 0, 0)))
                        .thenComparing(MemberStatus::host));
        return freshest.<Verdict>map(target -> Rule.act(
                        new Step.HandOver(target.host()),
                        Reason.HAND_OVER,
                        "is being scaled away and hands over to %s",
                        target.host()))
                .orElseGet(() -> Rule.waitLong(
                        Reason.LEAVE_HELD, "is being scaled away, but no member that stays is caught up"));
    }
}
