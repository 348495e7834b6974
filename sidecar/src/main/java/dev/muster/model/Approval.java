package dev.muster.model;

import static java.util.Objects.requireNonNull;

/** What a person allowed once, by {@code muster approve}: the two things that Muster never does by itself. */
public sealed interface Approval {
    /** What was approved, as part of a sentence. */
    default String words() {
        return switch (this) {
            case None none -> "nothing";
            case NewSet newSet -> "a new set in the place of " + newSet.replicaSetId();
            case ForceReconfig force ->
                "a forced reconfiguration of %s, configuration version %d"
                        .formatted(force.replicaSetId(), force.configVersion());
        };
    }

    /** Nothing. */
    record None() implements Approval {}

    /**
     * A new, empty set in the place of one whose volumes are all gone.
     *
     * @param replicaSetId of the set that is given up; another one is not meant
     */
    record NewSet(String replicaSetId) implements Approval {
        public NewSet {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }

    /**
     * A configuration that takes the votes of all members that are down, whose majority is gone for good.
     *
     * @param configVersion of the configuration that the person saw; another one is not meant
     * @param survivor the ordinal that carries it out: the one with the newest data of all reachable
     */
    record ForceReconfig(String replicaSetId, long configVersion, int survivor) implements Approval {
        public ForceReconfig {
            requireNonNull(replicaSetId, "replicaSetId is null");
        }
    }
}
