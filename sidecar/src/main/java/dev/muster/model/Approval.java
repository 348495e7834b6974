package dev.muster.model;

import static java.util.Objects.requireNonNull;

/** What an operator approved once, by {@code muster approve}: the two things that Muster never does by itself. */
public sealed interface Approval {
    /** What was approved, as a noun in a sentence. */
    default String words() {
        return switch (this) {
            case None none -> "nothing";
            case NewSet newSet -> "a new set to replace " + newSet.replicaSetId();
            case ForceReconfig force ->
                "a forced reconfiguration of %s, configuration version %d"
                        .formatted(force.replicaSetId(), force.configVersion());
        };
    }

    record None() implements Approval {}

    /**
     * A new, empty set to replace one whose volumes are all gone.
     *
     * @param replicaSetId of the set that is replaced; the approval is for no other
     */
    record NewSet(String replicaSetId) implements Approval {
        public NewSet {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }

    /**
     * A configuration in which all members that are down lose their votes, as a majority is lost for good.
     *
     * @param configVersion of the configuration that the operator saw; the approval is for no other
     * @param survivor the ordinal that carries it out: the reachable member with the newest data
     */
    record ForceReconfig(String replicaSetId, long configVersion, int survivor) implements Approval {
        public ForceReconfig {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }
}
