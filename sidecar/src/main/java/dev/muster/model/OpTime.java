package dev.muster.model;

import java.time.Duration;

/**
 * A place in the oplog. Later terms come after earlier ones, whatever their clocks said.
 *
 * @param term the election term; -1 where the server gave none
 * @param seconds since the epoch, of the primary's clock
 * @param increment the position within the second
 */
public record OpTime(long term, long seconds, long increment) implements Comparable<OpTime> {
    @Override
    public int compareTo(OpTime other) {
        if (term != other.term) {
            return Long.compare(term, other.term);
        }
        return seconds != other.seconds
                ? Long.compare(seconds, other.seconds)
                : Long.compare(increment, other.increment);
    }

    /** How far this is behind another; zero when it is equal or ahead. Whole seconds: an optime has no finer clock. */
    public Duration behind(OpTime ahead) {
        return Duration.ofSeconds(Math.max(0, ahead.seconds - seconds));
    }
}
