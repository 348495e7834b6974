package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The record that a set was made: it outlives every volume, and keeps a second set from being made. */
public sealed interface SetRecord {
    /** Whether it says what it said when it was seen, which may be longer ago by now. */
    default boolean isStill(SetRecord seen) {
        return (this instanceof Intended now && seen instanceof Intended before)
                ? now.byUs() == before.byUs()
                : equals(seen);
    }

    /** Whether the set that was made, or adopted, may be written down: no set is recorded yet. */
    default boolean mayBecomeFormed() {
        return this instanceof Absent || this instanceof Intended;
    }

    /** Whether it is the record of that set. */
    default boolean isOf(String replicaSetId) {
        return this instanceof Formed formed && formed.replicaSetId().equals(replicaSetId);
    }

    /** Whether a person allowed just this, and nobody has done it yet. */
    default boolean holds(Approval approval) {
        return this instanceof Formed formed && formed.approval().equals(approval);
    }

    /** No record is kept here: Kubernetes is switched off. */
    record NotKept() implements SetRecord {}

    /** A record is kept, but it cannot be read now: it may hold anything. */
    record Unavailable(String message) implements SetRecord {
        public Unavailable {
            requireNonNull(message, "message is null");
        }
    }

    /** It can be read, and there is none. */
    record Absent() implements SetRecord {}

    /**
     * Some pod was about to initiate. Whether it happened is for the members to tell.
     *
     * @param byUs whether this very pod wrote it
     * @param lasting for how long it has been seen unchanged
     */
    record Intended(boolean byUs, Duration lasting) implements SetRecord {
        public Intended {
            requireNonNull(lasting, "lasting is null");
        }
    }

    /**
     * The set was made.
     *
     * @param replicaSetId its id
     * @param approval what a person allowed and nobody has done yet
     */
    record Formed(String replicaSetId, Approval approval) implements SetRecord {
        public Formed {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(approval, "approval is null");
        }

        public Formed(String replicaSetId) {
            this(replicaSetId, new Approval.None());
        }
    }
}
