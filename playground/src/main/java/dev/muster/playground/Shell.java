package dev.muster.playground;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs one short command to its end. Members and sidecars are not started here, see {@link Spawner}. */
final class Shell {
    private Shell() {}

    /** What a command left: its exit status, and its standard output and error as one text. */
    record Result(int exitStatus, String output) {
        boolean succeeded() {
            return exitStatus == 0;
        }
    }

    /** Runs a command in the current directory; throws when it cannot be started or does not end in time. */
    static Result run(Duration timeout, List<String> command) {
        return run(timeout, Optional.empty(), Map.of(), command);
    }

    static Result run(
            Duration timeout, Optional<Path> directory, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("muster-output-", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(output.toFile());
                directory.ifPresent(path -> builder.directory(path.toFile()));
                builder.environment().putAll(environment);
                Process process = builder.start();
                try {
                    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new PlaygroundException("`" + String.join(" ", command) + "` did not end within "
                                + timeout.toSeconds() + " s and was killed");
                    }
                } finally {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                return new Result(process.exitValue(), Files.readString(output).strip());
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new PlaygroundException("cannot run `" + command.getFirst() + "`: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted while `" + command.getFirst() + "` was running", e);
        }
    }

    /** The executable of that name on the PATH. */
    static Optional<Path> onPath(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (String directory : path.split(":", -1)) {
            // An administrator's tools are often not on the PATH of root's non-login shells.
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        Path administration = Path.of("/usr/sbin", name);
        return Files.isExecutable(administration) ? Optional.of(administration) : Optional.empty();
    }

    /** Whether this process has the rights of root. */
    static boolean isRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .anyMatch(line -> line.startsWith("Uid:") && line.split("\\s+", -1)[2].equals("0"));
        } catch (IOException e) {
            return false;
        }
    }
}
