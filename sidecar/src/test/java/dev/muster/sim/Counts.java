package dev.muster.sim;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened: a simulation in which something never happens does not test it. */
final class Counts {
    private final Map<String, Long> byName = new TreeMap<>();

    void add(String name) {
        byName.merge(name, 1L, Long::sum);
    }

    void addAll(Counts other) {
        other.byName.forEach((name, count) -> byName.merge(name, count, Long::sum));
    }

    long of(String name) {
        return byName.getOrDefault(name, 0L);
    }

    Map<String, Long> byName() {
        return Map.copyOf(byName);
    }
}
