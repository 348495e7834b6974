package dev.muster.model;

import static java.util.Objects.requireNonNull;

/**
 * One member of a replica set's configuration: the fields that Muster needs for its decisions. All others stay in the
 * server's document, which a change edits and never rebuilds.
 *
 * @param joining whether Muster promotes it: Muster added the member, or took its vote for a scale-down or an approved
 *     forced reconfiguration. Marked by the tag {@link #JOINING_TAG}; without the tag an operator took the vote
 */
public record ConfigMember(
        int id,
        HostAddress host,
        int votes,
        double priority,
        boolean arbiterOnly,
        boolean hidden,
        boolean delayed,
        boolean joining) {
    /** The tag on a member that Muster promotes once it has caught up. */
    public static final String JOINING_TAG = "musterJoining";

    public ConfigMember {
        requireNonNull(host, "host is null");
    }

    /** Whether other members may clone from it and applications read from it. */
    public boolean isPlain() {
        return !arbiterOnly && !hidden && !delayed;
    }
}
