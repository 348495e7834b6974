package dev.muster.loop;

import dev.muster.plan.Outcome;
import dev.muster.plan.Setback;
import dev.muster.plan.Setbacks;
import dev.muster.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the last steps ended. A step that does not take effect gives way to all others, for longer and longer. The
 * history is lost with the process, which costs one more try of each step. One thread only.
 */
final class StepHistory {
    /** After a step whose precondition no longer held: another process was faster, or a watch is late. */
    private static final Pause STALE = new Pause(Duration.ofMillis(10), Duration.ofSeconds(1), 1.3);

    /** After a step that failed, or that took effect and is needed again at once. */
    private static final Pause FAILED = new Pause(Duration.ofMillis(500), Duration.ofSeconds(30), 1.6);

    /** A step that is needed again within this time after its last pause had no effect, or still fails. */
    private static final Duration IN_A_ROW = Duration.ofSeconds(5);

    /** Above the most steps that there can be: 50 members that all fail to join. */
    private static final int MOST_STEPS = 64;

    private record Pause(Duration first, Duration longest, double growth) {
        Duration after(int times) {
            double millis = first.toMillis() * Math.pow(growth, Math.max(0, times - 1));
            return Duration.ofMillis((long) Math.min(millis, (double) longest.toMillis()));
        }
    }

    private record Entry(int times, Outcome last, Duration pause, Instant at) {
        Duration left(Instant now) {
            Duration left = Duration.between(now, at.plus(pause));
            // A clock that was set back must not delay a step.
            return left.isNegative() || left.compareTo(pause) > 0 ? Duration.ZERO : left;
        }

        boolean isOver(Instant now) {
            return left(now).isZero() && Duration.between(at, now).abs().compareTo(pause.plus(IN_A_ROW)) > 0;
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    void ended(Step step, Outcome outcome, Instant now) {
        entries.values().removeIf(entry -> entry.isOver(now));
        Entry before = entries.remove(step.identity());
        int times = before != null && before.last().getClass() == outcome.getClass() ? before.times() + 1 : 1;
        Duration pause = switch (outcome) {
            case Outcome.Stale stale -> STALE.after(times);
            case Outcome.Failed failed -> FAILED.after(times);
            // A step that took effect is needed once more if a watch is late.
            case Outcome.Done done -> times == 1 ? Duration.ZERO : FAILED.after(times - 1);
        };
        entries.put(step.identity(), new Entry(times, outcome, pause, now));
        if (entries.size() > MOST_STEPS) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    Setbacks at(Instant now) {
        SortedMap<String, Setback> aside = new TreeMap<>();
        entries.forEach((step, entry) -> {
            Duration left = entry.left(now);
            if (!left.isZero()) {
                aside.put(step, new Setback(entry.times(), entry.last(), entry.pause(), left));
            }
        });
        return new Setbacks(aside);
    }
}
