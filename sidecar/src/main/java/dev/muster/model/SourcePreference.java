package dev.muster.model;

/** Which members a server chooses to clone from by itself: its {@code initialSyncSourceReadPreference}. */
public enum SourcePreference {
    /** Any member near. The server's default prefers the primary. */
    ANY,
    /** A secondary, or the primary where it knows of no secondary. */
    SECONDARY_PREFERRED,
    /**
     * Secondaries only. When {@code replSetSyncFrom} names a member that is the primary by the time at which the server
     * looks, such a server aborts (8.2.0).
     */
    SECONDARY_ONLY
}
