package dev.muster.cli;

import static java.util.Objects.requireNonNull;

/**
 * What {@code muster check} found out about one thing.
 *
 * @param what one line for an operator; never a secret
 */
record Finding(boolean ok, String what) {
    Finding {
        requireNonNull(what, "what is null");
    }

    static Finding ok(String what) {
        return new Finding(true, what);
    }

    static Finding fault(String what) {
        return new Finding(false, what);
    }

    /** {@code ok …} or {@code FAULT …}. */
    String line() {
        return (ok ? "ok     " : "FAULT  ") + what;
    }
}
