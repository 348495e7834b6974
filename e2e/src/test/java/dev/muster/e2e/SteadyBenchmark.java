package dev.muster.e2e;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the container of a settled sidecar costs, with the probes of the kubelet and a scrape every 15 s, for sets of several
 * sizes. It is no test, and runs only by name: {@code mvn -Pe2e verify -pl e2e -am -Dit.test=SteadyBenchmark
 * -Dfailsafe.failIfNoSpecifiedTests=false}. Nothing else should run meanwhile.
 */
@Tag("e2e")
class SteadyBenchmark {
    /** From the smallest: the set grows from one to the next. */
    private static final List<Integer> MEMBERS = Arrays.stream(
                    System.getProperty("muster.e2e.members", "3,7").split(","))
            .map(Integer::valueOf)
            .toList();

    private static final int MINUTES = Integer.getInteger("muster.e2e.minutes", 3);

    private static final Duration FORMS = Duration.ofMinutes(5);

    /** Until what the forming set still had to do is done. */
    private static final Duration SETTLES = Duration.ofSeconds(90);

    private static final Duration SCRAPES = Duration.ofSeconds(15);

    private static final int STATUS_PORT = 8017;
    private static final double MIB = 1024.0 * 1024;

    @RegisterExtension
    final Releases releases = new Releases();

    /** What a container has used, as its kubelet says. */
    private record Usage(Instant at, double cpuSeconds, double workingSetMib) {
        static Usage of(Document container) {
            Document cpu = container.get("cpu", Document.class);
            Document memory = container.get("memory", Document.class);
            return new Usage(
                    Instant.parse(cpu.getString("time")),
                    cpu.get("usageCoreNanoSeconds", Number.class).doubleValue() / 1e9,
                    memory.get("workingSetBytes", Number.class).doubleValue() / MIB);
        }

        double cpuSince(Usage before) {
            return (cpuSeconds - before.cpuSeconds)
                    / (Duration.between(before.at, at).toMillis() / 1000.0);
        }
    }

    @Test
    void ofSetsOfSeveralSizes() {
        Release release = releases.install(ReleaseValues.ofTheChart(MEMBERS.getFirst()));
        StringBuilder table = new StringBuilder(
                "| members | CPU of a sidecar, of one core | working set of a sidecar |\n| --- | --- | --- |\n");
        for (int members : MEMBERS) {
            if (members != MEMBERS.getFirst()) {
                release.scale(members);
            }
            release.awaitFormed(FORMS);
            Wait.sleep(SETTLES);
            Map<String, Usage> before = usage(release);
            scrapeFor(Duration.ofMinutes(MINUTES), release);
            Map<String, Usage> after = usage(release);
            String row = "| %d | %s | %s |%n"
                    .formatted(
                            members,
                            range("%.2f %%", percent(before, after)),
                            range("%.0f MiB", after.values().stream().map(Usage::workingSetMib)));
            table.append(row);
            System.out.print(row);
        }
        System.out.print(table);
    }

    private static void scrapeFor(Duration time, Release release) {
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            for (int ordinal : release.ordinals()) {
                Cluster.text(release.namespace(), Release.podName(ordinal), STATUS_PORT, "/metrics");
            }
            Wait.sleep(SCRAPES);
        }
    }

    /** Of the sidecars, by pod. */
    private static Map<String, Usage> usage(Release release) {
        Map<String, Usage> usage = new TreeMap<>();
        Cluster.nodes().forEach(node -> {
            String summary =
                    Cluster.client().raw("/api/v1/nodes/" + node.getMetadata().getName() + "/proxy/stats/summary");
            for (Document pod : Document.parse(summary).getList("pods", Document.class)) {
                Document reference = pod.get("podRef", Document.class);
                if (release.namespace().equals(reference.getString("namespace"))) {
                    pod.getList("containers", Document.class).stream()
                            .filter(container -> "muster".equals(container.getString("name")))
                            .forEach(container -> usage.put(reference.getString("name"), Usage.of(container)));
                }
            }
        });
        return usage;
    }

    private static Stream<Double> percent(Map<String, Usage> before, Map<String, Usage> after) {
        return after.entrySet().stream()
                .map(pod -> 100 * pod.getValue().cpuSince(requireNonNull(before.get(pod.getKey()), pod.getKey())));
    }

    /** The median, the lowest and the highest. */
    private static String range(String format, Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + "–" + format + ")",
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast());
    }
}
