package dev.muster.sim.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time, the order and the chance of a simulation. Everything that happens is an event in one queue, ordered by time
 * and, within the same time, by the order in which they were put there; and all chance comes from one seed. So a seed
 * gives the same run each time, on every machine.
 *
 * <p>Code that blocks runs in a {@link Fiber}: a thread that runs only while the scheduler waits for it, so that
 * never more than one thread of a simulation runs at a time.
 */
public final class Scheduler {
    /** When every simulation begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Event(long at, long sequence, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final List<Runnable> afterEach = new ArrayList<>();
    private final Random random;
    private long nowNanos;
    private long sequence;
    private long events;
    private @Nullable Fiber running;

    public Scheduler(long seed) {
        this.random = new Random(seed);
    }

    /** The only source of chance. */
    public Random random() {
        return random;
    }

    /** True with that probability. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Evenly between two times, both included. */
    public Duration between(Duration least, Duration most) {
        long span = most.toNanos() - least.toNanos();
        return least.plusNanos(span == 0 ? 0 : random.nextLong(span + 1));
    }

    /** Since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(nowNanos);
    }

    /** The true time, which no clock of a machine need show. */
    public Instant now() {
        return START.plusNanos(nowNanos);
    }

    /** A clock that shows the true time. */
    public Clock clock() {
        return clock(() -> Duration.ZERO);
    }

    /** The clock of a machine that is wrong by as much as {@code error} says at the moment. */
    public Clock clock(Supplier<Duration> error) {
        InstantSource source = () -> now().plus(error.get());
        return source.withZone(ZoneOffset.UTC);
    }

    /** How many events have happened. */
    public long events() {
        return events;
    }

    /** Has something happen after a while. It must not block, nor {@link #pause}. */
    public void after(Duration delay, Runnable what) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("an event cannot happen in the past: " + delay);
        }
        queue.add(new Event(nowNanos + delay.toNanos(), sequence++, what));
    }

    /** Has something looked at after each event, such as what must always hold. */
    public void afterEach(Runnable look) {
        afterEach.add(look);
    }

    /** Starts code that may {@link #pause}, as an event of its own. */
    public Fiber start(String name, Runnable body) {
        Fiber fiber = new Fiber(this, name, body);
        after(Duration.ZERO, fiber.next());
        return fiber;
    }

    /**
     * Lets time pass: in a fiber, gives way to everybody else until then. Outside of one (a test that looks at the
     * simulation from outside) what is due until then happens.
     *
     * @throws Fiber.Killed when the fiber was killed meanwhile
     */
    public void pause(Duration time) {
        Fiber fiber = running;
        if (fiber == null) {
            run(time);
            return;
        }
        after(time, fiber.next());
        fiber.giveWay();
    }

    /** Has everything happen that is due within that time. */
    public void run(Duration time) {
        long until = nowNanos + time.toNanos();
        while (!queue.isEmpty() && queue.peek().at() <= until) {
            Event event = queue.remove();
            nowNanos = event.at();
            events++;
            event.what().run();
            afterEach.forEach(Runnable::run);
        }
        nowNanos = until;
    }

    /** The fiber that runs now; null while an event runs, or nothing does. */
    @Nullable
    public Fiber running() {
        return running;
    }

    void nowRunning(@Nullable Fiber fiber) {
        running = fiber;
    }
}
