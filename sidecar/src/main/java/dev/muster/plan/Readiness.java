package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import dev.muster.model.ConfigMember;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetStatus;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Whether this pod is ready, and why. Ready means that the member does what the configuration asks of it: it is PRIMARY,
 * ARBITER and sees a primary, or SECONDARY and no further behind than its delay and the allowed lag. An ordered
 * StatefulSet creates the next pod only once this one is ready. So a member that waits for a later ordinal is ready too,
 * and says so. Otherwise a full restart would never end.
 */
public record Readiness(boolean ready, String reason) {
    public Readiness {
        requireNonNull(reason, "reason is null");
    }

    /** The readiness that follows from a snapshot and the decision made on it. */
    public static Readiness of(Snapshot snapshot, Decision decision) {
        if (decision instanceof Decision.Refuse refuse) {
            return new Readiness(false, refuse.message());
        }
        return switch (snapshot.local()) {
            case LocalMongod.NotStarted notStarted -> ofWaitingToJoin(snapshot, decision, Reason.AWAIT_START);
            case LocalMongod.Unreachable unreachable -> new Readiness(false, decision.message());
            case LocalMongod.Denied denied -> new Readiness(false, decision.message());
            case LocalMongod.Misconfigured misconfigured -> new Readiness(false, decision.message());
            case LocalMongod.Starting starting -> new Readiness(false, decision.message());
            case LocalMongod.Removed removed -> ofWaitingToJoin(snapshot, decision, Reason.REMOVED);
            case LocalMongod.HoldsData data -> ofUninitialized(snapshot, decision);
            case LocalMongod.NotYetInitialized empty -> ofUninitialized(snapshot, decision);
            case LocalMongod.InSet set -> ofMember(snapshot, set, decision);
        };
    }

    private static Readiness ofUninitialized(Snapshot snapshot, Decision decision) {
        int own = snapshot.self().ordinal();
        boolean waits = decision.reason() == Reason.PEERS_UNKNOWN
                || decision.reason() == Reason.AWAIT_FIRST_ORDINAL
                || decision.reason() == Reason.AWAIT_SEED;
        boolean someAreLater =
                snapshot.expectedOrdinals().anyMatch(ordinal -> ordinal > own && isNotThereYet(snapshot.peer(ordinal)));
        boolean allOthersAreEmpty = snapshot.expectedOrdinals()
                .filter(ordinal -> ordinal != own)
                .allMatch(ordinal -> holdsNothing(snapshot.peer(ordinal))
                        || (ordinal > own && isNotThereYet(snapshot.peer(ordinal))));
        return waits && someAreLater && allOthersAreEmpty
                ? new Readiness(true, "waits for the later ordinals to exist")
                : ofWaitingToJoin(snapshot, decision, Reason.AWAIT_JOIN);
    }

    /** Only a primary's sidecar can add it, and a later ordinal may be needed to elect one. */
    private static Readiness ofWaitingToJoin(Snapshot snapshot, Decision decision, Reason waits) {
        int own = snapshot.self().ordinal();
        boolean someAreLater = snapshot.expectedOrdinals()
                .filter(ordinal -> ordinal > own)
                .mapToObj(snapshot::peer)
                .anyMatch(peer -> isNotThereYet(peer) || peer instanceof PeerMongod.Absent);
        return decision.reason() == waits && snapshot.isExpected(own) && someAreLater && !snapshot.isPrimaryAmongPeers()
                ? new Readiness(true, "waits to join; no primary may be elected until the later ordinals exist")
                : new Readiness(false, decision.message());
    }

    private static boolean isNotThereYet(PeerMongod peer) {
        return peer instanceof PeerMongod.Unknown unknown && unknown.cause() == PeerMongod.Cause.NO_SUCH_NAME;
    }

    private static boolean holdsNothing(PeerMongod peer) {
        return peer instanceof PeerMongod.NotYetInitialized || peer instanceof PeerMongod.Absent;
    }

    private static Readiness ofMember(Snapshot snapshot, LocalMongod.InSet set, Decision decision) {
        SetStatus status = set.status();
        MemberState state = status.myState();
        if (state == MemberState.PRIMARY) {
            return new Readiness(true, "PRIMARY");
        }
        if (state != MemberState.SECONDARY && state != MemberState.ARBITER) {
            return new Readiness(false, decision.message());
        }
        if (status.primary().isEmpty()) {
            return isLaterOrdinalDown(snapshot, set)
                    ? new Readiness(true, state + "; no primary can be elected until the later ordinals run")
                    : new Readiness(false, decision.message());
        }
        if (state == MemberState.ARBITER) {
            return new Readiness(true, "ARBITER");
        }
        Optional<Duration> lag = status.self().flatMap(status::lag);
        if (lag.isEmpty()) {
            return new Readiness(false, "SECONDARY, but its lag is not known yet");
        }
        Duration allowed = snapshot.maxLag()
                .plus(status.self().map(self -> set.delayOf(self.host())).orElse(Duration.ZERO));
        return lag.get().compareTo(allowed) <= 0
                ? new Readiness(
                        true, "SECONDARY, %d s behind".formatted(lag.get().toSeconds()))
                : new Readiness(
                        false,
                        "SECONDARY, but %d s behind: %d s are allowed"
                                .formatted(lag.get().toSeconds(), allowed.toSeconds()));
    }

    /** A member under another name that is down may be a later ordinal's: its pod is not asked, and may not exist. */
    private static boolean isLaterOrdinalDown(Snapshot snapshot, LocalMongod.InSet set) {
        NavigableMap<Integer, ConfigMember> members = snapshot.membersByOrdinal();
        int own = snapshot.self().ordinal();
        return members.tailMap(own, false).values().stream().anyMatch(member -> !set.hears(member))
                || (snapshot.expectedOrdinals().anyMatch(ordinal -> ordinal > own && !members.containsKey(ordinal))
                        && snapshot.unidentifiedMembers().stream().anyMatch(member -> !set.hears(member)));
    }
}
