package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        assertThat(intended(true, 1).isStill(new SetRecord.Intended("this-pod", Set.of(2), true, Duration.ZERO)))
                .as("it is not known that the other holder was asked")
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
    void aFormedRecordIsStillTheSameWhenItHasGrownOlder() {
        Approval given = new Approval.NewSet("a", Instant.EPOCH);
        Approval again = new Approval.NewSet("a", Instant.EPOCH.plusSeconds(1));
        SetRecord seen = new SetRecord.Formed("a", given, Duration.ofSeconds(1));

        assertThat(new SetRecord.Formed("a", given, Duration.ofSeconds(9)).isStill(seen))
                .isTrue();
        assertThat(new SetRecord.Formed("a", again, Duration.ofSeconds(1)).isStill(seen))
                .as("withdrawn and given again")
                .isFalse();
        assertThat(new SetRecord.Formed("b", given).isStill(seen)).isFalse();
        assertThat(FORMED.isStill(seen)).isFalse();
    }

    @Test
    void aRecordWithoutASetIsStillTheSameWithTheSameApproval() {
        Approval given = new Approval.Seed(1, Optional.empty(), Instant.EPOCH);
        Approval again = new Approval.Seed(1, Optional.empty(), Instant.EPOCH.plusSeconds(1));
        SetRecord seen = new SetRecord.Absent(given, Duration.ofSeconds(1));
        SetRecord intended = new SetRecord.Intended("this-pod", Set.of(1), true, Duration.ZERO, given);

        assertThat(new SetRecord.Absent(given, Duration.ofSeconds(9)).isStill(seen))
                .isTrue();
        assertThat(new SetRecord.Absent(again, Duration.ZERO).isStill(seen)).isFalse();
        assertThat(ABSENT.isStill(seen)).isFalse();
        assertThat(seen.isStill(ABSENT)).isFalse();
        assertThat(new SetRecord.Intended("this-pod", Set.of(1), true, Duration.ofSeconds(9), given).isStill(intended))
                .isTrue();
        assertThat(new SetRecord.Intended("this-pod", Set.of(1), true, Duration.ZERO).isStill(intended))
                .isFalse();
    }

    @Test
    void anApprovalExpiresByEitherOfTwoClocks() {
        Instant given = Instant.EPOCH;
        Approval force = new Approval.ForceReconfig(new Approval.Incident("a", 1, 1, 0, List.of()), given);

        assertThat(force.isExpired(given, Duration.ZERO)).isFalse();
        assertThat(force.isExpired(given.plusSeconds(599), Duration.ofSeconds(599)))
                .isFalse();
        assertThat(force.isExpired(given.plusSeconds(600), Duration.ZERO)).isTrue();
        assertThat(force.isExpired(given, Duration.ofMinutes(10))).isTrue();
        assertThat(force.isExpired(given.minusSeconds(599), Duration.ZERO))
                .as("the other pod's clock is ahead")
                .isFalse();
        assertThat(force.isExpired(given.minusSeconds(600), Duration.ZERO)).isTrue();
        Approval newSet = new Approval.NewSet("a", given);
        assertThat(newSet.isExpired(given.plusSeconds(3599), Duration.ofSeconds(3599)))
                .isFalse();
        assertThat(newSet.isExpired(given.plusSeconds(3600), Duration.ZERO)).isTrue();
        assertThat(newSet.isExpired(given, Duration.ofHours(1))).isTrue();
        assertThat(new Approval.None().isExpired(given, Duration.ofDays(1))).isFalse();
    }

    @Test
    void aNewSetIsAllowedOnlyInPlaceOfTheRecordedOneAndForAnHour() {
        Approval given = new Approval.NewSet("a", Instant.EPOCH);

        assertThat(new SetRecord.Formed("a", given).allowsNewSet(Instant.EPOCH)).isTrue();
        assertThat(new SetRecord.Formed("b", given).allowsNewSet(Instant.EPOCH)).isFalse();
        assertThat(new SetRecord.Formed("a", given).allowsNewSet(Instant.EPOCH.plusSeconds(3600)))
                .isFalse();
        assertThat(new SetRecord.Formed("a").allowsNewSet(Instant.EPOCH)).isFalse();
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
        Approval approval = new Approval.NewSet("a", Instant.EPOCH);

        assertThat(new SetRecord.Formed("a", approval).holds(approval)).isTrue();
        assertThat(new SetRecord.Formed("a", approval).holds(new Approval.NewSet("b", Instant.EPOCH)))
                .isFalse();
        assertThat(FORMED.holds(approval)).isFalse();
        assertThat(ABSENT.holds(approval)).isFalse();
    }
}
