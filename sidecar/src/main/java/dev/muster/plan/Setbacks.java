package dev.muster.plan;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The steps that give way now, by {@link Step#identity()}. A decision depends on these and the snapshot only. A process
 * that has just started knows none, so each step is tried once more.
 */
public record Setbacks(SortedMap<String, Setback> byStep) {
    /** No step gives way. */
    public static final Setbacks NONE = new Setbacks(new TreeMap<>());

    public Setbacks {
        byStep = Collections.unmodifiableSortedMap(new TreeMap<>(byStep));
    }

    /** Why that step gives way; empty if it does not. */
    public Optional<Setback> of(Step step) {
        return Optional.ofNullable(byStep.get(step.identity()));
    }

    public Setbacks with(Step step, Setback setback) {
        SortedMap<String, Setback> more = new TreeMap<>(byStep);
        more.put(step.identity(), setback);
        return new Setbacks(more);
    }
}
