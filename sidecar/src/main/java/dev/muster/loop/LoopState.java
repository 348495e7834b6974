package dev.muster.loop;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Snapshot;
import dev.muster.plan.Decision;
import dev.muster.plan.Planner;
import dev.muster.plan.Readiness;
import java.time.Instant;
import java.util.List;

/**
 * What the last finished cycle saw and came to, for everybody who only looks: HTTP, metrics, the command line.
 *
 * @param explanation what each rule said, in order
 * @param history the last changes of the decision, newest first, at most {@link #HISTORY_LENGTH}
 * @param at when the cycle ended
 */
public record LoopState(
        Snapshot snapshot,
        Decision decision,
        Readiness readiness,
        List<Planner.Explanation> explanation,
        List<Change> history,
        Instant at) {
    /** How many changes of the decision are kept. */
    public static final int HISTORY_LENGTH = 50;

    public LoopState {
        requireNonNull(snapshot, "snapshot is null");
        requireNonNull(decision, "decision is null");
        requireNonNull(readiness, "readiness is null");
        requireNonNull(at, "at is null");
        explanation = List.copyOf(explanation);
        history = List.copyOf(history);
    }

    /**
     * A change of the decision.
     *
     * @param at when it was first made
     * @param kind {@code settled}, {@code wait}, {@code act} or {@code refuse}
     * @param outcome of the step, for an act; empty else
     */
    public record Change(Instant at, String kind, String reason, String message, String outcome) {}
}
