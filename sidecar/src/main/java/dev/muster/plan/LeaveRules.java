package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How a member goes: only because {@code spec.replicas} says so, never because it is silent. */
final class LeaveRules {
    private LeaveRules() {}

    static Verdict leave(Snapshot snapshot) {
        switch (snapshot.wanted()) {
            case Wanted.Unknown unknown -> {
                return Verdict.passes("it is not known how many members are wanted: none leaves");
            }
            case Wanted.Stopped stopped -> {
                return Verdict.passes("scaled to zero: the set is stopped as it is, and no member leaves");
            }
            case Wanted.Asked asked -> {
                return leave(snapshot, asked);
            }
        }
    }

    private static Verdict leave(Snapshot snapshot, Wanted.Asked asked) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        List<ConfigMember> leaving = snapshot.membersByOrdinal().descendingMap().entrySet().stream()
                .filter(entry -> asked.excludes(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        // A member outside the StatefulSet stays too, and its vote counts.
        List<ConfigMember> kept = set.config().members().stream()
                .filter(member -> !leaving.contains(member))
                .toList();
        if (leaving.isEmpty()) {
            return Verdict.passes("no member is being scaled away");
        }
        List<String> lacking = votersLacking(snapshot, set, kept)
                .map(member -> describe(set, member))
                .toList();
        long keptVoters = kept.stream().filter(member -> member.votes() > 0).count();
        if (2 * (keptVoters - lacking.size()) <= keptVoters) {
            return Verdict.await(
                    Reason.LEAVE_HELD,
                    "the scale-down to %d is on hold: %s",
                    asked.members().count(),
                    lacking.isEmpty()
                            ? "none of the remaining members has a vote yet"
                            : "no majority of the remaining voters serves and has caught up: "
                                    + String.join(", ", lacking));
        }
        if (!snapshot.isExpected(snapshot.self().ordinal())) {
            return handOver(snapshot);
        }
        ConfigMember next = next(snapshot, set, leaving);
        return next.votes() > 0
                ? Verdict.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Demote(next.host())),
                        Reason.DEMOTE,
                        "takes the vote of %s, which is being scaled away",
                        next.host())
                : Verdict.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Remove(next.host())),
                        Reason.REMOVE,
                        "removes %s, which is being scaled away",
                        next.host());
    }

    /**
     * The highest ordinal; before it, a voter that is not heard, and then one that a majority cannot count on otherwise.
     * Where those that stay have a majority of their own, no vote taken in this order leaves the others without one: one
     * that does not serve is not needed, and then all that leave serve.
     */
    private static ConfigMember next(Snapshot snapshot, LocalMongod.InSet set, List<ConfigMember> leaving) {
        List<ConfigMember> lacking = votersLacking(snapshot, set, leaving).toList();
        return lacking.stream()
                .filter(member -> !set.hears(member))
                .findFirst()
                .or(() -> lacking.stream().findFirst())
                .orElse(leaving.getFirst());
    }

    /**
     * The voters that do not acknowledge a majority write in time: not heard, in no state that serves (one that clones
     * answers heartbeats and has no data), or further behind than the lag bound.
     */
    private static Stream<ConfigMember> votersLacking(
            Snapshot snapshot, LocalMongod.InSet set, List<ConfigMember> members) {
        return members.stream()
                .filter(member -> member.votes() > 0)
                .filter(member -> set.status()
                        .member(member.host())
                        .filter(status -> status.healthy() && status.state().isInService())
                        .filter(status -> status.state() == MemberState.ARBITER
                                || set.status()
                                        .lag(status)
                                        .filter(lag -> lag.compareTo(snapshot.maxLag()) <= 0)
                                        .isPresent())
                        .isEmpty());
    }

    private static String describe(LocalMongod.InSet set, ConfigMember member) {
        Optional<MemberStatus> status = set.status().member(member.host()).filter(MemberStatus::healthy);
        return member.host()
                + status.map(seen -> " is " + seen.state()
                                + set.status()
                                        .lag(seen)
                                        .map(lag -> ", %d s behind".formatted(lag.toSeconds()))
                                        .orElse(""))
                        .orElse(" is not healthy");
    }

    /** The freshest electable secondary that stays becomes primary. */
    private static Verdict handOver(Snapshot snapshot) {
        return Successor.of(snapshot)
                .map(target -> Verdict.act(
                        new Step.HandOver(target),
                        Reason.HAND_OVER,
                        "is being scaled away and hands over to %s",
                        target))
                .orElseGet(() -> Verdict.await(
                        Reason.LEAVE_HELD, "is being scaled away, but no member that stays is caught up"));
    }

    /** A primary whose pod is going away hands over while it still can, so that no write waits for an election. */
    static Verdict handOverBeforeStopping(Snapshot snapshot) {
        if (!snapshot.isTerminating(snapshot.self().ordinal())) {
            return Verdict.passes("this pod is not going away");
        }
        return Successor.of(snapshot)
                .map(target -> Verdict.act(
                        new Step.HandOver(target), Reason.HAND_OVER, "its pod is going away: hands over to %s", target))
                .orElseGet(() -> Verdict.passes("this pod is going away, and nobody can take over"));
    }
}
