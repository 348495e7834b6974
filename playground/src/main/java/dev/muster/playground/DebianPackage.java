package dev.muster.playground;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Installs a program from the machine's Debian packages, where that is possible: as root, with apt. */
final class DebianPackage {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** Only root may write there, and only root installs. */
    private static final Path LOCK = Path.of("/run/muster-apt.lock");

    private DebianPackage() {}

    /**
     * Installs the package whose program is missing.
     *
     * @param name of the package and of the program in it
     * @return why it is not there now, as the last lines of apt; empty when it is there
     */
    static Optional<String> ensure(String name) throws IOException {
        if (Shell.onPath(name).isPresent()) {
            return Optional.empty();
        }
        if (!Shell.isRoot() || Shell.onPath("apt-get").isEmpty()) {
            return Optional.of("installing it needs root and apt-get");
        }
        Shell.Result result = Progress.during("muster: installs " + name + " …", () -> alone(name));
        if (result.succeeded()) {
            return Optional.empty();
        }
        List<String> lines = result.output().lines().toList();
        return Optional.of(String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
    }

    /** A second apt would not wait for the lists of packages that the first one fetches. */
    private static Shell.Result alone(String name) throws IOException {
        try (FileChannel file = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock " + LOCK + " was lost");
            }
            Shell.run(TIMEOUT, List.of("apt-get", "update"));
            return Shell.run(
                    TIMEOUT,
                    Optional.empty(),
                    Map.of("DEBIAN_FRONTEND", "noninteractive"),
                    List.of("apt-get", "install", "-y", "--no-install-recommends", name));
        }
    }
}
