package dev.muster.plan;

import static java.util.Objects.requireNonNull;

/** What became of one write. */
public sealed interface Outcome {
    /** It took effect. */
    record Done() implements Outcome {}

    /** Its precondition no longer held, so nothing was written: the next cycle decides anew. */
    record Stale(String why) implements Outcome {
        public Stale {
            requireNonNull(why, "why is null");
        }
    }

    /**
     * The server refused it, or did not answer: then it may have taken effect all the same.
     *
     * @param code the server's error code; -1 where there was no answer
     */
    record Failed(int code, String why) implements Outcome {
        public Failed {
            requireNonNull(why, "why is null");
        }
    }

    /** For people: {@code done}, or why not. */
    default String words() {
        return switch (this) {
            case Done done -> "done";
            case Stale stale -> "nothing written: " + stale.why();
            case Failed failed -> "failed: " + failed.why();
        };
    }

    /** {@code done}, {@code stale} or {@code failed}. */
    default String word() {
        return switch (this) {
            case Done done -> "done";
            case Stale stale -> "stale";
            case Failed failed -> "failed";
        };
    }
}
