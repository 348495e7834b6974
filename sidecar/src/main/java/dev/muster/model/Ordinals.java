package dev.muster.model;

import java.util.stream.IntStream;

/**
 * A range of ordinals, such as those that a StatefulSet asks for.
 *
 * @param first the lowest
 * @param count how many; may be 0
 */
public record Ordinals(int first, int count) {
    /** Whether that ordinal is one of them. */
    public boolean include(int ordinal) {
        return ordinal >= first && ordinal < first + count;
    }

    /** Each of them, ascending. */
    public IntStream stream() {
        return IntStream.range(first, first + count);
    }
}
