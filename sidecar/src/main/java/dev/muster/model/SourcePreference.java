package dev.muster.model;

/** Whom a server chooses to clone from when it is left alone: its {@code initialSyncSourceReadPreference}. */
public enum SourcePreference {
    /** Anybody near; the server's default puts the primary first. */
    ANY,
    /** A secondary, or the primary where it knows of no secondary. */
    SECONDARY_PREFERRED,
    /** A secondary or nobody: the primary has to be named by {@code replSetSyncFrom}. */
    SECONDARY_ONLY
}
