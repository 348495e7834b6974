package dev.muster.config;

import java.util.List;

/** Where a pod stands among those of its StatefulSet, as far as its options say. */
public sealed interface PodPosition {
    /**
     * The options are valid.
     *
     * @param index 0 for the pod with the first ordinal
     */
    record Known(int index) implements PodPosition {}

    /**
     * At least one option is not valid.
     *
     * @param faults all of them, one line each
     */
    record Faulty(List<String> faults) implements PodPosition {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
