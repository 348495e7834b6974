package dev.muster.tell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Reason;
import dev.muster.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final DecisionLog log = new DecisionLog();

    @Test
    void tellsAChangeOnce() {
        for (int second = 0; second < 100; second++) {
            log.tell(new Decision.Settled(Reason.SETTLED, "all well"), Optional.empty(), START.plusSeconds(second));
        }

        assertThat(log.history()).hasSize(1);
    }

    @Test
    void tellsProgressEveryTenSeconds() {
        for (int second = 0; second < 30; second++) {
            log.tell(
                    new Decision.Wait(Reason.CLONING, second + " % done", Duration.ofMillis(10)),
                    Optional.empty(),
                    START.plusSeconds(second));
        }

        assertThat(log.history())
                .extracting(change -> change.decision().message())
                .containsExactly("20 % done", "10 % done", "0 % done");
    }

    @Test
    void tellsEveryWriteButAFailureThatRepeatsOnlyNowAndThen() {
        Decision act = new Decision.Act(new Step.CreateRootUser(), Reason.ROOT_USER, "creates the root user");
        for (int second = 0; second < 20; second++) {
            log.tell(act, Optional.of(new Outcome.Failed(1, "no")), START.plusSeconds(second));
        }
        log.tell(act, Optional.of(new Outcome.Done()), START.plusSeconds(20));
        log.tell(act, Optional.of(new Outcome.Done()), START.plusSeconds(20));

        assertThat(log.history())
                .extracting(change -> change.outcome().orElseThrow().words())
                .containsExactly("done", "done", "failed: no", "failed: no");
    }

    @Test
    void keepsTheLastFifty() {
        for (int second = 0; second < 200; second++) {
            Reason reason = second % 2 == 0 ? Reason.SETTLED : Reason.FOLLOWING;
            log.tell(new Decision.Settled(reason, "number " + second), Optional.empty(), START.plusSeconds(second));
        }

        assertThat(log.history()).hasSize(CycleReport.HISTORY_LENGTH);
        assertThat(log.history().getFirst().decision().message()).isEqualTo("number 199");
    }
}
