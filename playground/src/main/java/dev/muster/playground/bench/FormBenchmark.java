package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.util.Optional;

/** From the moment that all three mongods answer to one PRIMARY, two SECONDARY and three committed voters. */
final class FormBenchmark implements Benchmark {
    private static final String NAME = "form";
    private static final String FIGURE = "three answer → formed";
    private static final double LIMIT_SECONDS = 2.6;
    private static final double LIMIT_RATIO = 0.22;

    private final Series muster = new Series();
    private final Series namingAll = new Series();
    private final Series oneByOne = new Series();
    private int inOrder;

    @Override
    public void measure(Extent extent, Report report) {
        for (int run = 1; run <= extent.runs(); run++) {
            double seconds = withMuster(run, report);
            muster.add(seconds);
            report.progress(NAME, run, extent.runs(), "Muster", Unit.SECONDS.text(seconds));
            seconds = byHand(HandMadeSet::initiateNamingAll);
            namingAll.add(seconds);
            report.progress(NAME, run, extent.runs(), "replSetInitiate naming all three", Unit.SECONDS.text(seconds));
            seconds = byHand(HandMadeSet::formOneByOne);
            oneByOne.add(seconds);
            report.progress(NAME, run, extent.runs(), "one by one", Unit.SECONDS.text(seconds));
        }
        report.add(Row.of(
                        NAME,
                        FIGURE,
                        "Muster",
                        muster,
                        Unit.SECONDS,
                        Target.atMost(Unit.SECONDS, LIMIT_SECONDS, muster.median()),
                        Target.ratioAtMost(LIMIT_RATIO, muster, namingAll))
                .against(namingAll));
        report.add(Row.of(NAME, FIGURE, "`replSetInitiate` naming all three", namingAll, Unit.SECONDS));
        report.add(Row.of(NAME, FIGURE, "the driver, one by one as Muster, default heartbeats", oneByOne, Unit.SECONDS)
                .against(namingAll));
        report.note("form: in %d of %d runs of Muster each member was cloned from its predecessor"
                .formatted(inOrder, extent.runs()));
    }

    /** The sidecars run and wait before the mongods start, as in pods whose containers start together. */
    private double withMuster(int run, Report report) {
        try (LocalSet set = LocalSet.builder().build()) {
            set.startSidecars();
            for (LocalMember member : set.members()) {
                Poll.until(
                        member.name() + "'s sidecar waits",
                        () -> new SidecarLog(member).first(_ -> true).isPresent());
            }
            set.startMongods();
            double seconds = new Formation(set).seconds(() -> {});
            Optional<String> wrong = CloneSources.of(set).outOfOrder();
            if (wrong.isPresent()) {
                report.note("form: run " + run + " of Muster, which took " + Unit.SECONDS.text(seconds) + ": "
                        + wrong.get());
            } else {
                inOrder++;
            }
            return seconds;
        }
    }

    @FunctionalInterface
    private interface Forming {
        void start(HandMadeSet set);
    }

    private static double byHand(Forming forming) {
        try (LocalSet set = LocalSet.builder().build()) {
            set.startMongods();
            return new Formation(set).seconds(() -> forming.start(new HandMadeSet(set)));
        }
    }
}
