package dev.muster.playground.bench;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.muster.playground.LocalMember;
import dev.muster.playground.LocalSet;
import java.time.Duration;
import java.util.List;
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
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    /** A secondary that is not fresh enough for the voters. */
    private static final int STALE = 125;

    private static final int TRIES = 20;

    private final Series stepUp = new Series();
    private final Series stepDown = new Series();

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

    private static double gap(LocalSet set, Formation formation, Way way) {
        formation.await();
        LocalMember primary = Poll.forValue("a primary", formation::primary);
        LocalMember secondary = set.members().stream()
                .filter(member -> member.ordinal() != primary.ordinal())
                .findFirst()
                .orElseThrow();
        try (Writer writer = new Writer(set)) {
            Poll.sleep(BEFORE);
            way.handOver(primary, secondary);
            // As the pod of a roll-out does, once its sidecar sees that it is no longer the primary.
            Poll.sleep(STOPS_AFTER);
            primary.stopMongod();
            primary.startMongod();
            Poll.sleep(AFTER);
            return writer.longestGap().toMillis() / 1000.0;
        }
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

    /** An application with majority write concern and the driver's own retry. */
    private static final class Writer implements AutoCloseable {
        private final MongoCollection<Document> collection;
        private final Thread thread;
        private volatile long longestGap;
        private volatile boolean stopped;

        Writer(LocalSet set) {
            collection = set.client().getDatabase("benchmark").getCollection("hand-over");
            thread = Thread.ofPlatform().daemon().start(this::write);
        }

        private void write() {
            long last = System.nanoTime();
            while (!stopped) {
                try {
                    collection.insertMany(List.of(new Document("padding", "x".repeat(200))));
                    long now = System.nanoTime();
                    longestGap = Math.max(longestGap, now - last);
                    last = now;
                    Thread.sleep(BETWEEN_WRITES);
                } catch (MongoException e) {
                    // It counts as a part of the gap.
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        Duration longestGap() {
            return Duration.ofNanos(longestGap);
        }

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
