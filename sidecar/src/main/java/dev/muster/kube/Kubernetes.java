package dev.muster.kube;

import static java.util.Objects.requireNonNull;

import dev.muster.model.Approval;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import java.time.Instant;
import java.util.Set;

/**
 * Port: the Kubernetes API, as far as Muster needs it. Every call is bounded in time and answers with a value: the API
 * server away, a right that is missing and a conflict are values too. Thread-safe.
 */
public interface Kubernetes extends AutoCloseable {
    /**
     * What the StatefulSet asks for, kept up to date by a watch, and these pods, asked now.
     *
     * @param pods the ordinals of the pods to look at
     */
    KubernetesFacts facts(Set<Integer> pods);

    /** What the StatefulSet asks for, read from the API server now: for a write that must not rest on an old answer. */
    KubernetesFacts factsNow();

    /** Whether that ordinal's pod or one of its claims exists: what does not exist holds no data. */
    Existence existence(int ordinal);

    /** What was learned of a pod and its claims. */
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

    /** Writes our intent in the place of the record that was seen; stale when it is another one by now. */
    Outcome recordIntended(SetRecord seen);

    /** Writes the id of the set that exists into a record that has none. */
    Outcome recordFormed(String replicaSetId);

    /** Writes what a person approved into the record of that set. */
    Outcome recordApproval(String replicaSetId, Approval approval);

    /** Takes an approval out of the record, so that it can be used only once; stale when it is not there. */
    Outcome useUp(Approval approval);

    /** Whether this very pod is being deleted, read from the API server now. */
    OwnPod ownPod();

    /** What the API server says of this pod. */
    sealed interface OwnPod {}

    /** It is to stay. */
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

    /** Nothing was learned. */
    record NotKnown(String message) implements OwnPod {
        public NotKnown {
            requireNonNull(message, "message is null");
        }
    }

    /** Puts the role on our own pod, as the label {@code muster.dev/role}. */
    Outcome label(String role);

    /**
     * Makes this pod the one behind the primary's Service, unless one of a newer election is there.
     *
     * @param replicaSetId of whose election: terms of another set, one that was given up, say nothing
     */
    Outcome publishPrimary(String replicaSetId, long electionTerm);

    /** Takes this pod from behind the primary's Service, if it is there. */
    Outcome withdrawPrimary();

    /**
     * Tells people: an Event at our own pod.
     *
     * @param reason in CamelCase
     */
    Outcome event(boolean warning, String reason, String message);

    @Override
    void close();
}
