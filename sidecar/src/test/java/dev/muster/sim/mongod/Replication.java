package dev.muster.sim.mongod;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How one member copies the oplog of another. */
final class Replication {
    private static final Duration SHORTEST_ROLLBACK = Duration.ofMillis(100);
    private static final Duration LONGEST_ROLLBACK = Duration.ofMillis(800);

    private final MongodProcess process;
    private final Membership membership;
    private Optional<PeerView> source = Optional.empty();
    private boolean pulling;

    Replication(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    Optional<HostAddress> source() {
        return source.map(PeerView::host);
    }

    void stop() {
        source = Optional.empty();
    }

    private boolean isRunning() {
        return membership.state() == MemberState.SECONDARY;
    }

    /** News of a member: it may be a better source, or have something new. */
    void heardOf(PeerView peer) {
        if (!isRunning()) {
            return;
        }
        choose();
        if (source.equals(Optional.of(peer))
                && !peer.applied().equals(process.volume().oplog().last())) {
            pull();
        }
    }

    /** The primary where it is heard; else whoever is ahead. */
    private void choose() {
        Optional<PeerView> primary = membership.heartbeats().primary();
        if (primary.isPresent() && source.isEmpty()) {
            source = primary;
            pull();
            return;
        }
        boolean valid = source.filter(PeerView::isReadable)
                .filter(chosen -> membership.heartbeats().peers().contains(chosen))
                .isPresent();
        if (valid && (primary.isEmpty() || !isBehind(source.get(), primary.get()))) {
            return;
        }
        source = primary.or(() -> membership.heartbeats().peers().stream()
                .filter(PeerView::isReadable)
                .filter(peer ->
                        peer.applied().compareTo(process.volume().oplog().last()) > 0)
                .max(Comparator.comparing(PeerView::applied)));
        if (source.isPresent()) {
            pull();
        }
    }

    private static boolean isBehind(PeerView chosen, PeerView primary) {
        return chosen.applied().compareTo(primary.applied()) < 0;
    }

    /** Whoever this member copies from has more. */
    void newsFrom(Membership other) {
        if (isRunning()
                && source.filter(chosen -> other.isMember(chosen.id(), chosen.host()))
                        .isPresent()) {
            pull();
        }
    }

    private void pull() {
        if (!pulling) {
            pulling = true;
            // A request that waits at the source, and its answer.
            process.after(process.mongods().latency().plus(process.mongods().latency()), () -> {
                pulling = false;
                copy();
            });
        }
    }

    private void copy() {
        if (!isRunning() || source.isEmpty() || process.isReplicationStopped()) {
            return;
        }
        PeerView from = source.get();
        MongodProcess other = process.reach(from.host(), from.connectedTo()).process();
        if (other == null || !other.membership().isReadable() || !membership.isOfSameSet(other.membership())) {
            source = Optional.empty();
            return;
        }
        Oplog own = process.volume().oplog();
        Oplog theirs = other.volume().oplog();
        Optional<List<OplogEntry>> entries = theirs.after(own.last());
        if (entries.isPresent() && entries.get().size() > process.mongods().oplogReach()) {
            source = Optional.empty();
            membership.enter(MemberState.RECOVERING);
        } else if (entries.isPresent()) {
            entries.get().forEach(own::append);
            membership.learnTerm(other.membership().term());
            report(own.last(), from);
            membership.applied();
        } else if (theirs.last().compareTo(own.last()) > 0) {
            rollBack(theirs);
        } else {
            source = Optional.empty();
        }
    }

    private void rollBack(Oplog theirs) {
        membership.enter(MemberState.ROLLBACK);
        List<Long> dropped = process.volume().oplog().rollBackTo(theirs);
        if (!dropped.isEmpty()) {
            process.mongods().listener().rolledBack(process, dropped);
        }
        process.after(process.mongods().scheduler().between(SHORTEST_ROLLBACK, LONGEST_ROLLBACK), () -> {
            if (membership.state() == MemberState.ROLLBACK) {
                membership.becomeSecondary();
                pull();
            }
        });
    }

    /** Tells the source, which tells its own, how far this member is. */
    private void report(OpTime upTo, PeerView to) {
        Configuration.Member self = membership.self();
        if (self != null) {
            pass(self.id(), upTo, to);
        }
    }

    private void pass(int member, OpTime upTo, PeerView to) {
        long term = membership.term();
        process.after(process.mongods().latency(), () -> {
            MongodProcess other = process.reach(to.host(), to.connectedTo()).process();
            if (other != null && membership.isOfSameSet(other.membership())) {
                other.membership().replication().reported(member, upTo, term);
            }
        });
    }

    private void reported(int member, OpTime upTo, long term) {
        // First: whoever has voted in a later term must not count for a primary of an earlier one.
        membership.learnTerm(term);
        membership.heartbeats().peer(member).ifPresent(peer -> peer.progressed(upTo));
        if (membership.state() == MemberState.PRIMARY) {
            membership.recheckOffice();
        } else {
            source.ifPresent(to -> pass(member, upTo, to));
        }
    }
}
