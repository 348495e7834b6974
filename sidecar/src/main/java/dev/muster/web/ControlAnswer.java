package dev.muster.web;

import static java.util.Objects.requireNonNull;

/**
 * What came of a command that a person gave the sidecar.
 *
 * @param done whether it was done
 * @param sentence what was done, or why not
 */
public record ControlAnswer(boolean done, String sentence) {
    public ControlAnswer {
        requireNonNull(sentence, "sentence is null");
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
