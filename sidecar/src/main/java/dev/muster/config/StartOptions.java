package dev.muster.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options that {@code mongod}'s start needs, read apart from the others: a fault in those keeps no member down. */
public sealed interface StartOptions {
    /** {@code mongod} starts by itself. */
    record None() implements StartOptions {}

    /**
     * The options are valid.
     *
     * @param keyfile what to copy for {@code mongod}; empty without authentication
     * @param hasRecord whether Muster uses the Kubernetes API, so that a record may name a set; true when that option is not
     *     valid
     * @param place 0 for the pod with the first ordinal; empty when its options are not valid
     */
    record Known(StartOrder order, Optional<Path> keyfile, boolean hasRecord, Optional<Integer> place)
            implements StartOptions {
        public Known {
            requireNonNull(order, "order is null");
            requireNonNull(keyfile, "keyfile is null");
            requireNonNull(place, "place is null");
        }
    }

    /**
     * {@code mongod} cannot be started with these options.
     *
     * @param faults all of them, one line each; none contains a secret
     */
    record Faulty(List<String> faults) implements StartOptions {
        public Faulty {
            faults = List.copyOf(faults);
        }
    }
}
