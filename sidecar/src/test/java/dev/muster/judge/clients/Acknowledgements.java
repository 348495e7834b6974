package dev.muster.judge.clients;

import java.time.Duration;

/** When writes of any client were acknowledged. Any thread. */
public final class Acknowledgements {
    private final long start = System.nanoTime();
    private long last = start;
    private int count;
    private Duration longestGap = Duration.ZERO;
    private Duration longestGapEnded = Duration.ZERO;

    /** Since the clients began. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    synchronized void add() {
        long now = System.nanoTime();
        Duration gap = Duration.ofNanos(now - last);
        if (gap.compareTo(longestGap) > 0) {
            longestGap = gap;
            longestGapEnded = Duration.ofNanos(now - start);
        }
        last = now;
        count++;
    }

    /** How many. */
    public synchronized int count() {
        return count;
    }

    /** For how long none has been acknowledged. */
    public synchronized Duration silence() {
        return Duration.ofNanos(System.nanoTime() - last);
    }

    /** The longest time without one, also the one that lasts until now. */
    public synchronized Duration longestGap() {
        Duration silence = silence();
        return silence.compareTo(longestGap) > 0 ? silence : longestGap;
    }

    /** When the longest time without one ended, since the clients began. */
    public synchronized Duration longestGapEnded() {
        return silence().compareTo(longestGap) > 0 ? elapsed() : longestGapEnded;
    }
}
