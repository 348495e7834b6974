package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.contract.fuzz.SideBySide;
import dev.muster.sim.mongod.SimulatedFleet;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A real set and a simulated one get the same commands. */
final class FuzzIT {
    private static final long SEED = Long.getLong("muster.fuzz.seed", 1);
    private static final int OPERATIONS = Integer.getInteger("muster.fuzz.operations", 100);

    @Test
    void whatTheTwoOnceDisagreedAbout() {
        assertThat(bySideOf(SideBySide::replay)).isEmpty();
    }

    @Test
    void randomInitiationsReconfigurationsAndUserCommands() {
        assertThat(bySideOf(sets -> sets.fuzz(SEED, OPERATIONS)))
                .as("-Dmuster.fuzz.seed=%d -Dmuster.fuzz.operations=%d", SEED, OPERATIONS)
                .isEmpty();
    }

    private static List<String> bySideOf(Function<SideBySide, List<String>> what) {
        try (PlaygroundFleet real = new PlaygroundFleet();
                SimulatedFleet simulated = new SimulatedFleet(SEED);
                SideBySide sets = new SideBySide(real, simulated, line -> System.out.println(line))) {
            return what.apply(sets);
        }
    }
}
