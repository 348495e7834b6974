package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** What one member does and knows while it is primary: it ends with the office. */
final class Office {
    private record Pending(OpTime at, long id, Consumer<Boolean> answered) {}

    private final MongodProcess process;
    private final Membership membership;
    private final long term;
    private final Instant electedAt;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final List<Runnable> onCommitment = new ArrayList<>();
    private OpTime commitPoint = Oplog.BEFORE_ALL;
    private OpTime neededForCommitment = Oplog.BEFORE_ALL;
    private boolean writable;
    private boolean ended;
    private boolean addingVote;

    Office(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
        this.term = membership.term();
        this.electedAt =
                Instant.ofEpochSecond(process.mongods().scheduler().now().getEpochSecond());
    }

    Instant electedAt() {
        return electedAt;
    }

    boolean isWritable() {
        return writable;
    }

    /** Elected: it takes writes only when it has drained what it had fetched. */
    void begin() {
        process.after(process.mongods().millis(5, 40), this::takeWrites);
        process.after(config().electionTimeout(), this::keepMajority);
    }

    private Configuration config() {
        Configuration config = membership.config();
        if (config == null) {
            throw new IllegalStateException("a primary has a configuration");
        }
        return config;
    }

    private void takeWrites() {
        if (ended) {
            return;
        }
        writable = true;
        neededForCommitment = append(OplogEntry.NOTHING, Optional.empty());
        // A forced configuration has no term until the next safe one.
        if (config().term() != -1) {
            membership.install(config().inTerm(term));
        }
        process.changed();
        recheck();
    }

    /** Answers what waits, with no: nobody knows what becomes of it. */
    void end() {
        ended = true;
        writable = false;
        List<Pending> unanswered = List.copyOf(pending);
        pending.clear();
        unanswered.forEach(write -> write.answered().accept(false));
    }

    void write(long id, Optional<Credentials> rootUser, Consumer<Boolean> answered) {
        pending.add(new Pending(append(id, rootUser), id, answered));
        recheck();
    }

    /**
     * A linearizable read: what there is now, answered when a majority has an entry that was written after it, which
     * proves that this is still the primary.
     */
    void readLinearizable(LongPredicate wanted, Consumer<Optional<List<Long>>> answered) {
        Oplog oplog = process.volume().oplog();
        List<Long> seen = oplog.idsUpTo(oplog.last(), wanted);
        pending.add(new Pending(
                append(OplogEntry.NOTHING, Optional.empty()),
                OplogEntry.NOTHING,
                done -> answered.accept(done ? Optional.of(seen) : Optional.empty())));
        recheck();
    }

    /** A read of what a majority has; empty before anything of this term is known to be. */
    Optional<List<Long>> readMajority(LongPredicate wanted) {
        return commitPoint.equals(Oplog.BEFORE_ALL)
                ? Optional.empty()
                : Optional.of(process.volume().oplog().idsUpTo(commitPoint, wanted));
    }

    private OpTime append(long id, Optional<Credentials> rootUser) {
        long seconds = process.mongods().scheduler().now().getEpochSecond();
        OpTime last = process.volume().oplog().last();
        OpTime at = last.seconds() >= seconds
                ? new OpTime(term, last.seconds(), last.increment() + 1)
                : new OpTime(term, seconds, 1);
        process.volume().oplog().append(new OplogEntry(at, id, rootUser));
        membership.applied();
        return at;
    }

    /**
     * Looks again what a majority of the voters has, after a heartbeat, a report of progress or a new configuration.
     */
    void recheck() {
        if (ended || !writable) {
            return;
        }
        OpTime majority = appliedByMajority();
        // What a primary of an earlier term wrote is committed only by an entry of this one.
        if (majority.term() == term && majority.compareTo(commitPoint) > 0) {
            commitPoint = majority;
        }
        while (!pending.isEmpty() && pending.getFirst().at().compareTo(commitPoint) <= 0) {
            Pending write = pending.removeFirst();
            if (write.id() != OplogEntry.NOTHING) {
                process.mongods().listener().acknowledged(process, write.id());
            }
            write.answered().accept(true);
        }
        if (onCommitment.isEmpty() && !config().hasNewlyAdded()) {
            return;
        }
        if (isConfigCommitted()) {
            List<Runnable> waiting = List.copyOf(onCommitment);
            onCommitment.clear();
            waiting.forEach(Runnable::run);
            giveVotes();
        }
    }

