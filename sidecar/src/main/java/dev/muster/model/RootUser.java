package dev.muster.model;

/** How the root user on the server compares with the files that name it. */
public enum RootUser {
    /** No files were given, so Muster does not manage a root user. */
    NOT_KEPT,
    /** This member is not the primary, or could not be asked. */
    UNKNOWN,
    MISSING,
    PASSWORD_DIFFERS,
    /** A user of that name has another password and not the role root: somebody else made it, and may be using it. */
    ANOTHERS,
    AS_THE_FILES_SAY
}
