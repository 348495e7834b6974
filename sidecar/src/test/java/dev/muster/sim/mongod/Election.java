package dev.muster.sim.mongod;

import dev.muster.model.MemberState;
import dev.muster.model.OpTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How one member stands for primary, and how it votes. */
final class Election {
    /** Of the election timeout, as the server adds it at random. */
    private static final double JITTER = 0.15;

    private final MongodProcess process;
    private final Membership membership;
    /** How far behind a primary of lower priority one may be that takes over from it. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private Duration deadline = Duration.ZERO;
    private @Nullable Duration takesOverAt;
    private Duration unelectableUntil = Duration.ZERO;
    private boolean timed;
    private boolean standing;

    Election(MongodProcess process, Membership membership) {
        this.process = process;
        this.membership = membership;
    }

    /** A request for a vote. */
    record Ballot(long term, boolean dryRun, Configuration config, OpTime applied) {}

    /** There is a primary: no election until it has been silent for the timeout. */
    void heardPrimary() {
        Configuration config = membership.config();
        if (config != null) {
            Duration timeout = config.electionTimeout();
            long jitterMillis = (long) (timeout.toMillis()
                    * JITTER
                    * process.mongods().scheduler().random().nextDouble());
            deadline = process.now().plus(timeout).plusMillis(jitterMillis);
        }
        takeOverIfPreferred();
    }

    void unelectableFor(Duration time) {
        unelectableUntil = process.now().plus(time);
    }

    /** From now on it stands when there is no primary for the timeout. */
    void watch() {
        heardPrimary();
        if (!timed) {
            timed = true;
            tick();
        }
    }

    /**
     * Priority takeover: whoever has a higher priority than the primary and has its data stands against it, the one of
     * the highest priority first.
     */
    private void takeOverIfPreferred() {
        Optional<Duration> delay = takeoverDelay();
        if (delay.isEmpty()) {
            takesOverAt = null;
        } else if (takesOverAt == null) {
            takesOverAt = process.now().plus(delay.get());
        } else if (takesOverAt.compareTo(process.now()) <= 0) {
            takesOverAt = null;
            stand(true, won -> {});
        }
    }

    private Optional<Duration> takeoverDelay() {
        Configuration config = membership.config();
        Configuration.Member self = membership.self();
        Optional<PeerView> primary = membership.heartbeats().primary();
        if (config == null || self == null || primary.isEmpty() || !mayStand()) {
            return Optional.empty();
        }
        double priority = self.config().priority();
        boolean isHigher = config.members().stream()
                .filter(member -> member.host().equals(primary.get().host()))
                .anyMatch(member -> member.config().priority() < priority);
        boolean isFresh =
                process.volume().oplog().last().behind(primary.get().applied()).compareTo(FRESH) <= 0;
        long higher = config.members().stream()
                .filter(member -> member.config().priority() > priority)
                .count();
        return isHigher && isFresh ? Optional.of(config.electionTimeout().multipliedBy(1 + higher)) : Optional.empty();
    }

    private void tick() {
        Duration left = deadline.minus(process.now());
        process.after(left.isPositive() ? left : Duration.ofMillis(1), () -> {
            if (deadline.compareTo(process.now()) <= 0) {
                heardPrimary();
                stand(true, won -> {});
            }
            tick();
        });
    }

    boolean mayStand() {
        Configuration.Member self = membership.self();
        return membership.state() == MemberState.SECONDARY
                && self != null
                && self.isElectable()
                && process.now().compareTo(unelectableUntil) >= 0;
    }

    /**
     * Stands for primary.
     *
     * @param dryRunFirst whether to ask first who would vote, so that a member that cannot win disturbs nobody
     */
    void stand(boolean dryRunFirst, Consumer<Boolean> ended) {
        Configuration config = membership.config();
        if (standing || config == null || !mayStand()) {
            ended.accept(false);
            return;
        }
        standing = true;
        Consumer<Boolean> inEarnest = would -> {
            if (would && mayStand()) {
                standInEarnest(config, ended);
            } else {
                standing = false;
                ended.accept(false);
            }
        };
        if (dryRunFirst) {
            ask(config, membership.term(), true, inEarnest);
        } else {
            inEarnest.accept(true);
        }
    }

    private void standInEarnest(Configuration config, Consumer<Boolean> ended) {
        long term = membership.term() + 1;
        membership.learnTerm(term);
        if (!process.mongods().castVote(process, config, term)) {
            standing = false;
            ended.accept(false);
            return;
        }
        ask(config, term, false, elected -> {
            standing = false;
            boolean won = elected && membership.term() == term && mayStand();
            if (won) {
                membership.becomePrimary();
            }
            ended.accept(won);
        });
    }

    /** Asks all voters; told once, as soon as it is decided. */
    private void ask(Configuration config, long term, boolean dryRun, Consumer<Boolean> decided) {
        Ballot ballot =
                new Ballot(term, dryRun, config, process.volume().oplog().last());
        Tally tally = new Tally(config.majority(), config.voters(), decided);
        for (Configuration.Member member : config.members()) {
            Configuration.Member self = membership.self();
            if (!member.isVoter()) {
                continue;
            }
            if (self != null && member.id() == self.id()) {
                process.after(process.mongods().latency(), () -> tally.count(true));
                continue;
            }
            process.after(process.mongods().latency(), () -> {
                MongodProcess voter = process.reach(member.host(), null).process();
                boolean granted = voter != null && voter.membership().election().vote(ballot);
                long theirTerm = voter == null ? 0 : voter.membership().term();
                process.after(process.mongods().latency(), () -> {
                    membership.learnTerm(theirTerm);
                    tally.count(granted);
                });
            });
        }
    }

    /** Counts votes until they decide. */
    private static final class Tally {
        private final int majority;
        private final Consumer<Boolean> decided;
        private int outstanding;
        private int granted;
        private boolean over;

        Tally(int majority, int voters, Consumer<Boolean> decided) {
            this.majority = majority;
            this.outstanding = voters;
            this.decided = decided;
        }

        void count(boolean vote) {
            outstanding--;
            granted += vote ? 1 : 0;
            if (!over && (granted >= majority || outstanding == 0)) {
                over = true;
                decided.accept(granted >= majority);
            }
        }
    }

    /**
     * Whether this member votes for a candidate. It does so once in a term, and for nobody who has less than it has.
     */
    boolean vote(Ballot ballot) {
        membership.learnTerm(ballot.term());
        @Nullable Configuration config = membership.config();
        if (config == null
                || membership.self() == null
                || ballot.term() < membership.term()
                || config.isNewerThan(ballot.config())
                || !config.setName().equals(ballot.config().setName())
                || process.volume().oplog().last().compareTo(ballot.applied()) > 0) {
            return false;
        }
        if (ballot.dryRun()) {
            return true;
        }
        boolean granted = process.mongods().castVote(process, config, ballot.term());
        if (granted) {
            heardPrimary();
        }
        return granted;
    }
}
