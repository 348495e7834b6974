package dev.muster.plan;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Which member becomes primary next. */
public final class Successor {
    /** By what they have applied, the freshest last. A member whose optime is not known comes first. */
    static final Comparator<MemberStatus> BY_FRESHNESS =
            Comparator.comparing(status -> status.opTime().orElse(new OpTime(-1, 0, 0)));

    /**
     * A pod's name appears in DNS some seconds after the pod, and who asked for it too early is told for some more that it
     * does not exist. Until then, clients do not find a member that has just come back, as a primary either.
     */
    static final Duration FOUND_BY_CLIENTS = Duration.ofSeconds(10);

    private Successor() {}

    /**
     * The freshest secondary that can be elected, has caught up, and is neither terminating nor being removed by a
     * scale-down; empty where there is none, or this member is not the primary. One that clients find comes before a
     * fresher one.
     */
    public static Optional<HostAddress> of(Snapshot snapshot) {
        Optional<LocalMongod.InSet> primary = snapshot.inSet().filter(LocalMongod.InSet::isPrimary);
        return primary.flatMap(set -> electable(set)
                .filter(status -> stays(snapshot, status.host()))
                .filter(status -> set.status()
                        .lag(status)
                        .filter(lag -> lag.compareTo(snapshot.maxLag()) <= 0)
                        .isPresent())
                .max(Comparator.comparing(Successor::isFoundByClients)
                        .thenComparing(BY_FRESHNESS)
                        .thenComparing(MemberStatus::host))
                .map(MemberStatus::host));
    }

    static boolean isFoundByClients(MemberStatus member) {
        return member.uptime().compareTo(FOUND_BY_CLIENTS) >= 0;
    }

    /** Whether another member than this one could become primary later, when it answers and has caught up. */
    static boolean mayAppear(Snapshot snapshot, LocalMongod.InSet set) {
        int own = snapshot.self().ordinal();
        return set.config().members().stream()
                .filter(ConfigMember::isElectable)
                .map(ConfigMember::host)
                .anyMatch(host ->
                        stays(snapshot, host) && !snapshot.ordinalOf(host).equals(OptionalInt.of(own)));
    }

    /** The secondaries that answer and can be elected. */
    static Stream<MemberStatus> electable(LocalMongod.InSet set) {
        return set.config().members().stream()
                .filter(ConfigMember::isElectable)
                .flatMap(member -> set.status().member(member.host()).stream())
                .filter(status -> status.healthy() && status.state() == MemberState.SECONDARY);
    }

    private static boolean stays(Snapshot snapshot, HostAddress host) {
        OptionalInt ordinal = snapshot.ordinalOf(host);
        if (ordinal.isEmpty()) {
            // Two members under names of their own, both removed by a scale-down, would hand over to each other for
            // ever.
            return !Departure.isForGood(snapshot)
                    || snapshot.membersByStableName()
                            .containsKey(snapshot.self().ordinal());
        }
        return !snapshot.isTerminating(ordinal.getAsInt()) && !snapshot.wanted().excludes(ordinal.getAsInt());
    }
}
