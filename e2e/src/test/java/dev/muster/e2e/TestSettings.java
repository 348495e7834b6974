package dev.muster.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a person or a continuous integration sets: properties {@code muster.e2e.…}, and two commands as variables. */
final class TestSettings {
    /** A seed like any other, whose deeds are of nearly every kind. */
    private static final long USUAL_SEED = 404;

    private static final Pattern LENGTH = Pattern.compile("(\\d{1,5})([smh])");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(24);

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

    /** For how long trouble is made. */
    static Duration troubleLength() {
        return length("trouble", property("trouble").orElse("10m"));
    }

    /** From which the trouble is drawn; always the same if none is given, so that a change is compared with its past. */
    static long troubleSeed() {
        return property("trouble.seed").map(TestSettings::seed).orElse(USUAL_SEED);
    }

    /** The trouble of an earlier run, as it was printed. */
    static Optional<DeedList> troubleDeeds() {
        return property("trouble.deeds").map(text -> {
            try {
                return DeedList.parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("-Dmuster.e2e.trouble.deeds: " + e.getMessage(), e);
            }
        });
    }

    /** A length as {@code 90s}, {@code 10m} or {@code 1h}. */
    static Duration length(String name, String text) {
        Matcher matcher = LENGTH.matcher(text);
        if (matcher.matches()) {
            Duration length = Duration.of(
                    Long.parseLong(matcher.group(1)),
                    switch (matcher.group(2)) {
                        case "h" -> ChronoUnit.HOURS;
                        case "m" -> ChronoUnit.MINUTES;
                        default -> ChronoUnit.SECONDS;
                    });
            if (length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0) {
                return length;
            }
        }
        throw new IllegalArgumentException(
                "-Dmuster.e2e.%s=%s: allowed is a whole number of seconds, minutes or hours from 1m to 24h, such as 90s, 10m or 1h"
                        .formatted(name, text));
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "-Dmuster.e2e.trouble.seed=%s: allowed is a whole number of at most 18 digits".formatted(text), e);
        }
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
