package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What Kubernetes says of the StatefulSet. */
public sealed interface KubernetesFacts {
    /** Switched off, away, or not allowed: nothing is concluded from it. */
    record Unavailable(String message) implements KubernetesFacts {
        public Unavailable {
            requireNonNull(message, "message is null");
        }
    }

    /**
     * What the API server answered.
     *
     * @param replicas {@code spec.replicas}
     * @param firstOrdinal {@code spec.ordinals.start}
     * @param pods what is known of each pod that exists, by ordinal
     */
    record Known(int replicas, int firstOrdinal, NavigableMap<Integer, Pod> pods) implements KubernetesFacts {
        public Known {
            pods = new TreeMap<>(Map.copyOf(pods));
        }
    }

    /**
     * One pod.
     *
     * @param terminating whether it has a {@code deletionTimestamp}
     */
    record Pod(boolean terminating) {}
}
