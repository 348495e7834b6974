package dev.muster.kube;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Port: the Kubernetes API, as far as Muster needs it. Every call is bounded in time and returns a value, also for an
 * API server that does not answer, a missing permission and a conflict. Thread-safe.
 */
public interface Kubernetes extends AutoCloseable {
    /**
     * What the StatefulSet asks for, kept up to date by a watch, and these pods, read now.
     *
     * @param pods the ordinals of the pods to look at
     */
    KubernetesFacts facts(Set<Integer> pods);

    /** What the StatefulSet asks for, read from the API server now, for a write that must not use an old answer. */
    KubernetesFacts factsNow();

    /** Whether that ordinal's pod or one of its claims exists. Without either it holds no data. */
    Existence existence(int ordinal);

    /** What is known about a pod and its claims. */
    enum Existence {
        /** Neither the pod nor any of its claims. */
        NEITHER,
        AT_LEAST_ONE,
        UNKNOWN
    }

    /** The record, kept up to date by a watch. */
    SetRecord record();

    /** The record, read from the API server now. */
    SetRecord recordNow();

    /**
     * Replaces the record that was seen with our intent; stale when it has changed. Fails if the API server's pod of our
     * name is not this one.
     */
    Outcome recordIntended(SetRecord seen);

    /**
     * Replaces the record that was seen, which names no set, with the id of the set that exists; stale when it has
     * changed, for example to another pod's intent. Fails if the API server's pod of our name is not this one.
     */
    Outcome recordFormed(SetRecord seen, String replicaSetId);

    /** Writes what an operator approved into the record that was seen; stale when it has changed. */
    Outcome recordApproval(SetRecord seen, Approval approval);

    /** Removes an approval from the record, so that it can be used only once; stale when it is not there. */
    Outcome useUp(Approval approval);

    /** Whether this pod is being deleted, read from the API server now. */
    OwnPod ownPod();

    sealed interface OwnPod {
        /**
         * Why this process must not write in the name of its pod; empty if it may. It may have been replaced while it stood
         * still, and must not speak for the new pod.
         */
        default Optional<Outcome> unlessOurs() {
            return this instanceof NotKnown notKnown
                    ? Optional.of(new Outcome.Failed(-1, notKnown.message()))
                    : Optional.empty();
        }
    }

    /** It is not being deleted. */
    record Staying() implements OwnPod {}

    /**
     * It is being deleted.
     *
     * @param until when Kubernetes kills what still runs, by the API server's clock
     */
    record Leaving(Instant until) implements OwnPod {
        public Leaving {
            requireNonNull(until, "until is null");
        }
    }

    record NotKnown(String message) implements OwnPod {
        public NotKnown {
            requireNonNull(message, "message is null");
        }
    }

    /**
     * Says on our own pod that its volume is empty and that {@code mongod} has not been started: {@link
     * KubernetesFacts.Pod#held}. Only for a process that knows that. A request that arrives after {@link #tellStarted} is
     * refused.
     */
    Outcome tellHeld();

    /**
     * Takes {@link #tellHeld} back. Comes before the start, so that nobody takes the member for empty later. If {@code mongod}
     * was not started after all, as this sidecar ended or was not answered, {@link #tellHeld} may follow.
     */
    Outcome tellStarted();

    /** Sets the label {@code muster.dev/role} on our own pod. */
    Outcome label(String role);

    /**
     * Makes this pod the endpoint of the primary's Service, unless it has the primary of a newer election.
     *
     * @param replicaSetId of the set that elected it: terms of another set, which was replaced, do not count
     */
    Publication publishPrimary(String replicaSetId, long electionTerm);

    /**
     * What became of {@link #publishPrimary}.
     *
     * @param isLeftToNewer whether nothing was written because the Service has the primary of a newer election. Of no other
     *     failure can that be concluded
     */
    record Publication(Outcome outcome, boolean isLeftToNewer) {
        public Publication {
            requireNonNull(outcome, "outcome is null");
        }

        public static Publication of(Outcome outcome) {
            return new Publication(outcome, false);
        }

        public static Publication leftToNewer(Outcome.Stale why) {
            return new Publication(why, true);
        }
    }

    /**
     * Makes this pod the endpoint of the primary's Service, also if its last endpoint was the primary of a newer
     * election; stale while that one's pod exists and is ready. For a primary whose set was restored from an earlier
     * term: no newer primary is coming, as the elections count from that term again.
     *
     * @param replicaSetId of the set that elected it
     */
    Outcome takeOverPrimary(String replicaSetId, long electionTerm);

    /** Removes this pod from the primary's Service, if it is the endpoint. */
    Outcome withdrawPrimary();

    /**
     * Creates an Event for our own pod.
     *
     * @param reason in CamelCase
     */
    Outcome event(boolean warning, String reason, String message);

    @Override
    void close();
}
