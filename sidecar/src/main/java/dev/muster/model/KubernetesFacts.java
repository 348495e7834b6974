package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What Kubernetes says about the StatefulSet. */
public sealed interface KubernetesFacts {
    /** Switched off by {@code --kubernetes=off}: the options say which members are wanted. */
    record Off() implements KubernetesFacts {}

    /** The API server does not answer, or denies access: nothing is concluded from it. */
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
     * @param pods the pods that were asked for and exist, by ordinal
     */
    record Known(int replicas, int firstOrdinal, NavigableMap<Integer, Pod> pods) implements KubernetesFacts {
        public Known {
            pods = Collections.unmodifiableNavigableMap(new TreeMap<>(pods));
        }

        /** Whether that pod exists and is terminating. */
        public boolean isTerminating(int ordinal) {
            Pod pod = pods.get(ordinal);
            return pod != null && pod.terminating();
        }
    }

    /**
     * One pod.
     *
     * @param terminating whether it has a {@code deletionTimestamp}
     */
    record Pod(boolean terminating) {}
}