    private OpTime appliedByMajority() {
        Configuration config = config();
        List<OpTime> applied = new ArrayList<>();
        for (Configuration.Member member : config.members()) {
            if (member.isVoter()) {
                PeerView peer = membership.heartbeats().peerOrNull(member.id());
                applied.add(
                        isSelf(member)
                                ? process.volume().oplog().last()
                                : peer == null ? Oplog.BEFORE_ALL : peer.applied());
            }
        }
        applied.sort(Comparator.reverseOrder());
        int needed = config.writeMajority();
        return needed == 0 ? Oplog.BEFORE_ALL : applied.get(needed - 1);
    }

    private boolean isSelf(Configuration.Member member) {
        Configuration.Member self = membership.self();
        return self != null && self.id() == member.id();
    }

    /** Whether a majority of the voters has this configuration, and what was committed under the one before it. */
    boolean isConfigCommitted() {
        Configuration config = config();
        int have = 0;
        for (Configuration.Member member : config.members()) {
            PeerView peer = membership.heartbeats().peerOrNull(member.id());
            boolean hasIt = isSelf(member) || (peer != null && peer.has(config));
            have += member.isVoter() && hasIt ? 1 : 0;
        }
        return have >= config.majority() && appliedByMajority().compareTo(neededForCommitment) >= 0;
    }

    /** Runs that once the present configuration is committed, or never where the office ends before. */
    void whenCommitted(Runnable what) {
        onCommitment.add(what);
        recheck();
    }

    void configurationChanged() {
        neededForCommitment = commitPoint;
        process.after(Duration.ofMillis(1), this::recheck);
    }

    /** A new voter gets its vote when it is SECONDARY, by the primary itself. */
    private void giveVotes() {
        Optional<Configuration.Member> arrived = config().members().stream()
                .filter(Configuration.Member::newlyAdded)
                .filter(member -> membership
                        .heartbeats()
                        .peer(member.id())
                        .filter(peer -> peer.isUp() && peer.state() == MemberState.SECONDARY)
                        .isPresent())
                .findFirst();
        if (arrived.isPresent() && !addingVote) {
            addingVote = true;
            Configuration before = config();
            process.after(process.mongods().millis(5, 30), () -> {
                addingVote = false;
                if (!ended && before.equals(membership.config())) {
                    membership.install(before.withVoteOf(arrived.get().id(), term));
                }
            });
        }
    }

    /** Steps down when a majority of the voters has been silent for the election timeout. */
    private void keepMajority() {
        if (ended) {
            return;
        }
        Configuration config = config();
        List<Duration> heard = config.members().stream()
                .filter(Configuration.Member::isVoter)
                .flatMap(member -> isSelf(member)
                        ? Stream.of(process.now())
                        : membership.heartbeats().peer(member.id()).map(PeerView::heard).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
        Duration last = heard.size() < config.majority() ? Duration.ZERO : heard.get(config.majority() - 1);
        Duration left = last.plus(config.electionTimeout()).minus(process.now());
        if (left.isPositive()) {
            process.after(left, this::keepMajority);
        } else {
            membership.stepDown();
        }
    }

    /** Whether an electable member, and a majority of the voters, have all that this one has. */
    Optional<PeerView> successor() {
        OpTime last = process.volume().oplog().last();
        return appliedByMajority().compareTo(last) < 0
                ? Optional.empty()
                : config().members().stream()
                        .filter(member -> member.isElectable() && !isSelf(member))
                        .flatMap(member -> membership.heartbeats().peer(member.id()).stream())
                        .filter(peer -> peer.isUp()
                                && peer.state() == MemberState.SECONDARY
                                && peer.applied().compareTo(last) >= 0)
                        .findFirst();
    }
}
