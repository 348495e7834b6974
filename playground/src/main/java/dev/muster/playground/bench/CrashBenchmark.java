package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import dev.muster.playground.MajorityWriter;
import java.time.Duration;

/**
 * The primary's mongod is killed while an application writes: for how long no majority write is acknowledged. With Muster,
 * with the primary's sidecar killed as well, and by MongoDB's own timeout. In turns, on two sets.
 */
final class CrashBenchmark implements Benchmark {
    private static final String NAME = "crash";
    private static final String FIGURE = "primary killed → next acknowledged write";
    private static final double LIMIT_SECONDS = 0.3;

    /** Longer than a primary has to be in office before Muster calls an election when it ends. */
    private static final Duration IN_OFFICE = Duration.ofSeconds(13);

    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration AFTER = Duration.ofSeconds(13);

    private final Series muster = new Series();
    private final Series pod = new Series();
    private final Series timeout = new Series();
    private int crashes;
    private int failed;
    private int lost;

    @Override
    public void measure(Extent extent, Report report) {
        try (LocalSet with = LocalSet.builder().build();
                LocalSet without = LocalSet.builder()
                        .sidecarOption("--prompt-election=off")
                        .build()) {
            with.start();
            without.start();
            for (int run = 1; run <= extent.runs(); run++) {
                add(report, run, extent, "Muster", muster, gap(with, false));
                add(report, run, extent, "Muster, sidecar killed too", pod, gap(with, true));
                add(report, run, extent, "election timeout", timeout, gap(without, false));
            }
        }
        report.add(Row.of(
                        NAME,
                        FIGURE,
                        "Muster",
                        muster,
                        Unit.SECONDS,
                        Target.atMost(Unit.SECONDS, LIMIT_SECONDS, muster.median()))
                .against(timeout));
        report.add(Row.of(NAME, FIGURE, "Muster, the primary's sidecar killed too", pod, Unit.SECONDS)
                .against(timeout));
        report.add(Row.of(NAME, FIGURE, "the election timeout (`--prompt-election=off`)", timeout, Unit.SECONDS));
        report.note(NAME
                + ": of %d crashes, %d writes failed and %d that were acknowledged are not there"
                        .formatted(crashes, failed, lost));
    }

    private static void add(Report report, int run, Extent extent, String side, Series series, double seconds) {
        series.add(seconds);
        report.progress(NAME, run, extent.runs(), side, Unit.SECONDS.text(seconds));
    }

    private double gap(LocalSet set, boolean withSidecar) {
        Formation formation = new Formation(set);
        formation.awaitAnswering();
        formation.await();
        Poll.sleep(IN_OFFICE);
        LocalMember primary = Poll.forValue("a primary", formation::primary);
        MajorityWriter writer = new MajorityWriter(set, "crash-" + ++crashes);
        try (writer) {
            Poll.sleep(BEFORE);
            if (withSidecar) {
                primary.killSidecar();
            }
            primary.killMongod();
            Poll.sleep(AFTER);
        }
        failed += writer.failed();
        primary.startMongod();
        primary.startSidecar();
        lost += writer.lost();
        return writer.longestGap().toMillis() / 1000.0;
    }
}
