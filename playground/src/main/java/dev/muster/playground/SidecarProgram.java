package dev.muster.playground;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words that start a sidecar's JVM, up to its command: from the built jar when the playground itself
 * runs from a jar, otherwise (in tests, before the jar exists) from this JVM's own class path.
 */
final class SidecarProgram {
    /** A class path to use instead. */
    static final String CLASS_PATH_PROPERTY = "muster.sidecar.classpath";

    static final String MAIN_CLASS = "dev.muster.cli.Main";

    private SidecarProgram() {}

    /** The command of a sidecar as it is shipped, with more options. */
    static List<String> command(List<String> jvmOptions, String mainClass) {
        return command(SidecarJvm.TUNED, jvmOptions, mainClass);
    }

    /** The java command with its options, the extra ones last. Another main class is found on our own class path. */
    static List<String> command(SidecarJvm jvm, List<String> jvmOptions, String mainClass) {
        Path sidecar = repository().resolve("sidecar");
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path options = sidecar.resolve("jvm.options");
        if (jvm != SidecarJvm.DEFAULTS && Files.exists(options)) {
            words.add("@" + options);
        }
        Path jar = sidecar.resolve("target/muster.jar");
        Path cache = sidecar.resolve("target/muster.aot");
        Optional<String> classPath = classPath(mainClass);
        // The JVM refuses a cache that is older than its jar, and starts slower for having tried.
        boolean cached = Files.exists(cache) && isOlder(jar, cache);
        if (jvm == SidecarJvm.TUNED && classPath.isEmpty() && cached) {
            words.add("-XX:AOTCache=" + cache);
        }
        words.addAll(jvmOptions);
        if (classPath.isPresent()) {
            words.addAll(List.of("-cp", classPath.get(), mainClass));
        } else {
            if (!Files.exists(jar)) {
                throw new PlaygroundException(
                        "the sidecar's jar " + jar + " is not there; build it with `mvn package`, or use ./muster");
            }
            words.addAll(List.of("-jar", jar.toString()));
        }
        return words;
    }

    /** The directory that holds the modules. */
    static Path repository() {
        for (Path path = codeSource(); path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("sidecar/pom.xml"))) {
                return path;
            }
        }
        throw new PlaygroundException("the playground at " + codeSource()
                + " is not inside a build of the project, so there is no sidecar to start");
    }

    private static Optional<String> classPath(String mainClass) {
        String given = System.getProperty(CLASS_PATH_PROPERTY);
        if (given != null) {
            return Optional.of(given);
        }
        if (mainClass.equals(MAIN_CLASS) && codeSource().toString().endsWith(".jar")) {
            return Optional.empty();
        }
        // Where the build hands its tests a jar that only names the class path, this property has the real one.
        String real = System.getProperty("surefire.test.class.path");
        return Optional.of(absolute(real != null ? real : System.getProperty("java.class.path")));
    }

    private static boolean isOlder(Path one, Path other) {
        return one.toFile().lastModified() < other.toFile().lastModified();
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static Path codeSource() {
        CodeSource source = SidecarProgram.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new PlaygroundException("cannot tell where the playground's classes are");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new PlaygroundException("cannot tell where the playground's classes are", e);
        }
    }
}
