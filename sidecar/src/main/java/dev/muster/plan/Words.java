package dev.muster.plan;

import java.util.List;

/** Numbers and lists in sentences. */
public final class Words {
    /** As many voters as a set can have: a longer list is of a set of up to fifty, and nobody reads it to its end. */
    private static final int MOST_LISTED = 7;

    private Words() {}

    /** {@code 1 member}, {@code 3 members}. */
    public static String count(long count, String noun) {
        return count == 1 ? "1 " + noun : count + " " + noun + "s";
    }

    /** {@code once}, {@code twice}, {@code 3 times}. */
    static String times(int times) {
        return switch (times) {
            case 1 -> "once";
            case 2 -> "twice";
            default -> times + " times";
        };
    }

    /** The whole list if it is short; otherwise its beginning and how many more there are. {@code /status} has every member. */
    static String some(List<String> listed, String separator) {
        if (listed.size() <= MOST_LISTED) {
            return String.join(separator, listed);
        }
        // Two at least are left out: "and 1 more" would take the place of the one.
        List<String> first = listed.subList(0, MOST_LISTED - 1);
        return String.join(separator, first) + separator + "and " + (listed.size() - first.size()) + " more";
    }
}
