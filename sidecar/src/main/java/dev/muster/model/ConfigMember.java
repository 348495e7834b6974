package dev.muster.model;

import static java.util.Objects.requireNonNull;

/**
 * One member of a replica set's configuration: the fields that Muster decides by. All others stay in the server's
 * document, which a change edits and never rebuilds.
 *
 * @param joining whether Muster added it and it has not had its vote yet. Marked by the tag {@link #JOINING_TAG}: so a
 *     member whose vote a person took is told from one that is still to get it
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
    /** The tag on a member that Muster added and has not promoted yet. */
    public static final String JOINING_TAG = "musterJoining";

    public ConfigMember {
        requireNonNull(host, "host is null");
    }

    /** Whether other members may clone from it and applications read from it. */
    public boolean isPlain() {
        return !arbiterOnly && !hidden && !delayed;
    }
}
