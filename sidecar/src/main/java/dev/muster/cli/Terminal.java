package dev.muster.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Map;

/**
 * The surroundings in which a command runs.
 *
 * @param out for results; flushed after each write
 * @param err for what went wrong; flushed after each write
 * @param interactive whether {@code out} is a terminal
 * @param environment the process's variables
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive, Map<String, String> environment) {
    Terminal {
        requireNonNull(out, "out is null");
        requireNonNull(err, "err is null");
        environment = Map.copyOf(environment);
    }

    /** Whether colours may be used; see https://no-color.org. */
    boolean colours() {
        return interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    void print(String line) {
        out.println(line);
        out.flush();
    }

    void complain(String line) {
        err.println(line);
        err.flush();
    }
}
