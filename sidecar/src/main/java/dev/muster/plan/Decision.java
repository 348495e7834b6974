package dev.muster.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What one cycle decided. Every cycle decides something, even if there is nothing to do. */
public sealed interface Decision {
    Reason reason();

    /** One sentence for an operator: what, about which member, why. */
    String message();

    /** There is nothing to do and nothing is missing. */
    record Settled(Reason reason, String message) implements Decision {
        public Settled {
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /**
     * Something else has to happen first.
     *
     * @param retryAfter the shortest time until the next look, unless something wakes the loop
     */
    record Wait(Reason reason, String message, Duration retryAfter) implements Decision {
        public Wait {
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
            requireNonNull(retryAfter, "retryAfter is null");
        }
    }

    /** One write. */
    record Act(Step step, Reason reason, String message) implements Decision {
        public Act {
            requireNonNull(step, "step is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /** Muster will not act on this, however much time passes: an operator has to. */
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
