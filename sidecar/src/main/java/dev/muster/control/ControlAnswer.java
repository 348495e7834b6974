package dev.muster.control;

import static java.util.Objects.requireNonNull;

import dev.muster.plan.Outcome;

/**
 * The answer to a command that an operator gave the sidecar.
 *
 * @param done whether it was done
 * @param sentence what was done, or why not
 */
public record ControlAnswer(boolean done, String sentence) {
    public ControlAnswer {
        requireNonNull(sentence, "sentence is null");
    }

    /** The answer to what depends on the set, while no cycle has ended. */
    static final String NOTHING_KNOWN = "nothing is known yet; try again";

    /** The answer for a write with that outcome, and with that sentence if it was made. */
    static ControlAnswer of(Outcome outcome, String done) {
        return switch (outcome) {
            case Outcome.Done made -> done(done);
            case Outcome.Stale stale -> notDone(stale.why());
            case Outcome.Failed failed -> notDone(failed.why());
        };
    }

    /** It was done. */
    public static ControlAnswer done(String sentence) {
        return new ControlAnswer(true, sentence);
    }

    /** It was not, for the reason given. */
    public static ControlAnswer notDone(String sentence) {
        return new ControlAnswer(false, sentence);
    }
}
