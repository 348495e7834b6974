package dev.muster.loop;

import dev.muster.act.StepRunner;
import dev.muster.model.Snapshot;
import dev.muster.observe.SnapshotReader;
import dev.muster.plan.Decision;
import dev.muster.plan.Judgement;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Readiness;
import dev.muster.tell.CycleListener;
import dev.muster.tell.CycleReport;
import dev.muster.tell.DecisionLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cycles: observe, plan, act, tell. {@link #run} and {@link #turn} belong to one thread; the rest may be
 * called from any.
 */
public final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    private final SnapshotReader reader;
    private final StepRunner runner;
    private final Clock clock;
    private final CycleListener listener;
    private final Pacing pacing = new Pacing();
    private final StepHistory history = new StepHistory();
    private final DecisionLog log = new DecisionLog();
    private final AtomicReference<@Nullable CycleReport> report = new AtomicReference<>();
    private volatile long turnedAtNanos = System.nanoTime();

    public ControlLoop(SnapshotReader reader, StepRunner runner, Clock clock, CycleListener listener) {
        this.reader = reader;
        this.runner = runner;
        this.clock = clock;
        this.listener = listener;
    }

    /** The report of the last cycle, or of the current one while it writes; empty before the first. */
    public Optional<CycleReport> report() {
        return Optional.ofNullable(report.get());
    }

    /** For how long no cycle has ended. */
    public Duration sinceLastTurn() {
        return Duration.ofNanos(System.nanoTime() - turnedAtNanos);
    }

    /** Something changed: the next cycle begins after that time. */
    public void wakeAfter(Duration delay) {
        pacing.wakeAfter(delay);
    }

    /** Something changed: the next cycle begins at once. */
    public void wake() {
        pacing.wake();
    }

    /** Runs cycles until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                pacing.sleep(turn());
            } catch (RuntimeException e) {
                // A bug: it is logged, and the loop goes on, as the bug may show in one state only.
                listener.failed(e);
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
    public Duration turn() {
        long began = System.nanoTime();
        Snapshot snapshot = reader.read();
        long observed = System.nanoTime();
        Judgement judgement = Planner.judge(snapshot, history.at(clock.instant()));
        long planned = System.nanoTime();
        CycleReport.Times times = new CycleReport.Times(
                Duration.ofNanos(observed - began), Duration.ofNanos(planned - observed), Duration.ZERO);
        publish(snapshot, judgement, Optional.empty(), times);
        Optional<Outcome> outcome = Optional.empty();
        if (judgement.decision() instanceof Decision.Act act) {
            Outcome ended = runner.run(act.step(), snapshot);
            history.ended(act.step(), ended, clock.instant());
            outcome = Optional.of(ended);
            Duration acted = Duration.ofNanos(System.nanoTime() - planned);
            publish(snapshot, judgement, outcome, new CycleReport.Times(times.observe(), times.plan(), acted));
        }
        turnedAtNanos = System.nanoTime();
        return pacing.next(judgement.decision(), outcome);
    }

    /** An act is logged when its outcome is known, and shown while it runs. */
    private void publish(Snapshot snapshot, Judgement judgement, Optional<Outcome> outcome, CycleReport.Times times) {
        Instant now = clock.instant();
        Decision decision = judgement.decision();
        if (outcome.isPresent() || !(decision instanceof Decision.Act)) {
            log.tell(decision, outcome, now);
        }
        CycleReport seen = new CycleReport(
                snapshot, judgement, outcome, Readiness.of(snapshot, decision), log.history(), times, now);
        report.set(seen);
        listener.reported(seen);
    }
}
