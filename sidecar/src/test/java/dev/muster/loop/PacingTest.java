package dev.muster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Reason;
import dev.muster.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final Decision SHORT_WAIT = new Decision.Wait(Reason.CLONING, "copies", Duration.ofMillis(10));

    private final Pacing pacing = new Pacing();

    @Test
    void aWaitThatStaysTheSameGrowsToOneSecondAndNoFurther() {
        List<Duration> waits = new ArrayList<>();
        for (int cycle = 0; cycle < 30; cycle++) {
            waits.add(pacing.next(SHORT_WAIT, Optional.empty()));
        }

        assertThat(waits.getFirst()).isEqualTo(Duration.ofMillis(10));
        assertThat(waits).isSorted();
        assertThat(waits.get(10)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(waits.getLast()).isEqualTo(Pacing.LONGEST_WAIT);
    }

    @Test
    void anotherReasonBeginsAnew() {
        for (int cycle = 0; cycle < 30; cycle++) {
            pacing.next(SHORT_WAIT, Optional.empty());
        }

        Decision other = new Decision.Wait(Reason.AWAIT_PREDECESSOR, "in order", Duration.ofMillis(10));
        assertThat(pacing.next(other, Optional.empty())).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aRefusalAndASettledSetAreLookedAtSeldom() {
        assertThat(pacing.next(new Decision.Settled(Reason.SETTLED, "well"), Optional.empty()))
                .isEqualTo(Pacing.SETTLED);
        assertThat(pacing.next(new Decision.Refuse(Reason.FOREIGN_SET, "not ours"), Optional.empty()))
                .isEqualTo(Pacing.LONGEST_WAIT);
    }

    @Test
    void aWriteIsFollowedByALookAtOnceUnlessItDidNotTakeEffect() {
        Decision act = new Decision.Act(new Step.CreateRootUser(), Reason.ROOT_USER, "creates");

        assertThat(pacing.next(act, Optional.of(new Outcome.Done()))).isZero();
        assertThat(pacing.next(act, Optional.of(new Outcome.Stale("faster")))).isEqualTo(Pacing.AFTER_NOTHING);
        assertThat(pacing.next(act, Optional.of(new Outcome.Failed(1, "no")))).isEqualTo(Pacing.AFTER_NOTHING);
    }

    @Test
    void aWakeUpEndsASleepAndManyAreOne() throws InterruptedException {
        pacing.wake();
        pacing.wake();
        pacing.wake();
        long began = System.nanoTime();
        pacing.sleep(Pacing.SETTLED);
        Duration first = Duration.ofNanos(System.nanoTime() - began);
        pacing.sleep(Duration.ofMillis(10));
        Duration both = Duration.ofNanos(System.nanoTime() - began);

        assertThat(first).isLessThan(Pacing.SETTLED);
        assertThat(both.minus(first))
                .as("the other wake-ups were drained")
                .isGreaterThanOrEqualTo(Duration.ofMillis(9));
    }
}
