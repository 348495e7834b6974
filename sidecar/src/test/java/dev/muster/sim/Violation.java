package dev.muster.sim;

/** Something happened that must never happen. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }

    /** Ends the run; what a lambda can call where it could not throw. */
    @SuppressWarnings("DoNotCallSuggester")
    static void because(String what, Object... arguments) {
        throw new Violation(what.formatted(arguments));
    }
}
