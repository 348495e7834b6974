package dev.muster.playground.bench;

import java.time.Duration;

/** Something to measure. Makes its own sets, and leaves nothing running. */
@FunctionalInterface
interface Benchmark {
    /**
     * How much to measure.
     *
     * @param runs of each side, where a run is a repetition
     * @param length of the steady state, where time itself is what is repeated
     */
    record Extent(int runs, Duration length) {}

    /** Measures, and adds rows and notes. */
    void measure(Extent extent, Report report);
}
