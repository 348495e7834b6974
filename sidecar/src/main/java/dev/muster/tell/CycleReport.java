package dev.muster.tell;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Snapshot;
import dev.muster.plan.Decision;
import dev.muster.plan.Judgement;
import dev.muster.plan.Outcome;
import dev.muster.plan.Readiness;
import dev.muster.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one cycle saw, decided and did, for everything that only reads: HTTP, metrics, Kubernetes, the command line. A
 * cycle that writes reports twice: before the write, and when its outcome is known.
 *
 * @param outcome of an act's step; empty before the write, and for every other decision
 * @param history the last changes of the decision, newest first, at most {@link #HISTORY_LENGTH}
 * @param at when this was reported
 */
public record CycleReport(
        Snapshot snapshot,
        Judgement judgement,
        Optional<Outcome> outcome,
        Readiness readiness,
        List<Change> history,
        Times times,
        Instant at) {
    /** How many changes of the decision are kept. */
    public static final int HISTORY_LENGTH = 50;

    public CycleReport {
        requireNonNull(snapshot, "snapshot is null");
        requireNonNull(judgement, "judgement is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(readiness, "readiness is null");
        requireNonNull(times, "times is null");
        requireNonNull(at, "at is null");
        history = List.copyOf(history);
    }

    public Decision decision() {
        return judgement.decision();
    }

    /** Whether the cycle has ended. An act is also reported before its write. */
    public boolean isFinished() {
        return !(decision() instanceof Decision.Act) || outcome.isPresent();
    }

    /**
     * How long the phases of the cycle took.
     *
     * @param act zero where nothing was written, or not yet
     */
    public record Times(Duration observe, Duration plan, Duration act) {
        public Times {
            requireNonNull(observe, "observe is null");
            requireNonNull(plan, "plan is null");
            requireNonNull(act, "act is null");
        }
    }

    /**
     * A change of the decision.
     *
     * @param at when it was first made
     * @param outcome of the step, for an act; otherwise empty
     */
    public record Change(Instant at, Decision decision, Optional<Outcome> outcome) {
        public Change {
            requireNonNull(at, "at is null");
            requireNonNull(decision, "decision is null");
            requireNonNull(outcome, "outcome is null");
        }

        public Reason reason() {
            return decision.reason();
        }

        /** As it is logged: {@code act JOIN: adds mongo-1 [done]}. */
        @Override
        public String toString() {
            return "%s %s: %s%s"
                    .formatted(
                            decision.kind(),
                            decision.reason(),
                            decision.message(),
                            outcome.map(what -> " [" + what.words() + "]").orElse(""));
        }
    }
}
