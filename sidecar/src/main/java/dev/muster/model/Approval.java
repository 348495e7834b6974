package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an operator approved once, by {@code muster approve}: what Muster never does by itself. */
public sealed interface Approval {
    /**
     * Whether it is too old to be carried out, which is then up to an operator again. Neither of the two times is
     * trusted alone: clocks may be wrong, also by being ahead of each other, and what was seen is lost with the
     * process.
     *
     * @param now by this pod's clock
     * @param seenFor for how long it has been seen unchanged
     */
    default boolean isExpired(Instant now, Duration seenFor) {
        return this instanceof Given given
                && (seenFor.compareTo(given.validFor()) >= 0
                        || Duration.between(given.givenAt(), now).abs().compareTo(given.validFor()) >= 0);
    }

    /** What was approved, as a noun in a sentence. */
    default String words() {
        return switch (this) {
            case None none -> "nothing";
            case NewSet newSet -> "a new set to replace " + newSet.replicaSetId();
            case Seed seed -> "a set that is initiated from the data of ordinal " + seed.ordinal();
            case ForceReconfig force -> force.incident().words();
            case RenameSet rename ->
                "new names for the members of %s, configuration version %d, instead of %s; the set's new id is %s"
                        .formatted(rename.replicaSetId(), rename.configVersion(), rename.from(), rename.newId());
        };
    }

    record None() implements Approval {}

    /** An approval that has not been carried out. */
    sealed interface Given extends Approval permits NewSet, Seed, ForceReconfig, RenameSet {
        /** In the words of the command line, as {@code muster approve} takes it. */
        String kind();

        /** By the clock of the pod in which the operator ran the command. */
        Instant givenAt();

        Duration validFor();

        /** The ordinal whose sidecar carries it out. */
        int carriedOutBy(int firstOrdinal);
    }

    /**
     * A new, empty set to replace one whose volumes are all gone.
     *
     * @param replicaSetId of the set that is replaced; the approval is for no other
     */
    record NewSet(String replicaSetId, Instant givenAt) implements Given {
        public static final String KIND = "new-set";

        /** Long enough for new volumes to be bound and every pod to start: each member has to prove that it is empty. */
        public static final Duration VALID_FOR = Duration.ofHours(1);

        public NewSet {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(givenAt, "givenAt is null");
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Duration validFor() {
            return VALID_FOR;
        }

        @Override
        public int carriedOutBy(int firstOrdinal) {
            return firstOrdinal;
        }
    }

    /**
     * A set that is initiated from the data that one member has without a set. The others clone it.
     *
     * @param ordinal of the member that has the data, and whose sidecar initiates
     * @param replaces the id of the recorded set that is given up; empty if the record names none
     */
    record Seed(int ordinal, Optional<String> replaces, Instant givenAt) implements Given {
        public static final String KIND = "seed";

        /** Long enough for every pod to start: each other member has to prove that it is empty. */
        public static final Duration VALID_FOR = Duration.ofHours(1);

        public Seed {
            requireNonNull(replaces, "replaces is null");
            requireNonNull(givenAt, "givenAt is null");
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Duration validFor() {
            return VALID_FOR;
        }

        @Override
        public int carriedOutBy(int firstOrdinal) {
            return ordinal;
        }
    }

    /**
     * A configuration in which all members that are down lose their votes, as a majority is lost for good.
     *
     * @param incident the situation in which the operator approved it; the approval is for no other
     */
    record ForceReconfig(Incident incident, Instant givenAt) implements Given {
        public static final String KIND = "force-reconfig";

        /** The survivor acts within seconds. A member that needs longer to come back may be part of another incident. */
        public static final Duration VALID_FOR = Duration.ofMinutes(10);

        public ForceReconfig {
            requireNonNull(incident, "incident is null");
            requireNonNull(givenAt, "givenAt is null");
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Duration validFor() {
            return VALID_FOR;
        }

        @Override
        public int carriedOutBy(int firstOrdinal) {
            return incident.survivor();
        }
    }

    /**
     * A set whose volumes were brought here from another place: each member that has the same configuration gets its name
     * of this place, and the set a new id, so that it can never mix with the set that it came from.
     *
     * @param ordinal of the pod in which it was approved
     * @param replicaSetId that the volumes have
     * @param configVersion that the volumes have; a member with another one is left alone
     * @param from the members' hosts in that configuration, in the words of {@link PodHosts}
     * @param newId the id that the set gets
     */
    record RenameSet(int ordinal, String replicaSetId, long configVersion, String from, String newId, Instant givenAt)
            implements Given {
        public static final String KIND = "rename-set";

        /** Long enough for every pod to start: each member renames itself. */
        public static final Duration VALID_FOR = Duration.ofHours(1);

        public RenameSet {
            requireNonNull(replicaSetId, "replicaSetId is null");
            requireNonNull(from, "from is null");
            requireNonNull(newId, "newId is null");
            requireNonNull(givenAt, "givenAt is null");
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Duration validFor() {
            return VALID_FOR;
        }

        @Override
        public int carriedOutBy(int firstOrdinal) {
            return ordinal;
        }
    }

    /**
     * The loss of a majority, as an operator saw it. A set keeps the version of its configuration for months, and the
     * same members can be down again; but a set that had a primary in between has another election term.
     *
     * @param configVersion of the configuration
     * @param electionTerm of the set
     * @param survivor the ordinal that carries the forced reconfiguration out: the reachable member with the newest data
     * @param down the voters that are down, sorted
     */
    record Incident(String replicaSetId, long configVersion, long electionTerm, int survivor, List<HostAddress> down) {
        public Incident {
            requireNonNull(replicaSetId, "replicaSetId is null");
            down = down.stream().sorted().toList();
        }

        private String words() {
            return "a forced reconfiguration of %s, configuration version %d, election term %d, without %s"
                    .formatted(replicaSetId, configVersion, electionTerm, HostAddress.listed(down));
        }
    }
}
