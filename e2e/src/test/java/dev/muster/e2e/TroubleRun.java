package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Carries out a list of deeds, the lanes beside each other, while clients write; tells what it does. */
final class TroubleRun {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Trouble trouble;
    private final Duration length;
    private final Path journal;
    private final long start = System.nanoTime();
    private final Map<DeedKind, Integer> done = new EnumMap<>(DeedKind.class);
    private int leftOut;

    /**
     * @param length after which no deed begins
     * @param journal where to write what is done, besides printing it
     */
    TroubleRun(Trouble trouble, Duration length, Path journal) {
        this.trouble = trouble;
        this.length = length;
        this.journal = journal;
    }

    /** Returns when the last deed is taken back; throws as soon as a lane fails, or what is watched does. */
    void play(DeedList list, Runnable watch) {
        ExecutorService lanes = Executors.newFixedThreadPool(DeedKind.Lane.values().length);
        try {
            List<Future<?>> running = Stream.of(DeedKind.Lane.values())
                    .<Future<?>>map(lane -> lanes.submit(() -> play(lane, list.of(lane))))
                    .toList();
            while (running.stream().anyMatch(lane -> !lane.isDone())) {
                for (Future<?> lane : running) {
                    failWith(lane);
                }
                watch.run();
                Wait.sleep(LOOK);
            }
            running.forEach(TroubleRun::failWith);
        } finally {
            lanes.shutdownNow();
            await(lanes);
        }
    }

    private static void failWith(Future<?> lane) {
        if (!lane.isDone()) {
            return;
        }
        try {
            lane.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a deed could not be done: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Nodes are restored after a test, by nobody else at the same time. */
    private static void await(ExecutorService lanes) {
        try {
            assertThat(lanes.awaitTermination(2, TimeUnit.MINUTES))
                    .as("the deeds under way have ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void play(DeedKind.Lane lane, List<Deed> deeds) {
        for (Deed deed : deeds) {
            Duration ahead = deed.at().minus(elapsed());
            if (ahead.isPositive()) {
                Wait.sleep(ahead);
            }
            if (lane == DeedKind.Lane.MEMBERS && elapsed().compareTo(length) < 0) {
                trouble.awaitWhole(why -> tell("before %s: %s".formatted(deed, why)));
            }
            if (elapsed().compareTo(length) >= 0) {
                leaveOut(deed, "the time is over");
            } else {
                play(deed);
            }
        }
    }

    private void play(Deed deed) {
        tell(deed + " begins");
        try {
            String whom = trouble.perform(deed);
            tell(deed + " is over: " + whom);
            synchronized (done) {
                done.merge(deed.kind(), 1, Integer::sum);
            }
        } catch (Trouble.LeftOut e) {
            leaveOut(deed, String.valueOf(e.getMessage()));
        }
    }

    private void leaveOut(Deed deed, String why) {
        tell(deed + " is left out: " + why);
        synchronized (done) {
            leftOut++;
        }
    }

    /** How many of each kind were done. */
    String summary() {
        synchronized (done) {
            return "deeds done: %d %s; left out: %d"
                    .formatted(
                            done.values().stream().mapToInt(Integer::intValue).sum(), done, leftOut);
        }
    }

    synchronized void tell(String words) {
        String line =
                "%s %s".formatted(String.format(Locale.ROOT, "%7.1f", elapsed().toMillis() / 1000.0), words);
        System.out.println(line);
        try {
            Files.writeString(
                    journal, Instant.now() + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
