package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of which record a write may be made: what compare-and-set compares. */
class SetRecordTest {
    private static final SetRecord ABSENT = new SetRecord.Absent();
    private static final SetRecord UNAVAILABLE = new SetRecord.Unavailable("away");
    private static final SetRecord NOT_KEPT = new SetRecord.NotKept();
    private static final SetRecord FORMED = new SetRecord.Formed("a");

    private static SetRecord intended(boolean byUs, int seconds) {
        return new SetRecord.Intended(byUs ? "this-pod" : "another-pod", byUs, Duration.ofSeconds(seconds));
    }

    @Test
    void anIntentIsStillTheSameWhenItHasGrownOlder() {
        assertThat(intended(true, 9).isStill(intended(true, 1))).isTrue();
        assertThat(intended(false, 1).isStill(intended(false, 9))).isTrue();
        assertThat(intended(true, 1).isStill(intended(false, 1))).isFalse();
        assertThat(intended(false, 1).isStill(new SetRecord.Intended("a-third-pod", false, Duration.ofSeconds(16))))
                .as("two others are not the same")
                .isFalse();
    }

    @Test
    void anyOtherRecordIsStillTheSameWhenItIsEqual() {
        assertThat(ABSENT.isStill(new SetRecord.Absent())).isTrue();
        assertThat(FORMED.isStill(new SetRecord.Formed("a"))).isTrue();
        assertThat(FORMED.isStill(new SetRecord.Formed("b"))).isFalse();
        assertThat(intended(true, 1).isStill(ABSENT)).isFalse();
        assertThat(ABSENT.isStill(intended(true, 1))).isFalse();
    }

    @Test
    void aSetIsWrittenDownOnlyWhereNoneIs() {
        assertThat(ABSENT.mayBecomeFormed()).isTrue();
        assertThat(intended(false, 1).mayBecomeFormed()).isTrue();
        assertThat(FORMED.mayBecomeFormed()).isFalse();
        assertThat(UNAVAILABLE.mayBecomeFormed()).isFalse();
        assertThat(NOT_KEPT.mayBecomeFormed()).isFalse();
    }

    @Test
    void aRecordIsOfTheSetThatItNames() {
        assertThat(FORMED.isOf("a")).isTrue();
        assertThat(FORMED.isOf("b")).isFalse();
        assertThat(ABSENT.isOf("a")).isFalse();
    }

    @Test
    void anApprovalHoldsWhileItStandsThere() {
        Approval approval = new Approval.NewSet("a");

        assertThat(new SetRecord.Formed("a", approval).holds(approval)).isTrue();
        assertThat(new SetRecord.Formed("a", approval).holds(new Approval.NewSet("b")))
                .isFalse();
        assertThat(FORMED.holds(approval)).isFalse();
        assertThat(ABSENT.holds(approval)).isFalse();
    }
}
