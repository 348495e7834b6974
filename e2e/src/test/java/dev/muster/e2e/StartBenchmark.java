package dev.muster.e2e;

import dev.muster.e2e.StartTimes.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How soon a set of three forms after {@code helm install} with each of the chart's start orders, and one that is made by hand
 * with no sidecar beside it, in turns; and where the time goes. It is no test, and runs only by name:
 * {@code mvn -Pe2e verify -pl e2e -am -Dit.test=StartBenchmark -Dfailsafe.failIfNoSpecifiedTests=false}. Nothing else should
 * run meanwhile. The clocks of this machine and of the nodes have to agree.
 */
@Tag("e2e")
class StartBenchmark {
    private static final int RUNS = Integer.getInteger("muster.e2e.runs", 5);

    private static final int MEMBERS = 3;

    private static final Duration GONE = Duration.ofMinutes(2);

    /** Until the machine is quiet again. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    @RegisterExtension
    final Releases releases = new Releases();

    /** A start, and when it was asked for. */
    private record Start(Instant asked, StartTimes times) {}

    /** All starts of a set that was made in the same way. */
    private record Times(String way, List<Start> starts) {
        Times(String way) {
            this(way, new ArrayList<>());
        }

        void add(Start start) {
            starts.add(start);
            System.out.printf(
                    Locale.ROOT,
                    "%s: formed after %.1f s%n",
                    way,
                    start.times().seconds(Step.FORMED, start.asked()).orElseThrow());
        }

        /** In seconds since it was asked for, the smallest first. */
        private List<Double> sorted(Step step) {
            return starts.stream()
                    .flatMap(start -> start.times().seconds(step, start.asked()).stream())
                    .sorted()
                    .toList();
        }

        double median(Step step) {
            List<Double> sorted = sorted(step);
            return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        }

        String cell(Step step) {
            List<Double> sorted = sorted(step);
            return sorted.isEmpty()
                    ? "–"
                    : String.format(
                            Locale.ROOT, "%.1f s (%.1f–%.1f)", median(step), sorted.getFirst(), sorted.getLast());
        }
    }

    @Test
    void withSidecarsAndByHand() throws InterruptedException {
        Times sidecar = new Times("mongod.startOrder: sidecar");
        Times prepare = new Times("mongod.startOrder: prepare");
        Times byHand = new Times("by hand, one by one");
        // Warms up the client: its classes are loaded now.
        byHand(new Times("by hand, not counted"));
        for (int run = 0; run < RUNS; run++) {
            withChart("sidecar", sidecar);
            withChart("prepare", prepare);
            byHand(byHand);
        }
        List<Times> all = List.of(sidecar, prepare, byHand);
        System.out.println(row("after `helm install`", all.stream().map(Times::way)));
        System.out.println(row("---", all.stream().map(_ -> "---")));
        for (Step step : Step.values()) {
            System.out.println(row(step.words, all.stream().map(times -> times.cell(step))));
        }
        System.out.printf(
                Locale.ROOT,
                "%s, against by hand: sidecar %.2f, prepare %.2f%n",
                Step.FORMED.words,
                sidecar.median(Step.FORMED) / byHand.median(Step.FORMED),
                prepare.median(Step.FORMED) / byHand.median(Step.FORMED));
    }

    private void withChart(String startOrder, Times times) throws InterruptedException {
        Instant asked = Instant.now();
        Release release = releases.install(ReleaseValues.ofTheChart(MEMBERS).with("mongod.startOrder", startOrder));
        release.awaitFormed(BootstrapE2E.FORMS);
        times.add(new Start(asked, StartTimes.of(release.logs(), release.ordinals())));
        release.uninstall();
        awaitGone(release);
    }

    private void byHand(Times times) throws InterruptedException {
        Release empty = releases.create();
        Instant asked = Instant.now();
        try (HandMadeSet set = HandMadeSet.start(empty.namespace(), MEMBERS)) {
            set.formOneByOne(BootstrapE2E.FORMS);
            StartTimes formed = Wait.untilPresent(
                    "the logs show the set",
                    BootstrapE2E.FORMS,
                    () -> Optional.of(StartTimes.of(empty.logs(), empty.ordinals()))
                            .filter(seen -> seen.at().containsKey(Step.FORMED)));
            times.add(new Start(asked, formed));
            set.delete();
        }
        awaitGone(empty);
    }

    private static void awaitGone(Release release) throws InterruptedException {
        Wait.until(
                "its pods have ended",
                GONE,
                () -> Cluster.client()
                        .pods()
                        .inNamespace(release.namespace())
                        .list()
                        .getItems()
                        .isEmpty());
        Thread.sleep(PAUSE);
    }

    private static String row(String first, Stream<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells.toList()) + " |";
    }
}
