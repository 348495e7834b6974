package dev.muster.sim.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened, line by line, for a person who reads it; and as one number, by which two runs are compared. */
public final class Transcript {
    private final Scheduler scheduler;
    private final List<String> lines = new ArrayList<>();
    private long digest = 17;

    public Transcript(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Notes what happened now. */
    public void note(String who, String what) {
        digest = 31 * (31 * (31 * digest + scheduler.elapsed().toNanos()) + who.hashCode()) + what.hashCode();
        lines.add(String.format(
                Locale.ROOT, "%10.3f  %-10s %s", scheduler.elapsed().toNanos() / 1e9, who, what));
    }

    /** All lines so far, each with its time in seconds. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Of all lines and of how many events there were between them. */
    public long digest() {
        return 31 * digest + scheduler.events();
    }
}
