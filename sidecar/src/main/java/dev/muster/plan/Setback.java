package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A step that has not achieved its purpose lately, and gives way to the other steps for a while.
 *
 * @param times how often in a row
 * @param last its last result. {@code Done} if it took effect and was needed again at once
 * @param pause for how long it gives way after the last attempt
 * @param left how much of the pause is left
 */
public record Setback(int times, Outcome last, Duration pause, Duration left) {
    public Setback {
        requireNonNull(last, "last is null");
        requireNonNull(pause, "pause is null");
        requireNonNull(left, "left is null");
    }

    /** What is reported while the step gives way. */
    Decision.Wait waiting(Decision.Act act) {
        Duration retryAfter = left.compareTo(Cadence.LONG) < 0 ? left : Cadence.LONG;
        return switch (last) {
            case Outcome.Stale stale ->
                new Decision.Wait(act.reason(), "%s; not yet: %s".formatted(act.message(), stale.why()), retryAfter);
            case Outcome.Failed failed ->
                new Decision.Wait(
                        Reason.STEP_FAILED,
                        "%s: failed %s, and is tried again %s: %s"
                                .formatted(act.message(), Words.times(times), after(), failed.why()),
                        retryAfter);
            case Outcome.Done done ->
                new Decision.Wait(
                        Reason.STEP_FAILED,
                        "%s: done %s without effect, and is tried again %s"
                                .formatted(act.message(), Words.times(times), after()),
                        retryAfter);
        };
    }

    private String after() {
        return pause.toSeconds() == 0 ? "at once" : "after " + pause.toSeconds() + " s";
    }
}
