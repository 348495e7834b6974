package dev.muster.plan;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The steps that stand aside now, by {@link Step#identity()}. With the snapshot it is all that a decision depends on. A
 * process that has just started knows of none: then each step is tried once more.
 */
public record Setbacks(SortedMap<String, Setback> byStep) {
    /** No step stands aside. */
    public static final Setbacks NONE = new Setbacks(new TreeMap<>());

    public Setbacks {
        byStep = Collections.unmodifiableSortedMap(new TreeMap<>(byStep));
    }

    /** Whether a step stands aside, and why. */
    public Optional<Setback> of(Step step) {
        return Optional.ofNullable(byStep.get(step.identity()));
    }

    /** These and one more. */
    public Setbacks with(Step step, Setback setback) {
        Map<String, Setback> more = new TreeMap<>(byStep);
        more.put(step.identity(), setback);
        return new Setbacks(new TreeMap<>(more));
    }
}
