package dev.muster.model;

/**
 * Which members have a choice of whom to clone from, by their place: 0 for the first ordinal. Members join in the order
 * of their ordinals, and the one at place 0 makes the set.
 */
public final class CloneOrder {
    private CloneOrder() {}

    /** Whether a secondary joins before that member: the second has only the primary to clone from. */
    public static boolean hasSecondaryBefore(int place) {
        return place >= 2;
    }

    /** Whether two or more secondaries join before it: then the server has to be told which one to clone from. */
    public static boolean hasChoiceOfSecondaries(int place) {
        return place >= 3;
    }
}
