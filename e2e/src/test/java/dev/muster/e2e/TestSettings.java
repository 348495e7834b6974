package dev.muster.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a person or a continuous integration sets: properties {@code muster.e2e.…}, and two commands as variables. */
final class TestSettings {
    private TestSettings() {}

    /** The chart under test. */
    static Path chart() {
        return Path.of(property("chart").orElse("../charts/muster"));
    }

    /** A file of values for every release, such as another registry's images. */
    static Optional<Path> values() {
        return property("values").map(Path::of);
    }

    /** What stands in for the sidecar's image that the examples name. */
    static Optional<String> sidecarImage() {
        return property("sidecar-image");
    }

    /** The image of the examples' programs; without it, it is built here and loaded. */
    static Optional<String> exampleImage() {
        return property("example-image");
    }

    /** Whether namespaces are left behind, to look at. */
    static boolean keep() {
        return property("keep").filter(value -> !value.equals("false")).isPresent();
    }

    /** How often the tests of lost volumes run: {@code @MethodSource("dev.muster.e2e.TestSettings#repeat")}. */
    static IntStream repeat() {
        return IntStream.rangeClosed(1, number("repeat", 1));
    }

    /** How many failovers the primary's Service has to follow. */
    static int failovers() {
        return number("failovers", 10);
    }

    /** The writer's image; without it, it is built here and loaded. */
    static Optional<String> writerImage() {
        return property("writer-image");
    }

    /** The command that brings images from the Docker engine here into all nodes: {@code <command> <image>…}. */
    static Optional<List<String>> loadCommand() {
        return command("MUSTER_E2E_LOAD");
    }

    /**
     * The command that makes nodes fail: {@code <command> crash|boot|cut|heal <the number at the node's name's end>}.
     */
    static Optional<List<String>> nodesCommand() {
        return command("MUSTER_E2E_NODES");
    }

    private static Optional<List<String>> command(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(text -> !text.isBlank())
                .map(text -> List.of(text.strip().split("\\s+", -1)));
    }

    private static int number(String name, int standard) {
        return property(name).map(Integer::parseInt).orElse(standard);
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty("muster.e2e." + name)).filter(value -> !value.isBlank());
    }
}
