package dev.muster.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** When a set of three took each step of its start, by the clocks of its nodes. A step that no log shows is absent. */
record StartTimes(Map<Step, Instant> at) {
    private static final Pattern SIDECAR = Pattern.compile("(\\S+Z) \\w+ muster - .*");
    private static final Pattern LETS_START = Pattern.compile("(\\S+Z) \\w+ muster - act START: .*");

    /** In the order in which they are taken. */
    enum Step {
        SIDECARS("the last sidecar says its first line"),
        RELEASED("the last sidecar lets its mongod start"),
        MONGODS("the last mongod says its first line"),
        LISTENING("all mongods accept connections"),
        INITIATED("the set is initiated"),
        PRIMARY("there is a primary"),
        SECOND_KNOWS("the second member has the configuration"),
        SECOND_CLONED("the second member is SECONDARY"),
        TWO_VOTERS("two committed voters"),
        THIRD_KNOWS("the third member has the configuration"),
        THIRD_CLONED("the third member is SECONDARY"),
        FORMED("three committed voters");

        final String words;

        Step(String words) {
            this.words = words;
        }
    }

    /** As the logs of the pods tell it. */
    static StartTimes of(PodLogs logs, List<Integer> ordinals) {
        List<List<String>> mongods = linesOf(logs, ordinals, "mongod");
        List<List<String>> sidecars = linesOf(logs, ordinals, "muster");
        ConfigHistory configs = ConfigHistory.of(mongods);
        Map<Step, Instant> at = new TreeMap<>();
        put(at, Step.SIDECARS, last(sidecars, lines -> first(lines, SIDECAR)));
        put(at, Step.RELEASED, last(sidecars, lines -> first(lines, LETS_START)));
        put(at, Step.MONGODS, last(mongods, MongodLogLines::begins));
        put(at, Step.LISTENING, last(mongods, MongodLogLines::acceptsConnections));
        put(at, Step.INITIATED, earliest(mongods, MongodLogLines::initiatedAt));
        put(at, Step.PRIMARY, earliest(mongods, lines -> MongodLogLines.becomes("PRIMARY", lines)));
        put(at, Step.SECOND_KNOWS, MongodLogLines.hasConfig(mongods.get(1)));
        put(at, Step.SECOND_CLONED, MongodLogLines.becomes("SECONDARY", mongods.get(1)));
        put(at, Step.TWO_VOTERS, committed(configs, 2));
        put(at, Step.THIRD_KNOWS, MongodLogLines.hasConfig(mongods.get(2)));
        put(at, Step.THIRD_CLONED, MongodLogLines.becomes("SECONDARY", mongods.get(2)));
        put(at, Step.FORMED, committed(configs, 3));
        return new StartTimes(at);
    }

    /** From the last {@code mongod} to the set. */
    Duration forming() {
        return Duration.between(
                Objects.requireNonNull(at.get(Step.LISTENING), "a mongod did not say that it accepts connections"),
                Objects.requireNonNull(at.get(Step.FORMED), "no mongod logged a configuration of three voters"));
    }

    /** In seconds after that moment. */
    Optional<Double> seconds(Step step, Instant from) {
        return Optional.ofNullable(at.get(step))
                .map(then -> Duration.between(from, then).toMillis() / 1000.0);
    }

    private static List<List<String>> linesOf(PodLogs logs, List<Integer> ordinals, String container) {
        return ordinals.stream()
                .map(ordinal -> logs.lines(Release.podName(ordinal), container))
                .toList();
    }

    /** Has a majority: the first configuration of that many voters. */
    private static Optional<Instant> committed(ConfigHistory configs, int voters) {
        return configs.firstWithVoters(voters).flatMap(config -> config.inUseBy(voters / 2 + 1));
    }

    private static Optional<Instant> first(List<String> lines, Pattern pattern) {
        return lines.stream()
                .flatMap(line -> Stream.of(pattern.matcher(line)).filter(found -> found.matches()))
                .map(found -> Instant.parse(found.group(1)))
                .findFirst();
    }

    private static Optional<Instant> last(List<List<String>> logs, Function<List<String>, Optional<Instant>> time) {
        List<Instant> times =
                logs.stream().flatMap(lines -> time.apply(lines).stream()).toList();
        return times.size() == logs.size() ? times.stream().max(Comparator.naturalOrder()) : Optional.empty();
    }

    private static Optional<Instant> earliest(List<List<String>> logs, Function<List<String>, Optional<Instant>> time) {
        return logs.stream().flatMap(lines -> time.apply(lines).stream()).min(Comparator.naturalOrder());
    }

    private static void put(Map<Step, Instant> at, Step step, Optional<Instant> time) {
        time.ifPresent(then -> at.put(step, then));
    }
}
