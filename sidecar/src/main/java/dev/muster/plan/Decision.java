package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What one cycle came to. Every cycle comes to one, also when nothing is to be done. */
public sealed interface Decision {
    Reason reason();

    /** One sentence for a person: what, to whom, why. */
    String message();

    /** Nothing is to be done and nothing is missing. */
    record Settled(Reason reason, String message) implements Decision {
        public Settled {
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /**
     * Something else has to happen first.
     *
     * @param retryAfter when to look again at the soonest, if nothing wakes the loop before
     */
    record Wait(Reason reason, String message, Duration retryAfter) implements Decision {
        public Wait {
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
            requireNonNull(retryAfter, "retryAfter is null");
        }
    }

    /** One write is to be made. */
    record Act(Step step, Reason reason, String message) implements Decision {
        public Act {
            requireNonNull(step, "step is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /** Muster will not act on this, whatever time passes: a person has to. */
    record Refuse(Reason reason, String message) implements Decision {
        public Refuse {
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /** The kind as a word: {@code settled}, {@code wait}, {@code act}, {@code refuse}. */
    default String kind() {
        return switch (this) {
            case Settled settled -> "settled";
            case Wait wait -> "wait";
            case Act act -> "act";
            case Refuse refuse -> "refuse";
        };
    }
}
