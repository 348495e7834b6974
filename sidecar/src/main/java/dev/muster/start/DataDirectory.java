package dev.muster.start;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the sidecar can see of {@code mongod}'s data directory before {@code mongod} has started. */
public enum DataDirectory {
    /** No {@code mongod} has ever started on it. */
    EMPTY("is empty"),
    /** A {@code mongod} has started on it. That does not prove that it has a set's data: a clone may have been cut off. */
    USED("has been used"),
    /** It is not mounted into the sidecar, or cannot be read. */
    UNKNOWN("is not known");

    /** The storage engine makes it first, and never removes it. A new volume may hold other names, as lost+found. */
    private static final String FIRST_FILE = "WiredTiger";

    private final String words;

    DataDirectory(String words) {
        this.words = words;
    }

    /** Looks at it now. */
    public static DataDirectory of(Optional<Path> directory) {
        Optional<Path> readable = directory.filter(Files::isDirectory).filter(Files::isReadable);
        if (readable.isEmpty()) {
            return UNKNOWN;
        }
        Path first = readable.orElseThrow().resolve(FIRST_FILE);
        if (Files.exists(first)) {
            return USED;
        }
        return Files.notExists(first) ? EMPTY : UNKNOWN;
    }

    /** To stand after "the data directory". */
    public String words() {
        return words;
    }
}
