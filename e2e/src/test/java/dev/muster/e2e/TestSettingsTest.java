package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSettingsTest {
    @Test
    void aLengthHasAUnit() {
        assertThat(TestSettings.length("trouble", "90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(TestSettings.length("trouble", "10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(TestSettings.length("trouble", "1h")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "m", "0m", "59s", "25h", "1.5h", "-1m", "999999999h", "10 m"})
    void anotherOneIsRefused(String text) {
        assertThatThrownBy(() -> TestSettings.length("trouble", text))
                .hasMessage(
                        "-Dmuster.e2e.trouble=%s: allowed is a whole number of seconds, minutes or hours from 1m to"
                                + " 24h, such as 90s, 10m or 1h",
                        text);
    }
}
