package dev.muster.playground;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happened to a set and when, printed as it happens. Any thread. */
final class Diary {
    private final long start = System.nanoTime();
    private final List<String> lines = new ArrayList<>();

    Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    synchronized void write(String format, Object... values) {
        String line = "%8.1f  %s".formatted(now().toMillis() / 1000.0, format.formatted(values));
        lines.add(line);
        System.out.println(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
