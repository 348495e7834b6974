package dev.muster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Outcome;
import dev.muster.plan.Setback;
import dev.muster.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepHistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Step STEP = new Step.CreateRootUser();
    private static final Outcome FAILED = new Outcome.Failed(1, "no");

    private final StepHistory history = new StepHistory();
    private Instant now = START;

    /** Tries again as soon as it may; the pause after each try. */
    private List<Duration> tries(Outcome outcome, int count) {
        List<Duration> pauses = new ArrayList<>();
        for (int tried = 0; tried < count; tried++) {
            history.ended(STEP, outcome, now);
            Duration pause = history.at(now).of(STEP).map(Setback::left).orElse(Duration.ZERO);
            pauses.add(pause);
            now = now.plus(pause);
            assertThat(history.at(now).of(STEP)).as("it may be tried again").isEmpty();
        }
        return pauses;
    }

    @Test
    void aStepThatFailsStandsAsideLongerAndLongerUpToHalfAMinute() {
        List<Duration> pauses = tries(FAILED, 20);

        assertThat(pauses.getFirst()).isEqualTo(Duration.ofMillis(500));
        assertThat(pauses).isSorted();
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aStepWhosePreconditionNoLongerHeldIsLookedAtSoon() {
        List<Duration> pauses = tries(new Outcome.Stale("faster"), 40);

        assertThat(pauses.getFirst()).isEqualTo(Duration.ofMillis(10));
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aStepThatIsDoneAndWantedAgainAtOnceIsMadeOnceMoreAndThenStandsAside() {
        assertThat(tries(new Outcome.Done(), 4))
                .containsExactly(
                        Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(800), Duration.ofMillis(1280));
    }

    @Test
    void aStepThatIsWantedAgainLaterIsNew() {
        tries(new Outcome.Done(), 1);
        now = now.plusSeconds(6);

        assertThat(tries(new Outcome.Done(), 1)).containsExactly(Duration.ZERO);
        tries(FAILED, 5);
        now = now.plusSeconds(60);
        assertThat(tries(FAILED, 1)).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void anotherStepIsNotHeldUp() {
        history.ended(STEP, FAILED, now);

        assertThat(history.at(now).of(new Step.UpdateRootPassword())).isEmpty();
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        tries(FAILED, 10);
        history.ended(STEP, FAILED, now);

        assertThat(history.at(now.minusSeconds(3600)).of(STEP)).isEmpty();
    }
}
