package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TroublePlanTest {
    private static final Duration LENGTH = Duration.ofMinutes(2);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPlanIsReadAsItIsWritten(long seed) {
        TroublePlan plan = TroublePlan.draw(seed, LENGTH);
        assertThat(TroublePlan.parse(plan.toString(), plan.members())).isEqualTo(plan);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aMajorityIsAlwaysUntouched(long seed) {
        TroublePlan plan = TroublePlan.draw(seed, LENGTH);
        assertThat(plan.deeds()).hasSizeGreaterThanOrEqualTo(5);
        for (Deed deed : plan.deeds()) {
            List<Deed> same = plan.deeds().stream()
                    .filter(other -> other.kind().takesMember())
                    .filter(other ->
                            other.at().compareTo(deed.at()) <= 0 && other.end().compareTo(deed.at()) >= 0)
                    .toList();
            assertThat(same).hasSizeLessThanOrEqualTo((plan.members() - 1) / 2);
            if (same.stream().anyMatch(other -> other.kind() == Deed.Kind.LOSE_VOLUME)) {
                assertThat(same).as("while a member has no data").hasSize(1);
            }
            assertThat(deed.end()).isLessThanOrEqualTo(LENGTH);
        }
    }

    @Test
    void seedsDrawEverySizeAndEveryKind() {
        Set<Integer> sizes = new HashSet<>();
        Set<Deed.Kind> kinds = EnumSet.noneOf(Deed.Kind.class);
        seeds().mapToObj(seed -> TroublePlan.draw(seed, LENGTH)).forEach(plan -> {
            sizes.add(plan.members());
            plan.deeds().forEach(deed -> kinds.add(deed.kind()));
        });
        assertThat(sizes).containsExactlyInAnyOrder(3, 4, 5);
        assertThat(kinds).containsExactlyInAnyOrder(Deed.Kind.values());
    }

    @Test
    void deedsAreSortedByTheirTimes() {
        assertThat(TroublePlan.parse("12:cut:0:3, 8.5:kill-mongod:primary:0.2", 3)
                        .deeds())
                .containsExactly(
                        new Deed(
                                Duration.ofMillis(8500),
                                Deed.Kind.KILL_MONGOD,
                                Optional.empty(),
                                Duration.ofMillis(200)),
                        new Deed(Duration.ofSeconds(12), Deed.Kind.CUT, Optional.of(0), Duration.ofSeconds(3)));
        assertThat(TroublePlan.parse("", 3).deeds()).as("none").isEmpty();
    }

    @Test
    void withoutCutsAMemberStandsStillInstead() {
        assertThat(TroublePlan.parse("12:cut:0:3", 3).withoutCuts())
                .isEqualTo(TroublePlan.parse("12:freeze-mongod:0:3", 3));
    }

    @ParameterizedTest(name = "{0} with {1} of {3} members away, {2} of them without data: {4}")
    @CsvSource({
        "KILL_MONGOD, 0, 0, 3, true",
        "KILL_MONGOD, 1, 0, 3, false",
        "KILL_MONGOD, 1, 0, 4, false",
        "KILL_MONGOD, 1, 0, 5, true",
        "KILL_MONGOD, 2, 0, 5, false",
        "KILL_MONGOD, 1, 1, 5, false",
        "LOSE_VOLUME, 0, 0, 3, true",
        "LOSE_VOLUME, 1, 0, 5, false",
    })
    void aMajorityWithDataIsLeftAlone(Deed.Kind kind, int away, int emptied, int members, boolean expected) {
        assertThat(TroublePlan.leavesMajority(kind, ordinals(away), ordinals(emptied), members))
                .isEqualTo(expected);
    }

    private static Set<Integer> ordinals(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8.5:kill-mongod:primary | is not a deed
            8.55:kill-mongod:1:3    | is not a deed
            8:eat-mongod:1:3        | is one of kill-mongod, stop-mongod
            8:kill-mongod:3:3       | it is 0 to 2, or primary
            8:step-down:1:6         | only the primary can step down
            8:kill-mongod:1:301     | it is up to 300 seconds
            """)
    void whatIsNotADeedIsNamedWithWhatIsAllowed(String text, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TroublePlan.parse("1:kill-sidecar:0:1," + text, 3))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining(words);
    }
}
