package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A running clone, as {@code replSetGetStatus {initialSync: 1}} reports it. The server leaves most of it empty in the
 * first half second.
 *
 * @param source the member that it copies from
 * @param failedAttempts how many attempts have failed; the server gives up after ten
 * @param copiedBytes 0 while nothing has been copied
 * @param totalBytes what it expects to copy
 * @param remaining the server's estimate
 * @param elapsed since the first attempt began
 */
public record InitialSync(
        Optional<HostAddress> source,
        int failedAttempts,
        long copiedBytes,
        OptionalLong totalBytes,
        Optional<Duration> remaining,
        Duration elapsed) {
    public InitialSync {
        requireNonNull(source, "source is null");
        requireNonNull(totalBytes, "totalBytes is null");
        requireNonNull(remaining, "remaining is null");
        requireNonNull(elapsed, "elapsed is null");
    }

    /** The part copied, 0 to 1; empty where the server does not know the total. */
    public Optional<Double> progress() {
        return totalBytes.isPresent() && totalBytes.getAsLong() > 0
                ? Optional.of(Math.min(1.0, (double) copiedBytes / totalBytes.getAsLong()))
                : Optional.empty();
    }

    /** Whether the server has followed the command to copy from there since {@code before}. */
    public boolean hasTakenUp(HostAddress ordered, InitialSync before) {
        return failedAttempts > before.failedAttempts || source.equals(Optional.of(ordered));
    }
}
