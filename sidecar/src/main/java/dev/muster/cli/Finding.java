package dev.muster.cli;

import static java.util.Objects.requireNonNull;

/**
 * What one look of {@code muster check} found.
 *
 * @param what one line for a person; never a secret
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
