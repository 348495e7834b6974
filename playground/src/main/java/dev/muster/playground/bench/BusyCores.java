package dev.muster.playground.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Other work on the machine: threads that compute all the time, until it is closed. */
final class BusyCores implements AutoCloseable {
    /** It ends by itself too, whatever becomes of who started it. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** @param cores how many are busy; 0 for none */
    BusyCores(int cores) {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int core = 0; core < cores; core++) {
            threads.add(Thread.ofPlatform().daemon().name("busy core " + core).start(() -> {
                while (!closed && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }));
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
