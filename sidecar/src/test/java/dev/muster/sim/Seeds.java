package dev.muster.sim;

import dev.muster.sim.trouble.Sabotage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many runs at once, one on each core. */
final class Seeds {
    private final Counts counts = new Counts();
    private final List<Run.Result> failed = new ArrayList<>();
    private final List<Long> settledSeconds = new ArrayList<>();
    private int runs;

    /**
     * What some seeds came to.
     *
     * @param twice whether each is run a second time, and has to come to the same
     * @param enoughFailures ends early after so many: of a change that breaks everything the first few say enough
     */
    static Seeds run(long first, int count, Sabotage sabotage, boolean twice, int enoughFailures) {
        Seeds seeds = new Seeds();
        AtomicBoolean enough = new AtomicBoolean();
        Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors());
        // Virtual threads: between a scheduler and its fibers the baton then changes hands in a microsecond.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long seed = first; seed < first + count && !enough.get(); seed++) {
                long chosen = seed;
                cores.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        Run.Result result = runOne(chosen, sabotage, twice);
                        enough.compareAndSet(false, seeds.add(result) >= enoughFailures);
                    } finally {
                        cores.release();
                    }
                });
            }
        }
        return seeds;
    }

    private static Run.Result runOne(long seed, Sabotage sabotage, boolean twice) {
        Run.Result result = Run.of(seed, sabotage);
        boolean same = !twice || Run.of(seed, sabotage).digest() == result.digest();
        return same ? result : result.failedWith("the same seed gave another run");
    }

    private synchronized int add(Run.Result result) {
        runs++;
        counts.addAll(result.counts());
        if (result.violation().isPresent()) {
            failed.add(result);
        } else {
            settledSeconds.add(result.settledAfter().toSeconds());
        }
        return failed.size();
    }

    /** What went wrong in each failed run, in the order of the seeds. */
    synchronized List<String> failures() {
        return failed.stream()
                .sorted((one, other) -> Long.compare(one.seed(), other.seed()))
                .map(run -> "seed %d: %s".formatted(run.seed(), run.violation().orElse("")))
                .toList();
    }

    /** The failed run of the lowest seed. */
    synchronized Optional<Run.Result> firstFailure() {
        return failed.stream().min((one, other) -> Long.compare(one.seed(), other.seed()));
    }

    synchronized Counts counts() {
        return counts;
    }

    synchronized int runs() {
        return runs;
    }

    /** In how many seconds after the end of the faults the sets had settled: the median, and the longest. */
    synchronized String settled() {
        List<Long> sorted = settledSeconds.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none settled"
                : "settled after %d s in the median, %d s at most"
                        .formatted(sorted.get(sorted.size() / 2), sorted.getLast());
    }
}
