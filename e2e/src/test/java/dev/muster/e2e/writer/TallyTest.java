package dev.muster.e2e.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void everyIdIsTriedOnceAndAFailedOneIsNamed() {
        tally.acknowledged(at(0));
        tally.failed("away");
        tally.acknowledged(at(10));

        Document report = tally.report(at(10), true);

        assertThat(report)
                .containsEntry("attempted", 3L)
                .containsEntry("acknowledged", 2L)
                .containsEntry("failed", List.of(1L))
                .containsEntry("errors", List.of("away"));
        assertThat(tally.nextId()).isEqualTo(3);
    }

    @Test
    void theLongestGapIsBetweenTwoAcknowledgedWrites() {
        tally.acknowledged(at(100));
        tally.acknowledged(at(105));
        tally.failed("away");
        tally.acknowledged(at(400));
        tally.acknowledged(at(402));

        assertThat(tally.report(at(402), true)).containsEntry("longestGapMillis", 295L);
    }

    @Test
    void aGapStillOpenCountsWhileItWrites() {
        tally.acknowledged(at(0));
        tally.acknowledged(at(5));

        assertThat(tally.report(at(9_005), false)).containsEntry("longestGapMillis", 9_000L);
        assertThat(tally.report(at(9_005), true))
                .as("after the end nothing is waited for")
                .containsEntry("longestGapMillis", 5L);
    }

    @Test
    void theTimeBeforeTheFirstWriteIsNoGap() {
        tally.failed("no primary yet");
        tally.acknowledged(at(60_000));

        assertThat(tally.report(at(60_001), true)).containsEntry("longestGapMillis", 0L);
    }

    @Test
    void tooManyFailuresEndTheWriting() {
        for (int i = 0; i < Tally.MOST_FAILURES; i++) {
            assertThat(tally.full()).isFalse();
            tally.failed("away");
        }

        assertThat(tally.full()).isTrue();
        assertThat(tally.report(at(0), true).getList("errors", String.class)).hasSize(20);
    }

    private static long at(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
