package dev.muster.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WantedTest {
    private static final Ordinals OPTIONS = new Ordinals(5, 2);

    static Stream<Arguments> wanted() {
        return Stream.of(
                arguments(
                        "the StatefulSet asks for two",
                        known(2, 3),
                        new Wanted.Asked(new Ordinals(3, 2), true),
                        List.of(3, 4),
                        true),
                arguments(
                        "it is scaled to zero: no member leaves", known(0, 3), new Wanted.Stopped(3), List.of(), false),
                arguments(
                        "Kubernetes is away: it is not known, and no member leaves",
                        new KubernetesFacts.Unavailable("away"),
                        new Wanted.Unknown("away", 5),
                        List.of(),
                        false),
                arguments(
                        "Kubernetes is off: the options say it, and no member leaves",
                        new KubernetesFacts.Off(),
                        new Wanted.Asked(OPTIONS, false),
                        List.of(5, 6),
                        false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wanted(String situation, KubernetesFacts facts, Wanted expected, List<Integer> ordinals, boolean othersLeave) {
        Wanted wanted = Wanted.of(facts, OPTIONS);

        assertThat(wanted).as(situation).isEqualTo(expected);
        assertThat(wanted.ordinals().boxed()).isEqualTo(ordinals);
        assertThat(ordinals).allMatch(wanted::includes).noneMatch(wanted::excludes);
        assertThat(wanted.includes(9)).isFalse();
        assertThat(wanted.excludes(9)).isEqualTo(othersLeave);
    }

    private static KubernetesFacts known(int replicas, int first) {
        return new KubernetesFacts.Known(replicas, first, new TreeMap<>());
    }
}
