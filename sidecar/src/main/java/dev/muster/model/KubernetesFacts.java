package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
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

        /** The API server knows no StatefulSet of that name, which was taken from the pod's. */
        public static Unavailable noStatefulSet(Self self) {
            return new Unavailable(
                    ("there is no StatefulSet %s. If %s is not the name of this pod, set --pod-name: with hostNetwork, "
                                    + "HOSTNAME is the name of the node")
                            .formatted(self.naming().statefulSet(), self.podName()));
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

        /** The uid of that pod if its {@code mongod} has not been started; see {@link Pod#held}. */
        public Optional<String> heldPod(int ordinal) {
            Pod pod = pods.get(ordinal);
            return pod == null ? Optional.empty() : pod.held();
        }

        /** When that pod is killed if it exists and is terminating; empty otherwise. */
        public Optional<Instant> endOf(int ordinal) {
            Pod pod = pods.get(ordinal);
            return pod == null ? Optional.empty() : pod.end();
        }
    }

    /**
     * One pod.
     *
     * @param end the {@code deletionTimestamp} of a pod that is terminating: when its grace period is over
     * @param held its uid, if its sidecar says that the volume is empty and that {@code mongod} has not been started
     */
    record Pod(Optional<Instant> end, Optional<String> held) {
        public Pod {
            requireNonNull(end, "end is null");
            requireNonNull(held, "held is null");
        }

        /** One whose {@code mongod} may have been started. */
        public Pod(Optional<Instant> end) {
            this(end, Optional.empty());
        }
    }
}
