package dev.muster.playground;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One line on standard error when something takes longer than a person waits without asking. */
final class Progress {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Progress() {}

    /** A piece of work that may fail. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work, and prints the line if it takes more than two seconds. */
    static <T> T during(String line, Work<T> work) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                if (!done.await(PATIENCE.toMillis(), MILLISECONDS)) {
                    System.err.println(line);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return work.run();
        } finally {
            done.countDown();
        }
    }
}
