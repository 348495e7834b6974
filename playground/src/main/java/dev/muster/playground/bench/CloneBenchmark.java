package dev.muster.playground.bench;

import dev.muster.playground.LocalSet;

/** Who serves the clones while a set of five forms: each one costs its source a read of all data. */
final class CloneBenchmark implements Benchmark {
    private static final String NAME = "clone";
    private static final int MEMBERS = 5;
    private static final String FROM_PRIMARY = "clones served by the primary, of " + (MEMBERS - 1);
    private static final String FROM_PREDECESSOR = "clones from the predecessor";

    /** One side's counts. */
    private static final class Counts {
        private final Series fromPrimary = new Series();
        private final Series share = new Series();

        private void add(CloneSources order) {
            fromPrimary.add(order.fromFirst());
            share.add(100.0 * order.fromPredecessor() / order.clones());
        }
    }

    private final Counts muster = new Counts();
    private final Counts server = new Counts();

    @Override
    public void measure(Extent extent, Report report) {
        for (int run = 1; run <= extent.runs(); run++) {
            CloneSources order = withMuster();
            tell(report, run, extent, "Muster", muster, order);
            if (order.outOfOrder().isPresent()) {
                report.note("clone: run " + run + " of Muster: "
                        + order.outOfOrder().get());
            }
            tell(report, run, extent, "the server's default", server, byServer());
        }
        report.add(Row.of(
                        NAME,
                        FROM_PRIMARY,
                        "Muster",
                        muster.fromPrimary,
                        Unit.COUNT,
                        Target.atMost(Unit.COUNT, 1, muster.fromPrimary.highest()))
                .against(server.fromPrimary));
        report.add(Row.of(NAME, FROM_PRIMARY, "the server's default", server.fromPrimary, Unit.COUNT));
        report.add(Row.of(
                NAME,
                FROM_PREDECESSOR,
                "Muster",
                muster.share,
                Unit.PERCENT,
                new Target("100 % in each run", muster.share.lowest() == 100)));
        report.add(Row.of(NAME, FROM_PREDECESSOR, "the server's default", server.share, Unit.PERCENT));
    }

    private static void tell(Report report, int run, Extent extent, String side, Counts counts, CloneSources order) {
        counts.add(order);
        String words = order.fromFirst() + " of " + order.clones() + " clones served by the primary";
        report.progress(
                NAME,
                run,
                extent.runs(),
                side,
                words + order.outOfOrder().map(others -> "; " + others).orElse(""));
    }

    private static CloneSources withMuster() {
        try (LocalSet set = LocalSet.builder().members(MEMBERS).build()) {
            set.start();
            Formation formation = new Formation(set);
            formation.awaitAnswering();
            formation.await();
            return CloneSources.of(set);
        }
    }

    /** The same order and the same waiting, with the server left to choose. */
    private static CloneSources byServer() {
        try (LocalSet set = LocalSet.builder().members(MEMBERS).build()) {
            set.members().forEach(member -> member.setCopiesFromSecondaries(false));
            set.startMongods();
            Formation formation = new Formation(set);
            formation.awaitAnswering();
            new HandMadeSet(set).formOneByOne();
            formation.await();
            return CloneSources.of(set);
        }
    }
}
