package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The record that a set was initiated. It outlives every volume, and prevents a second set. */
public sealed interface SetRecord {
    /**
     * Whether it still says what it said when it was seen. For how long it has done so does not matter, but the pods that
     * wrote an intent do: a third pod's intent is another one.
     */
    default boolean isStill(SetRecord seen) {
        if (this instanceof Intended now && seen instanceof Intended before) {
            return now.holderUid().equals(before.holderUid())
                    && now.holders().equals(before.holders())
                    && now.holds(before.approval());
        }
        if (this instanceof Formed now && seen instanceof Formed before) {
            return now.isOf(before.replicaSetId()) && now.holds(before.approval());
        }
        if (this instanceof Absent now && seen instanceof Absent before) {
            return now.holds(before.approval());
        }
        return equals(seen);
    }

    /** What an operator approved and has not been carried out yet. */
    default Approval approval() {
        return new Approval.None();
    }

    /** For how long the record has been seen unchanged. */
    default Duration lasting() {
        return Duration.ZERO;
    }

    /** Whether there is an approval, and it is too old to be carried out. */
    default boolean isExpired(Instant now) {
        return approval().isExpired(now, lasting());
    }

    /** The approval to initiate the set from a member's data, as long as it can be carried out. */
    default Optional<Approval.Seed> seed(Instant now) {
        return approval() instanceof Approval.Seed seed && !isExpired(now) ? Optional.of(seed) : Optional.empty();
    }

    /** Whether a set that was initiated or adopted may be recorded: no set is recorded yet. */
    default boolean mayBecomeFormed() {
        return this instanceof Absent || this instanceof Intended;
    }

    /** The same for the set with that id: an operator may have approved it as the new id of the recorded set. */
    default boolean mayBecomeFormed(String replicaSetId) {
        return mayBecomeFormed()
                || (approval() instanceof Approval.RenameSet rename
                        && rename.newId().equals(replicaSetId)
                        && isOf(rename.replicaSetId()));
    }

    /** The approval to give a set new names, as long as it can be carried out. */
    default Optional<Approval.RenameSet> renameSet(Instant now) {
        return approval() instanceof Approval.RenameSet rename && !isExpired(now)
                ? Optional.of(rename)
                : Optional.empty();
    }

    default boolean isOf(String replicaSetId) {
        return this instanceof Formed formed && formed.replicaSetId().equals(replicaSetId);
    }

    /** Whether an operator approved exactly this, and it has not been carried out yet. */
    default boolean holds(Approval approval) {
        return approval().equals(approval);
    }

    /** No record is kept here: Kubernetes is switched off. */
    record NotKept() implements SetRecord {}

    /** A record is kept, but it cannot be read now: it may say anything. */
    record Unavailable(String message) implements SetRecord {
        public Unavailable {
            requireNonNull(message, "message is null");
        }
    }

    /**
     * It can be read, and names no set.
     *
     * @param approval what an operator approved and has not been carried out yet
     * @param lasting for how long it has been seen unchanged
     */
    record Absent(Approval approval, Duration lasting) implements SetRecord {
        public Absent {
            requireNonNull(approval, "approval is null");
            requireNonNull(lasting, "lasting is null");
        }

        /** Without an approval: there is no record at all, as a rule. */
        public Absent() {
            this(new Approval.None(), Duration.ZERO);
        }
    }

    /**
     * A pod was about to initiate. The members show whether it did.
     *
     * @param holderUid of the pod that wrote it
     * @param holders the ordinals of the pods that wrote one since a set was recorded: each may have initiated, also
     *     one that is no longer expected because {@code spec.ordinals.start} was changed
     * @param byUs whether this very pod wrote it
     * @param lasting for how long it has been seen unchanged
     * @param approval that the set is initiated from a member's data; it stays until the record names the set
     */
    record Intended(String holderUid, Set<Integer> holders, boolean byUs, Duration lasting, Approval approval)
            implements SetRecord {
        public Intended {
            requireNonNull(holderUid, "holderUid is null");
            holders = Set.copyOf(holders);
            requireNonNull(lasting, "lasting is null");
            requireNonNull(approval, "approval is null");
        }

        /** Without an approval. */
        public Intended(String holderUid, Set<Integer> holders, boolean byUs, Duration lasting) {
            this(holderUid, holders, byUs, lasting, new Approval.None());
        }

        /** Without the ordinals of its holders, as an older Muster wrote it. */
        public Intended(String holderUid, boolean byUs, Duration lasting) {
            this(holderUid, Set.of(), byUs, lasting);
        }
    }

    /**
     * The set was initiated.
     *
     * @param approval what an operator approved and has not been carried out yet
     * @param lasting for how long it has been seen unchanged
     */
    record Formed(String replicaSetId, Approval approval, Duration lasting) implements SetRecord {
        public Formed {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(approval, "approval is null");
            requireNonNull(lasting, "lasting is null");
        }

        /** Read just now. */
        public Formed(String replicaSetId, Approval approval) {
            this(replicaSetId, approval, Duration.ZERO);
        }

        /** Read just now, without an approval. */
        public Formed(String replicaSetId) {
            this(replicaSetId, new Approval.None());
        }

        /** Whether a new set that replaces the recorded one is approved. */
        public boolean allowsNewSet(Instant now) {
            return approval instanceof Approval.NewSet newSet
                    && newSet.replicaSetId().equals(replicaSetId)
                    && !isExpired(now);
        }
    }
}
