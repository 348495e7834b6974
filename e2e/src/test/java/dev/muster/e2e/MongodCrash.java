package dev.muster.e2e;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What shows that a mongod ended by a fault of its own. */
final class MongodCrash {
    /** What a mongod logs before it ends so. For an ordinary stop by a signal it logs "Signal received". */
    private static final List<String> LAST_WORDS = List.of("Invariant failure", "Fatal assertion", "Got signal");

    /** Signals that the kernel or the process itself sends, as exit codes: 128 and the signal's number. */
    private static final Map<Integer, String> SIGNALS =
            Map.of(132, "SIGILL", 133, "SIGTRAP", 134, "SIGABRT", 135, "SIGBUS", 136, "SIGFPE", 139, "SIGSEGV");

    /** As much of a line as is needed to know what it is about. */
    private static final int MOST_LETTERS = 1000;

    private MongodCrash() {}

    /** The line, if it says so. */
    static Optional<String> inLine(String line) {
        return Optional.of(line)
                .filter(text -> LAST_WORDS.stream().anyMatch(text::contains))
                .map(text -> text.length() > MOST_LETTERS ? text.substring(0, MOST_LETTERS) + "…" : text);
    }

    /** In words, if it is one. Tests and the kubelet send SIGTERM and SIGKILL: neither is a crash. */
    static Optional<String> inExitCode(int exitCode) {
        return Optional.ofNullable(SIGNALS.get(exitCode))
                .map(signal -> "exit code %d (%s)".formatted(exitCode, signal));
    }
}
