package dev.muster.plan;

import dev.muster.model.DeadPrimary;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.OpTime;
import dev.muster.model.PeerMongod;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A primary whose {@code mongod} has ended is followed at once, not after the election timeout. The election is
 * MongoDB's own, so a member that lacks a write that a majority has is not elected, no matter who calls it.
 *
 * <p>Two candidates at once can take each other's votes. So all sidecars rank the candidates alike. The dead primary's
 * sidecar asks the first one; if no member is elected, each candidate's own sidecar asks its member, one after the other.
 */
final class ElectionRules {
    /**
     * MongoDB's default election timeout. A primary that was in office for a shorter time is left to it: where each
     * primary dies at once, as of a query that crashes it, there are no more elections than without Muster.
     */
    static final Duration LEAST_IN_OFFICE = Duration.ofSeconds(10);

    /** Then the first candidate's own sidecar asks it. The dead primary's takes about 0.1 s. */
    static final Duration FIRST_TURN = Duration.ofMillis(300);

    /** An election takes about 0.1 s. */
    static final Duration NEXT_TURN = Duration.ofMillis(500);

    /** From then on MongoDB calls an election by itself at any moment. */
    static final Duration LATEST = Duration.ofSeconds(8);

    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::stays)
            .thenComparing(Candidate::applied)
            .reversed()
            .thenComparing(Candidate::host);

    private ElectionRules() {}

    /**
     * A member that can be elected.
     *
     * @param stays whether the StatefulSet asks for it
     */
    private record Candidate(HostAddress host, OpTime applied, boolean stays) {}

    /** The sidecar beside the {@code mongod} that ended, which is the first to know. */
    static Verdict followOwn(Snapshot snapshot) {
        Optional<DeadPrimary> own = snapshot.deadPrimary().filter(dead -> isOwn(snapshot, dead) && !answers(snapshot));
        if (own.isEmpty()) {
            return Verdict.passes("the mongod beside this sidecar is not a primary that ended");
        }
        List<HostAddress> candidates = candidates(snapshot, own.get());
        return whyNot(snapshot, own.get(), candidates)
                .map(Verdict::passes)
                .orElseGet(() -> call(candidates.getFirst(), own.get()));
    }

    /** The sidecar of a member that could follow. */
    static Verdict followOther(Snapshot snapshot) {
        Optional<DeadPrimary> other = snapshot.deadPrimary().filter(dead -> !isOwn(snapshot, dead));
        if (other.isEmpty()) {
            return Verdict.passes("no other pod's mongod was the primary and has ended, as far as known");
        }
        DeadPrimary dead = other.get();
        List<HostAddress> candidates = candidates(snapshot, dead);
        Optional<String> whyNot = whyNot(snapshot, dead, candidates);
        if (whyNot.isPresent()) {
            return Verdict.passes(whyNot.get());
        }
        int place = snapshot.local().knownAs().map(candidates::indexOf).orElse(-1);
        if (place < 0) {
            return Verdict.passes("this member cannot be elected");
        }
        boolean isOurTurn = dead.ago().compareTo(FIRST_TURN.plus(NEXT_TURN.multipliedBy(place))) >= 0;
        return isOurTurn
                ? call(candidates.get(place), dead)
                : Verdict.awaitShortly(
                        Reason.CALL_ELECTION,
                        "the mongod of the primary %s has ended; asks this member to stand for election if no other one does",
                        dead.host());
    }

    private static Optional<String> whyNot(Snapshot snapshot, DeadPrimary dead, List<HostAddress> candidates) {
        if (isFollowed(snapshot, dead)) {
            return Optional.of(
                    "the mongod of the primary %s has ended, and an election has begun".formatted(dead.host()));
        }
        if (dead.inOffice().compareTo(LEAST_IN_OFFICE) < 0) {
            return Optional.of("%s was the primary for %d s only: MongoDB elects another one after its own timeout"
                    .formatted(dead.host(), dead.inOffice().toSeconds()));
        }
        if (dead.ago().compareTo(LATEST) > 0) {
            return Optional.of(
                    "the mongod of the primary %s ended long ago: MongoDB elects another one".formatted(dead.host()));
        }
        return candidates.isEmpty()
                ? Optional.of("the mongod of the primary %s has ended, but no other member can be elected"
                        .formatted(dead.host()))
                : Optional.empty();
    }

    private static Verdict call(HostAddress candidate, DeadPrimary dead) {
        return Verdict.act(
                new Step.CallElection(candidate, dead.host(), dead.term()),
                Reason.CALL_ELECTION,
                "asks %s to stand for election: the mongod of the primary %s has ended",
                candidate,
                dead.host());
    }

    private static boolean isOwn(Snapshot snapshot, DeadPrimary dead) {
        return snapshot.ordinalOf(dead.host())
                .equals(OptionalInt.of(snapshot.self().ordinal()));
    }

    private static boolean answers(Snapshot snapshot) {
        return !(snapshot.local() instanceof LocalMongod.Unreachable);
    }

    private static boolean isFollowed(Snapshot snapshot, DeadPrimary dead) {
        return snapshot.isPrimaryAmongPeers()
                || snapshot.inSet()
                        .filter(set -> set.status()
                                        .primary()
                                        .filter(primary -> !primary.host().equals(dead.host()))
                                        .isPresent()
                                || set.status().term() > dead.term())
                        .isPresent();
    }

    /** The secondaries that answer and can be elected, the one that should be asked first. */
    private static List<HostAddress> candidates(Snapshot snapshot, DeadPrimary dead) {
        return dead.successors()
                .flatMap(host -> applied(snapshot, dead, host).stream()
                        .map(applied -> new Candidate(host, applied, isWanted(snapshot, host))))
                .sorted(BEST_FIRST)
                .map(Candidate::host)
                .toList();
    }

    private static boolean isWanted(Snapshot snapshot, HostAddress host) {
        OptionalInt ordinal = snapshot.ordinalOf(host);
        return ordinal.isPresent() && !snapshot.wanted().excludes(ordinal.getAsInt());
    }

    /** What that member has applied, if it is a secondary of the set. */
    private static Optional<OpTime> applied(Snapshot snapshot, DeadPrimary dead, HostAddress host) {
        if (snapshot.local() instanceof LocalMongod.InSet set && set.knownAs().equals(Optional.of(host))) {
            return set.status()
                    .self()
                    .filter(own -> own.state() == MemberState.SECONDARY)
                    .flatMap(MemberStatus::opTime);
        }
        OptionalInt ordinal = snapshot.ordinalOf(host);
        return ordinal.isPresent()
                        && snapshot.peer(ordinal.getAsInt()) instanceof PeerMongod.InSet peer
                        && !peer.isOfAnotherSetThan(dead.config().replicaSetId())
                        && peer.knownAs().equals(host)
                        && peer.state() == MemberState.SECONDARY
                ? peer.applied()
                : Optional.empty();
    }
}
