package dev.muster.sim.cluster;

import static java.util.Objects.requireNonNull;

import dev.muster.plan.Outcome;
import dev.muster.sim.engine.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The objects of {@link ApiServer}, each with what matters to Muster and no more. */
public final class KubernetesObjects {
    private KubernetesObjects() {}

    /** What a request, a right or a watch is about. */
    public enum Kind {
        STATEFUL_SET,
        PODS,
        CLAIMS,
        RECORD,
        SLICE,
        EVENTS,
        /** The API server itself: it came or went. */
        SERVER
    }

    /** An object as it was at one {@code resourceVersion}. */
    public record Versioned<T>(long version, T content) {
        public Versioned {
            requireNonNull(content, "content is null");
        }
    }

    /** In what order the controller makes and deletes pods. */
    public enum Policy {
        PARALLEL,
        ORDERED_READY
    }

    /** The StatefulSet. */
    public record StatefulSet(int replicas, int firstOrdinal, Policy policy, boolean deletesClaims, Template template) {
        public StatefulSet {
            requireNonNull(policy, "policy is null");
            requireNonNull(template, "template is null");
            if (replicas < 0 || firstOrdinal < 0) {
                throw new IllegalArgumentException("%d replicas from %d on".formatted(replicas, firstOrdinal));
            }
        }

        /**
         * What each pod is made of.
         *
         * @param revision a rollout replaces the pods of every other one
         * @param grace from a pod's deletion until it is killed
         */
        public record Template(int revision, Duration grace) {
            public Template {
                requireNonNull(grace, "grace is null");
            }
        }

        /** Whether it asks for that ordinal. */
        public boolean asksFor(int ordinal) {
            return ordinal >= firstOrdinal && ordinal < firstOrdinal + replicas;
        }

        StatefulSet scaledTo(int wanted) {
            return new StatefulSet(wanted, firstOrdinal, policy, deletesClaims, template);
        }

        StatefulSet with(Policy wanted) {
            return new StatefulSet(replicas, firstOrdinal, wanted, deletesClaims, template);
        }

        StatefulSet startingAt(int ordinal) {
            return new StatefulSet(replicas, ordinal, policy, deletesClaims, template);
        }

        StatefulSet deletingClaims() {
            return new StatefulSet(replicas, firstOrdinal, policy, true, template);
        }

        StatefulSet restarted() {
            return new StatefulSet(
                    replicas,
                    firstOrdinal,
                    policy,
                    deletesClaims,
                    new Template(template.revision() + 1, template.grace()));
        }
    }

    /**
     * A pod.
     *
     * @param address which its containers have from their start
     * @param hasAddress whether the kubelet has reported the address yet: until then the API server shows none
     * @param place its node, for {@link Network}
     * @param claimUid of the claim whose volume it has
     * @param killedAt its {@code deletionTimestamp}; empty while it is to stay
     * @param ready as its kubelet last said
     * @param role its label {@code muster.dev/role}; empty where there is none
     */
    public record Pod(
            int ordinal,
            String uid,
            InetAddress address,
            boolean hasAddress,
            int place,
            String claimUid,
            StatefulSet.Template template,
            Optional<Instant> killedAt,
            boolean ready,
            String role,
            String mongod) {
        public Pod {
            requireNonNull(uid, "uid is null");
            requireNonNull(address, "address is null");
            requireNonNull(claimUid, "claimUid is null");
            requireNonNull(template, "template is null");
            requireNonNull(killedAt, "killedAt is null");
            requireNonNull(role, "role is null");
            requireNonNull(mongod, "mongod is null");
        }

        static Pod fresh(
                int ordinal,
                int number,
                InetAddress address,
                int place,
                String claimUid,
                StatefulSet.Template template) {
            return new Pod(
                    ordinal,
                    "pod-" + number,
                    address,
                    false,
                    place,
                    claimUid,
                    template,
                    Optional.empty(),
                    false,
                    "",
                    "");
        }

        /** Whether it has a {@code deletionTimestamp}. */
        public boolean isTerminating() {
            return killedAt.isPresent();
        }

        /** Whether both are the same pod, however it has changed. */
        boolean isSame(Pod other) {
            return uid.equals(other.uid);
        }

        Pod at(InetAddress reported) {
            return new Pod(ordinal, uid, reported, true, place, claimUid, template, killedAt, ready, role, mongod);
        }

        Pod ready(boolean now) {
            return new Pod(ordinal, uid, address, hasAddress, place, claimUid, template, killedAt, now, role, mongod);
        }

        Pod labelled(String label) {
            return new Pod(
                    ordinal, uid, address, hasAddress, place, claimUid, template, killedAt, ready, label, mongod);
        }

        /** With the annotation that tells whether its {@code mongod} has been started. */
        Pod annotated(String started) {
            return new Pod(
                    ordinal, uid, address, hasAddress, place, claimUid, template, killedAt, ready, role, started);
        }

        Pod deleted(Instant until) {
            return new Pod(
                    ordinal,
                    uid,
                    address,
                    hasAddress,
                    place,
                    claimUid,
                    template,
                    Optional.of(until),
                    ready,
                    role,
                    mongod);
        }
    }

    /** A claim and its volume: a new uid is a new, empty volume. */
    public record Claim(int ordinal, String uid, boolean terminating) {
        public Claim {
            requireNonNull(uid, "uid is null");
        }
    }

    /**
     * The EndpointSlice of the primary's Service.
     *
     * @param term of the election that its writer had won
     */
    public record Slice(String replicaSetId, long term, Optional<Endpoint> endpoint) {
        public Slice {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(endpoint, "endpoint is null");
        }
    }

    /** The pod behind the primary's Service. */
    public record Endpoint(String podUid, InetAddress address) {
        public Endpoint {
            requireNonNull(podUid, "podUid is null");
            requireNonNull(address, "address is null");
        }
    }

    /**
     * What people are told.
     *
     * @param podUid empty where the pod was not certain
     */
    public record Event(Instant at, int ordinal, String podUid, boolean warning, String reason, String message) {
        public Event {
            requireNonNull(at, "at is null");
            requireNonNull(podUid, "podUid is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(message, "message is null");
        }
    }

    /** What a client got to hear. */
    sealed interface Answer<T> {
        record Ok<T>(T body) implements Answer<T> {}

        record NotFound<T>() implements Answer<T> {}

        record Conflict<T>(String message) implements Answer<T> {}

        /**
         * Anything else.
         *
         * @param code -1 where nobody answered: a write may have taken effect all the same
         */
        record Failed<T>(int code, String message) implements Answer<T> {}

        /** An object that may be missing. */
        static <T> Answer<T> of(Optional<T> object) {
            return object.<Answer<T>>map(Ok::new).orElseGet(NotFound::new);
        }

        /** Of a write: what became of it. */
        default Outcome asOutcome() {
            return switch (this) {
                case Ok<T> ok -> new Outcome.Done();
                case NotFound<T> none -> new Outcome.Stale("it does not exist any more");
                case Conflict<T> conflict -> new Outcome.Stale(conflict.message());
                case Failed<T> failed -> new Outcome.Failed(failed.code(), failed.message());
            };
        }

        /** Why there is no object, where the answer is neither one nor that there is none. */
        default String message() {
            return switch (this) {
                case Ok<T> ok -> "";
                case NotFound<T> none -> "it does not exist";
                case Conflict<T> conflict -> conflict.message();
                case Failed<T> failed -> failed.message();
            };
        }
    }
}
