package dev.muster.model;

import java.util.stream.IntStream;

/**
 * The ordinals that a StatefulSet asks for, one after the other.
 *
 * @param first the lowest
 * @param count how many; none for 0
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
