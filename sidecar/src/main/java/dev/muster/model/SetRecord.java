package dev.muster.model;

import static java.util.Objects.requireNonNull;

/** The record that a set was made: it outlives every volume, and keeps a second set from being made. */
public sealed interface SetRecord {
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

    /** Somebody was about to initiate. Whether it happened is for the members to tell. */
    record Intended() implements SetRecord {}

    /** The set was made, and this is its id. */
    record Formed(String replicaSetId) implements SetRecord {
        public Formed {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }
}
