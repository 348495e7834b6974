package dev.muster.e2e;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Looks again and again, within a deadline, and says what it waited for. */
final class Wait {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private Wait() {}

    static void until(String sentence, Duration atMost, BooleanSupplier isSo) {
        until(sentence, atMost, BETWEEN, isSo);
    }

    static void until(String sentence, Duration atMost, Duration between, BooleanSupplier isSo) {
        Awaitility.await(sentence)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(between)
                .until(isSo::getAsBoolean);
    }

    /** The first value that is there. */
    static <T> T untilPresent(String sentence, Duration atMost, Supplier<Optional<T>> value) {
        List<T> found = new ArrayList<>();
        until(sentence, atMost, () -> {
            value.get().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    /** Until an assertion holds; its message is that of the failure. */
    static void untilAsserted(String sentence, Duration atMost, Runnable assertion) {
        requireNonNull(assertion, "assertion is null");
        Awaitility.await(sentence)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN)
                .untilAsserted(assertion::run);
    }

    /** Fails as soon as an assertion does, within a time in which it has to hold all along. */
    static void throughout(Duration time, Runnable assertion) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            assertion.run();
            sleep(BETWEEN);
        }
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
