package dev.muster.metrics;

import dev.muster.loop.SetView;
import dev.muster.model.HostAddress;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberStatus;
import dev.muster.model.Self;
import java.util.Optional;
import java.util.OptionalInt;

/** The rows of each member, and of the local member's clone. */
final class MemberMetrics {
    private MemberMetrics() {}

    static void add(Families families, SetView view, LocalMongod.InSet set) {
        for (MemberStatus member : set.status().members()) {
            String name = view.nameOf(member.host());
            families.gauge(
                    "member_health", "Whether the local member hears that member.", member.healthy(), "member", name);
            families.gauge(
                    "member_state_code",
                    "That member's state as the server numbers them: 1 PRIMARY, 2 SECONDARY, 8 DOWN.",
                    member.state().code(),
                    "member",
                    name);
            view.lagOf(set.status(), member)
                    .ifPresent(lag -> families.gauge(
                            "member_replication_lag_seconds",
                            "How far that member is behind the primary, by optime; absent where it is not known.",
                            lag.toSeconds(),
                            "member",
                            name));
            member.ping()
                    .ifPresent(ping -> families.gauge(
                            "member_ping_seconds",
                            "The round trip of the local member's heartbeat to that member.",
                            ping.toMillis() / 1000.0,
                            "member",
                            name));
        }
        set.status().initialSync().ifPresent(sync -> addInitialSync(families, sync));
        view.cloneSource()
                .ifPresent(source -> families.info(
                        "clone_source",
                        "From whom the local member clones or made its clone, and what that one is.",
                        "source",
                        view.nameOf(source),
                        "by",
                        chosenBy(view, set, source)));
    }

    private static void addInitialSync(Families families, InitialSync sync) {
        sync.progress()
                .ifPresent(progress -> families.gauge(
                        "initial_sync_progress_ratio", "The part copied of the clone under way.", progress));
        sync.remaining()
                .ifPresent(remaining -> families.gauge(
                        "initial_sync_remaining_seconds",
                        "What the server estimates the clone under way to take still.",
                        remaining.toMillis() / 1000.0));
        families.gauge(
                "initial_sync_attempts",
                "Attempts at the clone under way, the running one included; the server gives up after ten.",
                sync.failedAttempts() + 1);
    }

    /** What a source is now stands for who chose it: Muster directs to the predecessor, and the primary is the last resort. */
    private static String chosenBy(SetView view, LocalMongod.InSet set, HostAddress source) {
        Self self = view.snapshot().self();
        Optional<HostAddress> predecessor = Optional.ofNullable(
                        view.snapshot().membersByOrdinal().lowerEntry(self.ordinal()))
                .map(entry -> entry.getValue().host());
        OptionalInt ordinal = self.naming().ordinalOf(source);
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
