package dev.muster.control;

import static java.util.Objects.requireNonNull;

import dev.muster.plan.Outcome;

/**
 * The answer to an operator's command.
 *
 * @param done whether it was done
 * @param sentence what was done, or why not
 */
public record ControlAnswer(boolean done, String sentence) {
    public ControlAnswer {
        requireNonNull(sentence, "sentence is null");
    }

    /** For commands that need the set's state, before the first cycle has ended. */
    static final String NOTHING_KNOWN = "the sidecar does not know the set's state yet: try again";

    /** The answer for a write with that outcome; the sentence is for a write that took effect. */
    static ControlAnswer of(Outcome outcome, String done) {
        return switch (outcome) {
            case Outcome.Done made -> done(done);
            case Outcome.Stale stale -> notDone(stale.why());
            case Outcome.Failed failed -> notDone(failed.why());
        };
    }

    public static ControlAnswer done(String sentence) {
        return new ControlAnswer(true, sentence);
    }

    /** Not done, for the reason given. */
    public static ControlAnswer notDone(String sentence) {
        return new ControlAnswer(false, sentence);
    }
}
