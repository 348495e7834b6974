package dev.muster.metrics;

import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.Self;
import dev.muster.tell.SetView;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The rows of each member, and of the local member's clone. */
final class MemberMetrics {
    private MemberMetrics() {}

    static void add(Families families, SetView view, LocalMongod.InSet set) {
        for (MemberStatus member : set.status().members()) {
            String name = view.labelOf(member.host());
            families.gauge(
                    "member_health",
                    "Whether that member is healthy, as the local member sees it.",
                    member.healthy(),
                    "member",
                    name);
            families.gauge(
                    "member_state_code",
                    "That member's state, as the server's number: 1 PRIMARY, 2 SECONDARY, 8 DOWN.",
                    member.state().code(),
                    "member",
                    name);
            view.lagOf(set.status(), member)
                    .ifPresent(lag -> families.gauge(
                            "member_replication_lag_seconds",
                            "How far that member is behind the primary, by optime. Absent where it is not known.",
                            lag.toSeconds(),
                            "member",
                            name));
            Duration delay = set.delayOf(member.host());
            if (delay.isPositive()) {
                families.gauge(
                        "member_delay_seconds",
                        "How far that member stays behind on purpose: its secondaryDelaySecs. Absent for all others.",
                        delay.toSeconds(),
                        "member",
                        name);
            }
            member.ping()
                    .ifPresent(ping -> families.gauge(
                            "member_ping_seconds",
                            "The round-trip time of the local member's heartbeats to that member.",
                            ping.toMillis() / 1000.0,
                            "member",
                            name));
        }
        set.status().initialSync().ifPresent(sync -> addInitialSync(families, sync));
        view.cloneSource()
                .ifPresent(source -> families.info(
                        "clone_source",
                        "The member that the local member clones or cloned from, and whether that is the predecessor, the"
                                + " primary, or another one that the server chose.",
                        "source",
                        view.labelOf(source),
                        "by",
                        chosenBy(view, set, source)));
    }

    private static void addInitialSync(Families families, InitialSync sync) {
        sync.progress()
                .ifPresent(progress -> families.gauge(
                        "initial_sync_progress_ratio",
                        "How much of the clone in progress is copied, from 0 to 1.",
                        progress));
        sync.remaining()
                .ifPresent(remaining -> families.gauge(
                        "initial_sync_remaining_seconds",
                        "The server's estimate of how long the clone in progress will still take.",
                        remaining.toMillis() / 1000.0));
        families.gauge(
                "initial_sync_attempts",
                "Attempts at the clone in progress, including the current one. The server gives up after ten.",
                sync.failedAttempts() + 1);
    }

    /**
     * The source's role stands for who chose it: Muster directs a clone to the predecessor, and the primary is the last
     * resort.
     */
    private static String chosenBy(SetView view, LocalMongod.InSet set, HostAddress source) {
        Self self = view.snapshot().self();
        Optional<HostAddress> predecessor = Optional.ofNullable(
                        view.snapshot().membersByOrdinal().lowerEntry(self.ordinal()))
                .map(entry -> entry.getValue().host());
        OptionalInt ordinal = view.snapshot().ordinalOf(source);
        if (predecessor.equals(Optional.of(source))
                || (ordinal.isPresent() && ordinal.getAsInt() == self.ordinal() - 1)) {
            return "predecessor";
        }
        return set.status()
                        .primary()
                        .filter(primary -> primary.host().equals(source))
                        .isPresent()
                ? "primary"
                : "server";
    }
}
