package dev.muster.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code --start-dir} asks for: {@code mongod} begins when its sidecar says so.
 *
 * @param directory where Muster writes what {@code mongod} needs; {@code mongod}'s container reads it
 * @param dataDirectory {@code mongod}'s data directory as the sidecar sees it; empty when it is not mounted there
 */
public record StartOrder(Path directory, Optional<Path> dataDirectory) {
    public StartOrder {
        requireNonNull(directory, "directory is null");
        requireNonNull(dataDirectory, "dataDirectory is null");
    }

    /** What {@code mongod}'s {@code --keyFile} names. */
    public Path keyfile() {
        return directory.resolve("keyfile");
    }

    /** What {@code mongod}'s {@code --config} names. */
    public Path mongodConfig() {
        return directory.resolve("mongod.conf");
    }

    /** The file that {@code mongod}'s container waits for. */
    public Path start() {
        return directory.resolve("start");
    }
}
