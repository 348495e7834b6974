package dev.muster.cli;

/** The exit codes, for scripts. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    /** The command line is wrong. Nothing was done, except that {@code run} lets {@code mongod} start. */
    static final int USAGE = 2;
    /** The sidecar answers, but the set is not as it should be. */
    static final int NOT_SETTLED = 3;

    private ExitCode() {}
}
