package dev.muster.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of events, and code that blocks. */
class SchedulerTest {
    private final Scheduler scheduler = new Scheduler(1);
    private final List<String> seen = new ArrayList<>();

    private void note(String what) {
        seen.add(scheduler.elapsed().toMillis() + " " + what);
    }

    @Test
    void eventsHappenInTheOrderOfTheirTimesAndThenOfTheirMaking() {
        scheduler.after(Duration.ofMillis(2), () -> note("c"));
        scheduler.after(Duration.ofMillis(1), () -> note("a"));
        scheduler.after(Duration.ofMillis(1), () -> note("b"));
        scheduler.run(Duration.ofMillis(1));
        assertThat(seen).containsExactly("1 a", "1 b");
        scheduler.run(Duration.ofMillis(9));
        assertThat(seen).containsExactly("1 a", "1 b", "2 c");
        assertThat(scheduler.elapsed()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void fibersTakeTurns() {
        for (String name : List.of("one", "two")) {
            scheduler.start(name, () -> {
                for (int turn = 0; turn < 2; turn++) {
                    note(name);
                    scheduler.pause(Duration.ofMillis(5));
                }
            });
        }
        scheduler.run(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("0 one", "0 two", "5 one", "5 two");
    }

    @Test
    void aKilledFiberDoesNothingMoreAndItsFinallyRuns() {
        Fiber fiber = scheduler.start("victim", () -> {
            try {
                scheduler.pause(Duration.ofMillis(5));
                note("never");
            } finally {
                note("finally");
            }
        });
        scheduler.after(Duration.ofMillis(3), fiber::kill);
        scheduler.run(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("3 finally");
        assertThat(fiber.isEnded()).isTrue();
    }

    @Test
    void oneFiberKillsAnotherAndGoesOn() {
        Fiber victim = scheduler.start("victim", () -> {
            scheduler.pause(Duration.ofMillis(5));
            note("never");
        });
        scheduler.start("killer", () -> {
            scheduler.pause(Duration.ofMillis(1));
            victim.kill();
            scheduler.pause(Duration.ofMillis(1));
            note("killer");
        });
        scheduler.run(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("2 killer");
    }

    @Test
    void aFrozenFiberGoesOnWhenItIsThawed() {
        Fiber fiber = scheduler.start("frozen", () -> {
            scheduler.pause(Duration.ofMillis(5));
            note("on");
        });
        scheduler.after(Duration.ofMillis(1), fiber::freeze);
        scheduler.after(Duration.ofMillis(60), fiber::thaw);
        scheduler.run(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("60 on");
    }

    @Test
    void aSignalEndsAWaitOnceAndAnOldTimerEndsNoLaterOne() {
        Signal signal = new Signal(scheduler);
        scheduler.start("waiter", () -> {
            signal.await(Duration.ofMillis(10));
            note("first");
            signal.await(Duration.ofMillis(30));
            note("second");
        });
        scheduler.after(Duration.ofMillis(4), signal::raise);
        scheduler.run(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("4 first", "34 second");
    }

    @Test
    void whatAFiberThrowsReachesTheTest() {
        scheduler.start("bug", () -> {
            throw new IllegalStateException("a bug");
        });
        assertThatThrownBy(() -> scheduler.run(Duration.ofSeconds(1))).hasMessage("a bug");
    }
}
