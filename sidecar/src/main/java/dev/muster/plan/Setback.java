package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a step has ended each time lately, without what was wanted of it: it stands aside for the others for a while.
 *
 * @param times how often in a row
 * @param last how it ended last. {@code Done} where it took effect and was wanted again at once
 * @param pause how long it stands aside after the last time
 * @param left what is left of that
 */
public record Setback(int times, Outcome last, Duration pause, Duration left) {
    public Setback {
        requireNonNull(last, "last is null");
        requireNonNull(pause, "pause is null");
        requireNonNull(left, "left is null");
    }

    /** What is told while the step stands aside. */
    Decision.Wait waiting(Decision.Act act) {
        Duration retryAfter = left.compareTo(Cadence.LONG) < 0 ? left : Cadence.LONG;
        return switch (last) {
            case Outcome.Stale stale ->
                new Decision.Wait(act.reason(), "%s; not yet: %s".formatted(act.message(), stale.why()), retryAfter);
            case Outcome.Failed failed ->
                new Decision.Wait(
                        Reason.STEP_FAILED,
                        "%s: this has failed %s, and is tried again %s: %s"
                                .formatted(act.message(), Words.times(times), after(), failed.why()),
                        retryAfter);
            case Outcome.Done done ->
                new Decision.Wait(
                        Reason.STEP_FAILED,
                        "%s: this was done %s and had no effect, and is tried again %s"
                                .formatted(act.message(), Words.times(times), after()),
                        retryAfter);
        };
    }

    private String after() {
        return pause.toSeconds() == 0 ? "at once" : "after " + pause.toSeconds() + " s";
    }
}
