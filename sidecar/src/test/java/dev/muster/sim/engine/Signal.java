package dev.muster.sim.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one fiber waits for and anybody may raise. Raised while nobody waits, it ends the next wait at once. */
public final class Signal {
    private final Scheduler scheduler;
    private boolean raised;
    private @Nullable Runnable waiting;

    public Signal(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Ends the present wait, or the next one. */
    public void raise() {
        if (waiting == null) {
            raised = true;
        } else {
            scheduler.after(Duration.ZERO, waiting);
            waiting = null;
        }
    }

    /** Gives way until it is raised, or that time has passed. Only in a fiber. */
    public void await(Duration atMost) {
        Fiber fiber = scheduler.running();
        if (fiber == null) {
            throw new IllegalStateException("only a fiber can wait for a signal");
        }
        if (raised) {
            raised = false;
            scheduler.pause(Duration.ZERO);
            return;
        }
        Runnable next = fiber.next();
        waiting = next;
        scheduler.after(atMost, next);
        fiber.giveWay();
        waiting = null;
    }
}
