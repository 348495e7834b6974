package dev.muster.model;

import static java.util.Objects.requireNonNull;

/**
 * One member of a replica set's configuration: the fields that Muster decides by. All others stay in the server's
 * document, which a change edits and never rebuilds.
 *
 * @param joining whether Muster is to give it its vote: it added the member, or took the vote for a scale-down or an
 *     approved force. Marked by the tag {@link #JOINING_TAG}, which tells it from a member whose vote an operator took
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
    /** The tag on a member that is to get its vote from Muster, when it has caught up. */
    public static final String JOINING_TAG = "musterJoining";

    public ConfigMember {
        requireNonNull(host, "host is null");
    }

    /** Whether other members may clone from it and applications read from it. */
    public boolean isPlain() {
        return !arbiterOnly && !hidden && !delayed;
    }
}
