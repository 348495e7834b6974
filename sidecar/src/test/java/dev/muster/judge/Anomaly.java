package dev.muster.judge;

import static java.util.Objects.requireNonNull;

/**
 * Something that clients saw and that a database which keeps its word does not show.
 *
 * @param words which operations show it
 */
public record Anomaly(Kind kind, String words) {
    /** What it is. */
    public enum Kind {
        /** An acknowledged write is not there any more, or was never there. */
        LOST,
        /** A linearizable read does not have what was there before it began. */
        STALE,
        /** One append is there twice. */
        DUPLICATED,
        /** Writes took effect in another order than they were made in. */
        REORDERED,
        /** Two reads saw histories of which neither continues the other: there were two lines of writes. */
        DIVERGED,
        /** A value that nobody wrote, that was refused, or that was read before it was written. */
        UNWRITTEN
    }

    public Anomaly {
        requireNonNull(kind, "kind is null");
        requireNonNull(words, "words is null");
    }

    @Override
    public String toString() {
        return kind + ": " + words;
    }
}
