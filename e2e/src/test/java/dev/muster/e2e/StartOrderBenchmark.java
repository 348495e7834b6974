package dev.muster.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How soon a set of three forms after {@code helm install} with each of the chart's start orders, in turns. It is no test, and
 * runs only by name: {@code mvn -Pe2e verify -pl e2e -am -Dit.test=StartOrderBenchmark
 * -Dfailsafe.failIfNoSpecifiedTests=false}. Nothing else should run meanwhile. The clocks of this machine and of the nodes
 * have to agree.
 */
@Tag("e2e")
class StartOrderBenchmark {
    private static final int RUNS = Integer.getInteger("muster.e2e.runs", 5);

    private static final Duration GONE = Duration.ofMinutes(2);

    /** Until the machine is quiet again. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    @RegisterExtension
    final Releases releases = new Releases();

    /** Of one start order, in seconds, one for each run. */
    private record Times(String order, List<Double> listening, List<Double> formed) {
        Times(String order) {
            this(order, new ArrayList<>(), new ArrayList<>());
        }
    }

    @Test
    void sidecarAgainstPrepare() throws InterruptedException {
        Times sidecar = new Times("sidecar");
        Times prepare = new Times("prepare");
        for (int run = 0; run < RUNS; run++) {
            measure(sidecar);
            measure(prepare);
        }
        System.out.println("| mongod.startOrder | all mongods accept connections | three committed voters |");
        System.out.println("| --- | --- | --- |");
        for (Times times : List.of(sidecar, prepare)) {
            System.out.printf("| %s | %s | %s |%n", times.order(), text(times.listening()), text(times.formed()));
        }
        System.out.printf(
                Locale.ROOT,
                "three committed voters, sidecar against prepare: %.2f%n",
                median(sidecar.formed()) / median(prepare.formed()));
    }

    private void measure(Times times) throws InterruptedException {
        Instant before = Instant.now();
        Release release = releases.install(ReleaseValues.ofTheChart(3).with("mongod.startOrder", times.order()));
        release.awaitFormed(BootstrapE2E.FORMS);
        FormingTimes forming = FormingTimes.of(release);
        times.listening().add(seconds(before, forming.listening()));
        times.formed().add(seconds(before, forming.committed()));
        System.out.printf(
                Locale.ROOT,
                "%s: formed after %.1f s%n",
                times.order(),
                times.formed().getLast());
        release.uninstall();
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

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String text(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.1f s (%.1f–%.1f)", median(values), sorted.getFirst(), sorted.getLast());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
