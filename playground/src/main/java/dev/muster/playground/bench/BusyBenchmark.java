package dev.muster.playground.bench;

import dev.muster.playground.LocalSet;

/**
 * Five members that form while every core has other work: there the heartbeats of a forming set could take what the set
 * needs to form. From the moment that all five mongods answer to one PRIMARY, four SECONDARY and five committed voters.
 */
final class BusyBenchmark implements Benchmark {
    private static final String NAME = "busy";
    private static final int MEMBERS = 5;
    private static final String FIGURE = "five answer → formed";
    private static final int ALL_CORES = Runtime.getRuntime().availableProcessors();
    private static final double LIMIT_SECONDS = 20;

    private final Series idle = new Series();
    private final Series busy = new Series();
    private final Series busyOneByOne = new Series();

    @Override
    public void measure(Extent extent, Report report) {
        for (int run = 1; run <= extent.runs(); run++) {
            add(report, run, extent, "Muster, idle cores", idle, withMuster(0));
            add(report, run, extent, "Muster, busy cores", busy, withMuster(ALL_CORES));
            add(report, run, extent, "one by one, busy cores", busyOneByOne, oneByOne());
        }
        report.add(Row.of(NAME, FIGURE, "Muster, idle cores", idle, Unit.SECONDS));
        report.add(Row.of(
                        NAME,
                        FIGURE,
                        "Muster, busy cores",
                        busy,
                        Unit.SECONDS,
                        Target.atMost(Unit.SECONDS, LIMIT_SECONDS, busy.highest()))
                .against(busyOneByOne));
        report.add(Row.of(
                NAME,
                FIGURE,
                "the driver, one by one as Muster, default heartbeats, busy cores",
                busyOneByOne,
                Unit.SECONDS));
    }

    private static void add(Report report, int run, Extent extent, String side, Series series, double seconds) {
        series.add(seconds);
        report.progress(NAME, run, extent.runs(), side, Unit.SECONDS.text(seconds));
    }

    private static double withMuster(int busyCores) {
        try (LocalSet set = LocalSet.builder().members(MEMBERS).build();
                BusyCores _ = new BusyCores(busyCores)) {
            set.start();
            return new Formation(set).seconds(() -> {});
        }
    }

    private static double oneByOne() {
        try (LocalSet set = LocalSet.builder().members(MEMBERS).build();
                BusyCores _ = new BusyCores(ALL_CORES)) {
            set.startMongods();
            return new Formation(set).seconds(() -> new HandMadeSet(set).formOneByOne());
        }
    }
}
