package dev.muster.loop;

import dev.muster.act.StepRunner;
import dev.muster.metrics.MusterMetrics;
import dev.muster.model.Snapshot;
import dev.muster.observe.SnapshotReader;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Readiness;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the cycle: observe, plan, act, tell. {@link #run} belongs to one thread; the rest may be called from any. */
public final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    private final SnapshotReader reader;
    private final StepRunner runner;
    private final MusterMetrics metrics;
    private final Clock clock;
    private final Consumer<LoopState> listener;
    private final Pacing pacing = new Pacing();
    private final DecisionLog log = new DecisionLog();
    private final AtomicReference<@Nullable LoopState> state = new AtomicReference<>();
    private volatile long turnedAtNanos = System.nanoTime();

    /**
     * A loop.
     *
     * @param listener told what each cycle came to; must return at once
     */
    public ControlLoop(
            SnapshotReader reader,
            StepRunner runner,
            MusterMetrics metrics,
            Clock clock,
            Consumer<LoopState> listener) {
        this.listener = listener;
        this.reader = reader;
        this.runner = runner;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What the last cycle came to; empty before the first has ended. */
    public Optional<LoopState> state() {
        return Optional.ofNullable(state.get());
    }

    /** Since when no cycle has ended. */
    public Duration sinceLastTurn() {
        return Duration.ofNanos(System.nanoTime() - turnedAtNanos);
    }

    /** The local member says that its role changed; the next cycle begins at once, or in a moment. */
    public void wakeForRole(boolean atOnce) {
        pacing.wakeForRole(atOnce);
    }

    /** Something changed: the next cycle begins at once. */
    public void wake() {
        pacing.wake();
    }

    /** Turns until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                pacing.sleep(turn());
            } catch (RuntimeException e) {
                // A bug, not a fault of the world: said loudly, and the loop goes on, since it may depend on one state.
                metrics.reconcile(MusterMetrics.ERROR);
                LOG.error("a cycle failed; the next one begins in {} ms", Pacing.AFTER_FAILURE.toMillis(), e);
                Thread.sleep(Pacing.AFTER_FAILURE);
            }
        }
    }

    /**
     * One cycle.
     *
     * @return when the next one is due, if nothing wakes the loop before
     */
    Duration turn() {
        long began = System.nanoTime();
        Snapshot snapshot = reader.read();
        long observed = System.nanoTime();
        metrics.phase("observe", Duration.ofNanos(observed - began));
        Decision decision = Planner.plan(snapshot);
        metrics.phase("plan", Duration.ofNanos(System.nanoTime() - observed));
        publish(snapshot, decision, null);
        Outcome outcome = null;
        if (decision instanceof Decision.Act act) {
            long acted = System.nanoTime();
            outcome = runner.run(act.step(), snapshot);
            metrics.phase("act", Duration.ofNanos(System.nanoTime() - acted));
            metrics.operation(act.step().operation(), outcome.word());
            publish(snapshot, decision, outcome);
        }
        metrics.reconcile(decision.kind());
        turnedAtNanos = System.nanoTime();
        return pacing.next(decision, outcome);
    }

    /** An act is told when its outcome is known, and shown while it runs. */
    private void publish(Snapshot snapshot, Decision decision, @Nullable Outcome outcome) {
        Instant now = clock.instant();
        if (outcome != null || !(decision instanceof Decision.Act)) {
            log.tell(decision, outcome, now);
        }
        LoopState seen = new LoopState(
                snapshot, decision, Readiness.of(snapshot, decision), Planner.explain(snapshot), log.history(), now);
        state.set(seen);
        listener.accept(seen);
    }
}
