package dev.muster.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one command to its end. */
final class ExternalCommand {
    private ExternalCommand() {}

    /** What a command left: its exit status, and its standard output and error as one text. */
    record Result(List<String> command, int exitStatus, String output) {
        boolean succeeded() {
            return exitStatus == 0;
        }

        /** This, when it succeeded. */
        Result orThrow() {
            if (!succeeded()) {
                throw new AssertionError(
                        "`%s` ended with %d: %s".formatted(String.join(" ", command), exitStatus, output));
            }
            return this;
        }
    }

    static Result run(Duration timeout, String... command) {
        return run(timeout, List.of(command));
    }

    /** Throws when the command cannot be started or does not end in time; it is killed then. */
    static Result run(Duration timeout, List<String> command) {
        try {
            Path output = Files.createTempFile("muster-e2e-", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(output.toFile())
                        .start();
                try {
                    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new AssertionError("`%s` did not end within %d s: %s"
                                .formatted(String.join(" ", command), timeout.toSeconds(), Files.readString(output)));
                    }
                } finally {
                    process.destroyForcibly();
                }
                return new Result(
                        command, process.exitValue(), Files.readString(output).strip());
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run `" + command.getFirst() + "`", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while `" + command.getFirst() + "` was running", e);
        }
    }
}
