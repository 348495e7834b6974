package dev.muster.e2e.writer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bson.Document;

/**
 * What came of the writes: ids 0, 1, 2, … in their order, each tried once. Times are of the monotonic clock, in
 * nanoseconds. Safe for use by several threads.
 */
final class Tally {
    /** More failures than any test allows; the writer ends there. */
    static final int MOST_FAILURES = 10_000;

    /** Enough to see what is wrong. */
    private static final int MOST_ERRORS = 20;

    private final List<Long> failed = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private OptionalLong lastAcknowledged = OptionalLong.empty();
    private Duration longestGap = Duration.ZERO;
    private long attempted;

    /** The id of the next write. */
    synchronized long nextId() {
        return attempted;
    }

    synchronized void acknowledged(long nowNanos) {
        attempted++;
        longestGap = gapUntil(nowNanos);
        lastAcknowledged = OptionalLong.of(nowNanos);
    }

    synchronized void failed(String error) {
        failed.add(attempted);
        attempted++;
        if (errors.size() < MOST_ERRORS) {
            errors.add(error);
        }
    }

    synchronized boolean full() {
        return failed.size() >= MOST_FAILURES;
    }

    /**
     * The report, as the tests read it. The gap still open counts: a writer that hangs must not look well.
     *
     * @param finished whether no write follows
     */
    synchronized Document report(long nowNanos, boolean finished) {
        return new Document("attempted", attempted)
                .append("acknowledged", attempted - failed.size())
                .append("failed", List.copyOf(failed))
                .append("longestGapMillis", (finished ? longestGap : gapUntil(nowNanos)).toMillis())
                .append("errors", List.copyOf(errors))
                .append("finished", finished);
    }

    private Duration gapUntil(long nowNanos) {
        if (lastAcknowledged.isEmpty()) {
            return longestGap;
        }
        Duration gap = Duration.ofNanos(nowNanos - lastAcknowledged.getAsLong());
        return gap.compareTo(longestGap) > 0 ? gap : longestGap;
    }
}
