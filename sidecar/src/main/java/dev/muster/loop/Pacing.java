package dev.muster.loop;

import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the next cycle begins. A cycle that made a write is followed by another at once. A wait is looked at again after
 * its own time, and after longer times while it stays the same. A wake-up ends any sleep.
 */
final class Pacing {
    /** A settled set is still looked at this often, for what hello does not report: lag, and the health of peers. */
    static final Duration SETTLED = Duration.ofSeconds(2);

    /** The limit of a lengthening wait. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** After a write that did not take effect. */
    static final Duration AFTER_NOTHING = Duration.ofMillis(10);

    /** After a cycle that ended in an exception. */
    static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private static final double LENGTHENING = 1.3;

    private final Semaphore wakeUps = new Semaphore(0);
    private @Nullable Decision last;
    private Duration wait = Duration.ZERO;

    /** Ends the current sleep, or the next one. Any thread. */
    void wake() {
        wakeUps.release();
    }

    /** The same, after that time. Any thread. */
    void wakeAfter(Duration delay) {
        if (delay.isZero()) {
            wake();
            return;
        }
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(delay);
                wake();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Sleeps for that long, or until the loop is woken. */
    void sleep(Duration time) throws InterruptedException {
        if (wakeUps.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
            // Several changes at once need only one cycle.
            wakeUps.drainPermits();
        }
    }

    /**
     * How long to sleep after a decision; depends on the ones before.
     *
     * @param outcome of the step of an act; empty for any other decision
     */
    Duration next(Decision decision, Optional<Outcome> outcome) {
        wait = after(decision, outcome);
        last = decision;
        return wait;
    }

    private Duration after(Decision decision, Optional<Outcome> outcome) {
        return switch (decision) {
            case Decision.Act act ->
                // A step that did not take effect gives way, and other steps may follow soon. Never a hot loop.
                outcome.orElseThrow() instanceof Outcome.Done ? Duration.ZERO : AFTER_NOTHING;
            case Decision.Settled settled -> SETTLED;
            case Decision.Refuse refuse -> LONGEST_WAIT;
            case Decision.Wait waiting -> {
                boolean same = last instanceof Decision.Wait before && before.reason() == waiting.reason();
                yield same ? max(waiting.retryAfter(), lengthened(LONGEST_WAIT)) : waiting.retryAfter();
            }
        };
    }

    private Duration lengthened(Duration limit) {
        Duration longer = Duration.ofNanos((long) (wait.toNanos() * LENGTHENING));
        return longer.compareTo(limit) > 0 ? limit : longer;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
