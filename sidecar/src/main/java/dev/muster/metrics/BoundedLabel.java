package dev.muster.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of one label. Each is a time series, so their number has a limit: what comes above it is {@link #OTHER}.
 * Safe for use by several threads.
 */
final class BoundedLabel {
    static final String OTHER = "other";

    private final int limit;
    private final List<String> known;
    private final Set<String> values = ConcurrentHashMap.newKeySet();

    /**
     * @param limit how many values there may be, the known ones included
     * @param known the values that are there from the start
     */
    BoundedLabel(int limit, String... known) {
        this.limit = limit;
        this.known = List.of(known);
        this.values.addAll(this.known);
    }

    List<String> known() {
        return known;
    }

    /** The value to use for this one. */
    String of(String value) {
        if (values.contains(value)) {
            return value;
        }
        // Not exact between threads: a few values too many do no harm, thousands would.
        return values.size() < limit && values.add(value) ? value : values.contains(value) ? value : OTHER;
    }

    /** The value to use for a number. */
    String of(int value) {
        return of(String.format(Locale.ROOT, "%d", value));
    }
}
