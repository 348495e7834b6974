package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormingHeartbeatTest {
    @ParameterizedTest(name = "{0} members: {1} ms")
    @CsvSource({"1, 3", "2, 3", "3, 3", "4, 13", "5, 21", "7, 43", "45, 1981", "46, 2000", "50, 2000"})
    void theIntervalFollowsTheNumberOfMembers(int members, int millis) {
        assertThat(FormingHeartbeat.intervalMillis(members)).isEqualTo(millis);
    }

    @Test
    void aSetOfAnySizeSendsNoMoreThanItMay() {
        for (int members = 1; members <= SetConfig.MAX_MEMBERS; members++) {
            double perSecond = members * (members - 1) * 1000.0 / FormingHeartbeat.intervalMillis(members);

            assertThat(perSecond).as("%d members", members).isLessThanOrEqualTo(FormingHeartbeat.MOST_PER_SECOND);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 12, 20, 100, 500, 1000, 2000, 5000, 10000})
    void anOperatorsChoiceIsLeftAlone(int millis) {
        assertThat(FormingHeartbeat.isForming(millis)).isFalse();
    }

    @Test
    void whatMusterChoseIsKnownAgain() {
        for (int members = 1; members < 46; members++) {
            assertThat(FormingHeartbeat.isForming(FormingHeartbeat.intervalMillis(members)))
                    .isTrue();
        }
    }
}
