package dev.muster.plan;

import static java.util.Objects.requireNonNull;

/** The result of one write. */
public sealed interface Outcome {
    /**
     * It took effect.
     *
     * @param how in which way, where there is more than one; empty otherwise
     */
    record Done(String how) implements Outcome {
        public Done {
            requireNonNull(how, "how is null");
        }

        public Done() {
            this("");
        }
    }

    /** Its precondition no longer held, so nothing was written. The next cycle decides again. */
    record Stale(String why) implements Outcome {
        public Stale {
            requireNonNull(why, "why is null");
        }
    }

    /**
     * The server refused it, or did not answer. Without an answer it may have taken effect.
     *
     * @param code the server's error code; -1 where there was no answer
     */
    record Failed(int code, String why) implements Outcome {
        public Failed {
            requireNonNull(why, "why is null");
        }
    }

    /** As part of a message: {@code done}, or why not. */
    default String words() {
        return switch (this) {
            case Done done -> done.how().isEmpty() ? "done" : "done " + done.how();
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
