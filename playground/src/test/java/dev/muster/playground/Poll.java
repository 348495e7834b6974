package dev.muster.playground;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks again and again until something is so; fails after half a minute. */
final class Poll {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(5);

    private Poll() {}

    static void until(String sentence, BooleanSupplier isSo) {
        untilPresent(sentence, () -> isSo.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** The first value that is there. */
    static <T> T untilPresent(String sentence, Supplier<Optional<T>> value) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> present = value.get();
            if (present.isPresent()) {
                return present.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within %d s: %s".formatted(PATIENCE.toSeconds(), sentence));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
