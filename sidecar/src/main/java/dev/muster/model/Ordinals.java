package dev.muster.model;

import java.util.stream.IntStream;

/**
 * A range of ordinals, such as those that a StatefulSet asks for.
 *
 * @param first the lowest
 * @param count how many; may be 0
 */
public record Ordinals(int first, int count) {
    public boolean include(int ordinal) {
        return ordinal >= first && ordinal < first + count;
    }

    public IntStream stream() {
        return IntStream.range(first, first + count);
    }
}
