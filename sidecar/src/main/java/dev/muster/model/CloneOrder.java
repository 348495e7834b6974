package dev.muster.model;

/**
 * Which members have a choice of clone sources, by their place: 0 for the first ordinal. Members join in the order of
 * their ordinals, and the one at place 0 initiates the set.
 */
public final class CloneOrder {
    private CloneOrder() {}

    /** Whether just one secondary joins before that member: its server finds that one by itself. */
    public static boolean hasOneSecondaryBefore(int place) {
        return place == 2;
    }

    /** Whether two or more secondaries join before it: then Muster has to direct the clone to one of them. */
    public static boolean hasChoiceOfSecondaries(int place) {
        return place >= 3;
    }
}
