package dev.muster.playground.bench;

import dev.muster.playground.PlaygroundException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting by looking again and again, with an end. */
final class Poll {
    /** Short against what is measured; a {@code hello} takes about 1 ms of a core. */
    static final Duration INTERVAL = Duration.ofMillis(5);

    /** Above the longest that anything here takes: an election of 11 s on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Poll() {}

    /** Returns when it is true; throws with what was awaited when that takes longer than {@link #PATIENCE}. */
    static void until(String awaited, BooleanSupplier condition) {
        forValue(awaited, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** The first value that there is, as {@link #until}. */
    static <T> T forValue(String awaited, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> value = look.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new PlaygroundException("waited " + PATIENCE.toSeconds() + " s in vain: " + awaited);
            }
            sleep(INTERVAL);
        }
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlaygroundException("interrupted", e);
        }
    }
}
