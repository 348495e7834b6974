package dev.muster.act;

import java.time.Duration;

/** How a thread waits: {@code Thread::sleep}, or the clock of a simulation. */
@FunctionalInterface
public interface Sleeper {
    /** Returns when that time has passed. */
    void sleep(Duration time) throws InterruptedException;
}
