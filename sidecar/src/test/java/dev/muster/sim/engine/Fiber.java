package dev.muster.sim.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a simulation. It and whoever resumed it hand one baton back and forth: while one has it, the other is
 * parked, so nothing depends on how the machine schedules its threads.
 */
public final class Fiber {
    /** Ends a fiber wherever it is, as SIGKILL does: an Error, so that nobody takes it for a fault of the world. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private final Scheduler scheduler;
    private final Thread thread;
    private volatile @Nullable Thread baton;
    private Thread resumer = Thread.currentThread();
    private long waits;
    private boolean started;
    private boolean killed;
    private boolean ended;
    private boolean frozen;
    private boolean resumeWhenThawed;
    private @Nullable Throwable failure;

    Fiber(Scheduler scheduler, String name, Runnable body) {
        this.scheduler = scheduler;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(body));
    }

    private void run(Runnable body) {
        try {
            awaitBaton(thread);
            if (!killed) {
                body.run();
            }
        } catch (Killed expected) {
            // It was told to end here.
        } catch (Throwable e) {
            failure = e;
        } finally {
            ended = true;
            pass(resumer);
        }
    }

    /** Whether it has come to its end, or was killed. */
    public boolean isEnded() {
        return ended || killed;
    }

    /** An event that resumes it from the wait that it is about to begin, and from no later one. */
    Runnable next() {
        long wait = ++waits;
        return () -> {
            if (wait == waits) {
                resume();
            }
        };
    }

    private void resume() {
        if (ended) {
            return;
        }
        if (frozen && !killed) {
            resumeWhenThawed = true;
            return;
        }
        Fiber before = scheduler.running();
        resumer = Thread.currentThread();
        scheduler.nowRunning(this);
        if (!started) {
            started = true;
            thread.start();
        }
        pass(thread);
        awaitBaton(resumer);
        scheduler.nowRunning(before);
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Called in the fiber: everybody else goes on, until {@link #next} resumes it. */
    void giveWay() {
        if (!killed) {
            pass(resumer);
            awaitBaton(thread);
        }
        if (killed) {
            throw new Killed();
        }
    }

    /** Ends it where it is. What it was about to do is not done; {@code finally} runs, and cannot pause any more. */
    public void kill() {
        if (ended || killed) {
            return;
        }
        killed = true;
        if (scheduler.running() == this) {
            throw new Killed();
        }
        // Unwound at once: the parked threads of all crashes would pile up.
        resume();
    }

    /** Stops it as SIGSTOP does, when it next gives way; time goes on. */
    public void freeze() {
        frozen = true;
    }

    /** Lets it go on. */
    public void thaw() {
        frozen = false;
        if (resumeWhenThawed) {
            resumeWhenThawed = false;
            scheduler.after(Duration.ZERO, this::resume);
        }
    }

    private void pass(Thread to) {
        baton = to;
        LockSupport.unpark(to);
    }

    private void awaitBaton(Thread me) {
        while (!me.equals(baton)) {
            LockSupport.park(this);
        }
    }
}
