package dev.muster.model;

/** Whom a server chooses to clone from when it is left alone: its {@code initialSyncSourceReadPreference}. */
public enum SourcePreference {
    /** Anybody near; the server's default puts the primary first. */
    ANY,
    /** A secondary, or the primary where it knows of no secondary. */
    SECONDARY_PREFERRED,
    /**
     * Secondaries only. When {@code replSetSyncFrom} names a member that is the primary by the time at which the server
     * looks, such a server aborts (8.2.0).
     */
    SECONDARY_ONLY
}
