package dev.muster.playground;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mongod that runs on this machine: the words that start it, to which its own arguments are added, and
 * the environment that it needs.
 */
public record MongodBinary(List<String> command, Map<String, String> environment) {
    /** Names a mongod to use instead of all others. */
    static final String OVERRIDE = "MUSTER_MONGOD";

    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(20);

    /**
     * mongod's allocator keeps per-CPU caches by restartable sequences and gives them up when glibc has
     * registered its own first, with a warning in each log.
     */
    private static final Map<String, String> ENVIRONMENT = Map.of("GLIBC_TUNABLES", "glibc.pthread.rseq=0");

    public MongodBinary {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * The first of: the one that MUSTER_MONGOD names, one on the PATH of version 7 or later, the cached
     * one, a new installation into the cache. The last can take minutes; progress goes to standard error.
     */
    public static MongodBinary provide() {
        String override = System.getenv(OVERRIDE);
        if (override != null && !override.isBlank()) {
            return named(Path.of(override));
        }
        return onPath().orElseGet(() -> installed(new MongodInstallation(cacheDirectory())));
    }

    /** What {@code mongod --version} says; throws when it does not run here. */
    MongodVersion version() {
        List<String> words = new ArrayList<>(command);
        words.add("--version");
        Shell.Result result = Shell.run(VERSION_TIMEOUT, Optional.empty(), environment, words);
        return MongodVersion.parse(result.output())
                .orElseThrow(() -> new PlaygroundException(
                        "`" + String.join(" ", words) + "` does not print a mongod's version but: " + result.output()));
    }

    static Path cacheDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache != null && !cache.isBlank() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("muster").toAbsolutePath();
    }

    private static MongodBinary of(List<String> command) {
        return new MongodBinary(command, ENVIRONMENT);
    }

    private static MongodBinary named(Path path) {
        if (!Files.isExecutable(path) || Files.isDirectory(path)) {
            throw new PlaygroundException(OVERRIDE + "=" + path
                    + " is not an executable file; give the path of a mongod of version 7 or later, or unset it");
        }
        MongodBinary binary = of(List.of(path.toAbsolutePath().toString()));
        MongodVersion version = binary.version();
        if (!version.isSupported()) {
            throw new PlaygroundException(
                    OVERRIDE + "=" + path + " is version " + version + "; version 7 or later is needed");
        }
        return binary;
    }

    private static Optional<MongodBinary> onPath() {
        Optional<MongodBinary> found = Shell.onPath("mongod")
                .map(path -> of(List.of(path.toAbsolutePath().toString())));
        try {
            return found.filter(binary -> binary.version().isSupported());
        } catch (PlaygroundException e) {
            System.err.println("muster: the mongod on the PATH is not used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static MongodBinary installed(MongodInstallation installation) {
        Path mongod = installation.provide();
        Path loader = mongod.resolveSibling(MongodInstallation.TREE);
        if (!MongodInstallation.needsNewerGlibc()) {
            return of(List.of(mongod.toString()));
        }
        String libraries = loader.resolve("usr/lib/x86_64-linux-gnu") + ":" + loader.resolve("lib/x86_64-linux-gnu");
        return of(List.of(
                loader.resolve("lib64/ld-linux-x86-64.so.2").toString(),
                "--library-path",
                libraries,
                mongod.toString()));
    }
}
