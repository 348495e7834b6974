package dev.muster.sim.trouble;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves out of a failing list whatever it fails without: smaller and smaller pieces, down to single elements. */
public final class Minimiser {
    private Minimiser() {}

    /**
     * The smallest list that this finds.
     *
     * @param fails whether a shorter list fails as well; asked at most some times the list's length
     */
    public static <T> List<T> minimise(List<T> failing, Predicate<List<T>> fails) {
        List<T> left = List.copyOf(failing);
        int piece = Math.max(1, left.size() / 2);
        while (true) {
            boolean shorter = false;
            for (int from = 0; from < left.size(); ) {
                List<T> without = new ArrayList<>(left.subList(0, from));
                without.addAll(left.subList(Math.min(left.size(), from + piece), left.size()));
                if (fails.test(without)) {
                    left = List.copyOf(without);
                    shorter = true;
                } else {
                    from += piece;
                }
            }
            if (piece == 1 && !shorter) {
                return left;
            }
            piece = Math.max(1, piece / 2);
        }
    }
}
