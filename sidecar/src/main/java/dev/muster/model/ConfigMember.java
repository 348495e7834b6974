package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * One member of a replica set's configuration: the fields that Muster needs for its decisions. All others stay in the
 * server's document, which a change edits and never rebuilds.
 *
 * @param delay how far it stays behind on purpose: {@code secondaryDelaySecs}
 * @param joining whether Muster promotes it: Muster added the member, or took its vote for a scale-down or an approved
 *     forced reconfiguration, or because it had lost its data. Marked by the tag {@link #JOINING_TAG}; without the tag
 *     an operator took the vote
 * @param emptied the id of the {@code mongod} process that had lost its data when Muster took its vote; it stays when
 *     that process gets the vote back, until it has the data again. The tag {@link #EMPTIED_TAG}
 */
public record ConfigMember(
        int id,
        HostAddress host,
        int votes,
        double priority,
        boolean arbiterOnly,
        boolean hidden,
        Duration delay,
        boolean joining,
        Optional<String> emptied) {
    /** The tag on a member that lost its data, and whose vote Muster took until it can do no harm. */
    public static final String EMPTIED_TAG = "musterEmptied";

    /** The tag on a member that Muster promotes once it has caught up. */
    public static final String JOINING_TAG = "musterJoining";

    public ConfigMember {
        requireNonNull(host, "host is null");
        requireNonNull(delay, "delay is null");
        requireNonNull(emptied, "emptied is null");
    }

    /** One that has not lost its data. */
    public ConfigMember(
            int id,
            HostAddress host,
            int votes,
            double priority,
            boolean arbiterOnly,
            boolean hidden,
            Duration delay,
            boolean joining) {
        this(id, host, votes, priority, arbiterOnly, hidden, delay, joining, Optional.empty());
    }

    public boolean delayed() {
        return delay.isPositive();
    }

    /** Whether it may become primary. Only a voter can have a priority. */
    public boolean isElectable() {
        return priority > 0;
    }

    /** Whether other members may clone from it and applications read from it. */
    public boolean isPlain() {
        return !arbiterOnly && !hidden && !delayed();
    }
}
