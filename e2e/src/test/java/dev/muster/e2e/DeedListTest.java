package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeedListTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void theSameSeedGivesTheSameList() {
        assertThat(DeedList.draw(7, TEN_MINUTES)).isEqualTo(DeedList.draw(7, TEN_MINUTES));
        assertThat(DeedList.draw(7, TEN_MINUTES)).isNotEqualTo(DeedList.draw(8, TEN_MINUTES));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, -1, Long.MAX_VALUE})
    void whatIsPrintedIsReadAgain(long seed) {
        DeedList drawn = DeedList.draw(seed, Duration.ofHours(1));

        assertThat(DeedList.parse(drawn.toString())).isEqualTo(drawn);
        assertThat(drawn.deeds()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(drawn.deeds().getLast().at()).isLessThan(Duration.ofHours(1));
    }

    @Test
    void everyKindComesInTenMinutes() {
        assertThat(DeedList.draw(1, TEN_MINUTES).deeds().stream()
                        .map(Deed::kind)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(DeedKind.values()).toList());
    }

    @Test
    void aScaleIsToAnotherNumberThanThereIs() {
        int replicas = Deed.ALWAYS;
        for (Deed deed : DeedList.draw(3, Duration.ofHours(3)).deeds()) {
            if (deed.kind() == DeedKind.SCALE) {
                assertThat(deed.number())
                        .hasValueSatisfying(number -> assertThat(number).isBetween(3, 5));
                assertThat(deed.number().orElseThrow()).isNotEqualTo(replicas);
                replicas = deed.lasting().isPresent() ? replicas : deed.number().orElseThrow();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            value = {
                "cut mongo-1 for 20s            ^ is no deed",
                "12s                            ^ is no deed",
                "12s cut mongo-1 for ever       ^ is no deed",
                "12s explode                    ^ the kinds are cut, crash,",
                "12s cut for 20s                 ^ cut is for primary|mongo-[0-2]",
                "12s cut 3 for 20s               ^ cut is for primary|mongo-[0-2]",
                "12s cut mongo-3 for 20s         ^ cut is for primary|mongo-[0-2]",
                "12s cut mongo-1                 ^ cut needs a time, such as `for 20s`",
                "12s cut mongo-1 for 46s         ^ cut lasts for 45 s at most",
                "12s kill-mongod primary for 2s ^ kill-mongod does not last",
                "12s scale 6                    ^ scale is for [3-5]",
                "12s scale primary              ^ scale is for [3-5]",
                "12s dip 3                      ^ dip needs a time, such as `for 20s`",
                "12s roll-out mongo-1           ^ roll-out is for the whole set and names nothing"
            })
    void whatIsWrongIsSaid(String text, String message) {
        assertThatThrownBy(() -> DeedList.parse("1s roll-out, " + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("`");
    }
}
