package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.Snapshot;
import dev.muster.model.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How a member leaves: only because {@code spec.replicas} says so, never because it does not answer. */
final class LeaveRules {
    private LeaveRules() {}

    static Verdict leave(Snapshot snapshot) {
        switch (snapshot.wanted()) {
            case Wanted.Unknown unknown -> {
                return Verdict.passes("it is not known how many members are wanted, so none leaves");
            }
            case Wanted.Stopped stopped -> {
                return Verdict.passes("the StatefulSet is scaled to zero: every member stays in the configuration");
            }
            case Wanted.Asked asked -> {
                return leave(snapshot, asked);
            }
        }
    }

    private static Verdict leave(Snapshot snapshot, Wanted.Asked asked) {
        LocalMongod.InSet set = MemberRules.set(snapshot);
        // Under another name, only what its pod says tells whose a member is, and a pod that leaves is not asked.
        List<ConfigMember> leaving = snapshot.membersByStableName().descendingMap().entrySet().stream()
                .filter(entry -> asked.excludes(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        // A member outside the StatefulSet remains too, and its vote counts.
        List<ConfigMember> kept = set.config().members().stream()
                .filter(member -> !leaving.contains(member))
                .toList();
        if (leaving.isEmpty()) {
            List<HostAddress> others = snapshot.unidentifiedMembers().stream()
                    .map(ConfigMember::host)
                    .toList();
            return Verdict.passes(
                    others.isEmpty()
                            ? "no member is being removed by a scale-down"
                            : "no member is being removed by a scale-down; members under other names than the"
                                    + " stable ones are never removed: "
                                    + HostAddress.listed(others));
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
                            : "no majority of the remaining voters is in service and has caught up: "
                                    + Words.some(lacking, ", "));
        }
        if (!snapshot.isExpected(snapshot.self().ordinal())) {
            return handOver(snapshot);
        }
        ConfigMember next = next(snapshot, set, leaving);
        return next.votes() > 0
                ? Verdict.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Demote(next.host())),
                        Reason.DEMOTE,
                        "takes away the vote of %s: the set is scaled down to %d",
                        next.host(),
                        asked.members().count())
                : Verdict.act(
                        JoinRules.reconfigure(set.config(), new ConfigChange.Remove(next.host())),
                        Reason.REMOVE,
                        "removes %s: the set is scaled down to %d",
                        next.host(),
                        asked.members().count());
    }

    /**
     * The highest ordinal; but before it a voter that does not answer heartbeats, and then any other voter that cannot
     * acknowledge a majority write. If the remaining voters have a majority of their own, demoting in this order never
     * leaves the set without one: a voter that is not in service is not needed, and all that leave after it are in
     * service.
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
     * The voters that do not acknowledge a majority write in time: they do not answer heartbeats, are in no state that
     * serves (one that clones answers heartbeats and has no data), or lag too far behind.
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

    /** The freshest electable secondary that remains becomes primary. */
    private static Verdict handOver(Snapshot snapshot) {
        return Successor.of(snapshot)
                .map(target -> Verdict.act(
                        new Step.HandOver(target),
                        Reason.HAND_OVER,
                        "hands over to %s: this member is being removed by a scale-down",
                        target))
                .orElseGet(() -> Verdict.await(
                        Reason.LEAVE_HELD,
                        "this primary is being removed by a scale-down, but no remaining member has caught up"));
    }

    /** A primary whose pod is terminating hands over while it still can, so that no write waits for an election. */
    static Verdict handOverBeforeStopping(Snapshot snapshot) {
        if (!snapshot.isTerminating(snapshot.self().ordinal())) {
            return Verdict.passes("this pod is not terminating");
        }
        return Successor.of(snapshot)
                .map(target -> MemberRules.set(snapshot)
                                .status()
                                .member(target)
                                .filter(Successor::isFoundByClients)
                                .isPresent()
                        ? Verdict.act(
                                new Step.HandOver(target),
                                Reason.HAND_OVER,
                                "hands over to %s: this pod is terminating",
                                target)
                        : Verdict.awaitShortly(
                                Reason.HAND_OVER,
                                "this pod is terminating; hands over to %s once that has been up for %d s: until then, clients"
                                        + " may not find it",
                                target,
                                Successor.FOUND_BY_CLIENTS.toSeconds()))
                .orElseGet(() -> Verdict.passes("this pod is terminating, but no member can take over"));
    }
}
