package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.Snapshot;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/** Who is to be primary next. */
public final class Successor {
    private Successor() {}

    /**
     * The freshest secondary that can be elected, is caught up, is to stay, and whose pod is not going away as well;
     * empty where there is none, or this member is not the primary.
     */
    public static Optional<HostAddress> of(Snapshot snapshot) {
        Optional<LocalMongod.InSet> primary =
                snapshot.inSet().filter(set -> set.status().myState() == MemberState.PRIMARY);
        return primary.flatMap(set -> set.config().members().stream()
                .filter(member -> member.votes() > 0 && member.priority() > 0)
                .filter(member -> stays(snapshot, member))
                .flatMap(member -> set.status().member(member.host()).stream())
                .filter(status -> !status.self() && status.healthy() && status.state() == MemberState.SECONDARY)
                .filter(status -> set.status()
                        .lag(status)
                        .filter(lag -> lag.compareTo(snapshot.maxLag()) <= 0)
                        .isPresent())
                .max(Comparator.comparing(
                                (MemberStatus status) -> status.opTime().orElse(new OpTime(-1, 0, 0)))
                        .thenComparing(MemberStatus::host))
                .map(MemberStatus::host));
    }

    private static boolean stays(Snapshot snapshot, ConfigMember member) {
        OptionalInt ordinal = snapshot.self().naming().ordinalOf(member.host());
        return ordinal.isEmpty()
                || (!snapshot.isTerminating(ordinal.getAsInt())
                        && !LeaveRules.isScaledAway(snapshot, ordinal.getAsInt()));
    }
}
