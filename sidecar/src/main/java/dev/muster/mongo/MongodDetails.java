package dev.muster.mongo;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What changes slowly on a {@code mongod}, for metrics.
 *
 * @param version the server's, such as {@code 8.2.0}
 * @param fcv the feature compatibility version; the empty string where it could not be read
 * @param oplogWindow from the oldest to the newest entry
 * @param oplogSizeBytes what the oplog holds
 * @param oplogMaxSizeBytes what it may hold
 */
public record MongodDetails(
        String version,
        String fcv,
        Optional<Duration> oplogWindow,
        OptionalLong oplogSizeBytes,
        OptionalLong oplogMaxSizeBytes) {
    public MongodDetails {
        requireNonNull(version, "version is null");
        requireNonNull(fcv, "fcv is null");
        requireNonNull(oplogWindow, "oplogWindow is null");
        requireNonNull(oplogSizeBytes, "oplogSizeBytes is null");
        requireNonNull(oplogMaxSizeBytes, "oplogMaxSizeBytes is null");
    }
}
