package dev.muster.tell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.plan.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When Kubernetes is told, and told again. */
class AnnouncementTest {
    private static final Outcome FORBIDDEN = new Outcome.Failed(403, "forbidden");

    private final List<String> writes = new ArrayList<>();
    private Outcome answer = new Outcome.Done();
    private final Announcement announcement = new Announcement(answering());

    /** Answers every write alike and notes it; no other method is asked. */
    private Kubernetes answering() {
        return (Kubernetes) Proxy.newProxyInstance(
                Kubernetes.class.getClassLoader(), new Class<?>[] {Kubernetes.class}, (_, method, arguments) -> {
                    if (!method.getName().equals("event")) {
                        writes.add(
                                arguments == null
                                        ? method.getName()
                                        : method.getName() + " " + arguments[arguments.length - 1]);
                    }
                    return answer;
                });
    }

    private Duration tell(CycleReport state, Duration at) {
        return announcement.tell(state, at.toNanos());
    }

    @Test
    void aRoleIsToldOnceAndAgainAfterAMinute() {
        assertThat(tell(CycleReports.healthy(), Duration.ZERO)).isEqualTo(Duration.ofSeconds(60));
        assertThat(writes).containsExactly("publishPrimary 2", "label primary");
        assertThat(tell(CycleReports.healthy(), Duration.ofSeconds(59))).isEqualTo(Duration.ofSeconds(1));
        assertThat(writes).hasSize(2);
        tell(CycleReports.healthy(), Duration.ofSeconds(60));
        assertThat(writes).hasSize(4);
    }

    @Test
    void aRefusedWriteIsTriedLessAndLessOften() {
        answer = FORBIDDEN;
        List<Long> waits = new ArrayList<>();
        Duration now = Duration.ZERO;
        for (int tries = 0; tries < 8; tries++) {
            Duration wait = tell(CycleReports.healthy(), now);
            waits.add(wait.toSeconds());
            tell(CycleReports.healthy(), now.plus(wait).minusMillis(1));
            now = now.plus(wait);
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(writes).as("two of each try, none in between").hasSize(16);
    }

    @Test
    void aNewRoleIsToldAtOnceWhateverFailedBefore() {
        answer = FORBIDDEN;
        tell(CycleReports.healthy(), Duration.ZERO);
        tell(CycleReports.healthy(), Duration.ofSeconds(1));
        answer = new Outcome.Done();
        assertThat(tell(CycleReports.healthySecondary(), Duration.ofMillis(1001)))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(writes).endsWith("withdrawPrimary", "label secondary");
    }

    @Test
    void whatSucceededAfterFailuresIsRepeatedAfterAMinuteOnly() {
        answer = FORBIDDEN;
        tell(CycleReports.healthy(), Duration.ZERO);
        answer = new Outcome.Done();
        assertThat(tell(CycleReports.healthy(), Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(60));
    }
}
