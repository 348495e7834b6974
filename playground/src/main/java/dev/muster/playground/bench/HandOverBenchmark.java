package dev.muster.playground.bench;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import dev.muster.playground.MajorityWriter;
import java.time.Duration;
import org.bson.Document;

/**
 * The primary hands over while every core has other work and an application writes: for how long no majority write is
 * acknowledged. {@code replSetStepUp} has a secondary stand for election, and it fetches what it lacks once it is elected;
 * {@code replSetStepDown} has the primary wait until a secondary lacks nothing. In turns, on the same set.
 */
final class HandOverBenchmark implements Benchmark {
    private static final String NAME = "handover";
    private static final String FIGURE = "no majority write acknowledged";
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration STOPS_AFTER = Duration.ofMillis(250);
    private static final Duration AFTER = Duration.ofSeconds(12);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    /** A secondary that is not fresh enough for the voters. */
    private static final int STALE = 125;

    private static final int TRIES = 20;

    private final Series stepUp = new Series();
    private final Series stepDown = new Series();
    private int handOvers;

    @Override
    public void measure(Extent extent, Report report) {
        try (LocalSet set = LocalSet.builder().build()) {
            set.start();
            Formation formation = new Formation(set);
            try (BusyCores _ = new BusyCores(Runtime.getRuntime().availableProcessors())) {
                for (int run = 1; run <= extent.runs(); run++) {
                    measure(report, run, extent, "replSetStepUp", stepUp, gap(set, formation, this::askToStepUp));
                    measure(report, run, extent, "replSetStepDown", stepDown, gap(set, formation, this::stepDown));
                }
            }
        }
        report.add(Row.of(NAME, FIGURE, "replSetStepDown at the primary", stepDown, Unit.SECONDS)
                .against(stepUp));
        report.add(Row.of(NAME, FIGURE, "replSetStepUp at a secondary", stepUp, Unit.SECONDS));
    }

    private static void measure(Report report, int run, Extent extent, String side, Series series, double seconds) {
        series.add(seconds);
        report.progress(NAME, run, extent.runs(), side, Unit.SECONDS.text(seconds));
    }

    @FunctionalInterface
    private interface Way {
        void handOver(LocalMember primary, LocalMember secondary);
    }

    private double gap(LocalSet set, Formation formation, Way way) {
        formation.await();
        LocalMember primary = Poll.forValue("a primary", formation::primary);
        LocalMember secondary = set.members().stream()
                .filter(member -> member.ordinal() != primary.ordinal())
                .findFirst()
                .orElseThrow();
        MajorityWriter writer = new MajorityWriter(set, "handover-" + ++handOvers);
        try (writer) {
            Poll.sleep(BEFORE);
            way.handOver(primary, secondary);
            // As the pod of a roll-out does, once its sidecar sees that it is no longer the primary.
            Poll.sleep(STOPS_AFTER);
            primary.stopMongod();
            primary.startMongod();
            Poll.sleep(AFTER);
        }
        return writer.longestGap().toMillis() / 1000.0;
    }

    private void askToStepUp(LocalMember primary, LocalMember secondary) {
        for (int tried = 1; ; tried++) {
            try {
                admin(secondary).runCommand(new Document("replSetStepUp", 1));
                return;
            } catch (MongoCommandException e) {
                if (e.getErrorCode() != STALE || tried == TRIES) {
                    throw e;
                }
                Poll.sleep(BETWEEN_TRIES);
            }
        }
    }

    private void stepDown(LocalMember primary, LocalMember secondary) {
        admin(primary).runCommand(new Document("replSetStepDown", 10).append("secondaryCatchUpPeriodSecs", 5));
    }

    private static MongoDatabase admin(LocalMember member) {
        return member.mongo().getDatabase("admin");
    }
}
