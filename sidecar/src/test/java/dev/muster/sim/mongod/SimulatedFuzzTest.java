package dev.muster.sim.mongod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.fuzz.SideBySide;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What fuzzing found, and the fuzzing itself, on simulated sets only: so it takes no time, but shows no new difference. */
final class SimulatedFuzzTest {
    @Test
    void bothAnswerAsTheRealServersDidWhenItWasFoundThatTheyDiffer() {
        assertThat(bySideOf(SideBySide::replay)).isEmpty();
    }

    /** Other times and other chance make no difference, so what differs from a real set does so for a reason. */
    @Test
    void twoSimulatedSetsAnswerAlikeWhateverIsDrawn() {
        assertThat(bySideOf(sets -> sets.fuzz(1, 1000))).isEmpty();
    }

    private static List<String> bySideOf(Function<SideBySide, List<String>> what) {
        try (SimulatedFleet one = new SimulatedFleet(1);
                SimulatedFleet other = new SimulatedFleet(2);
                SideBySide sets = new SideBySide(one, other, line -> {})) {
            return what.apply(sets);
        }
    }
}
