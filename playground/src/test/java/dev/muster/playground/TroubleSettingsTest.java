package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleSettingsTest {
    @Test
    void twoMinutesOfAFixedSeedUnlessToldOtherwise() {
        TroubleSettings settings = TroubleSettings.read(new Properties());
        assertThat(settings.length()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.seed()).isEqualTo(1);
        assertThat(settings.plan()).isEqualTo(TroublePlan.draw(1, Duration.ofMinutes(2)));
    }

    @Test
    void anotherSeedForAnotherTime() {
        TroubleSettings settings = read("30m", "7");
        assertThat(settings.plan()).isEqualTo(TroublePlan.draw(7, Duration.ofMinutes(30)));
        assertThat(read("1h", "7").length()).isEqualTo(Duration.ofHours(1));
        assertThat(read("90s", "7").length()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void deedsThatAreGivenTakeThePlaceOfThoseOfTheSeed() {
        Properties properties = properties("20s", "7");
        properties.setProperty("muster.trouble.deeds", "8:kill-mongod:primary:2,50:kill-sidecar:1:10");
        TroubleSettings settings = TroubleSettings.read(properties);
        assertThat(settings.plan().members()).isEqualTo(TroublePlan.members(7));
        assertThat(settings.plan().deeds()).hasSize(2);
        assertThat(settings.length()).as("until the last is over").isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.replay())
                .endsWith("-Dmuster.trouble=60s -Dmuster.trouble.seed=7"
                        + " -Dmuster.trouble.deeds=8:kill-mongod:primary:2,50:kill-sidecar:1:10");
    }

    @ParameterizedTest
    @CsvSource({"2", "2 m", "-2m", "m", "1.5h", "100000s", "19s", "25h"})
    void whatIsNoDurationIsNamedWithWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(text, "1"))
                .withMessage("muster.trouble: \"" + text + "\" is not possible; write a whole number and s, m or h,"
                        + " such as 90s, 30m or 1h, from 20s to 24h");
    }

    @Test
    void whatIsNoSeedIsNamedWithWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("2m", "seven"))
                .withMessage("muster.trouble.seed: \"seven\" is not possible; write a whole number, such as 7");
    }

    @Test
    void whatIsNoDeedIsNamedWithItsProperty() {
        Properties properties = properties("2m", "1");
        properties.setProperty("muster.trouble.deeds", "soon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TroubleSettings.read(properties))
                .withMessageStartingWith("muster.trouble.deeds: \"soon\" is not a deed; write");
    }

    private static TroubleSettings read(String length, String seed) {
        return TroubleSettings.read(properties(length, seed));
    }

    private static Properties properties(String length, String seed) {
        Properties properties = new Properties();
        properties.setProperty("muster.trouble", length);
        properties.setProperty("muster.trouble.seed", seed);
        return properties;
    }
}
