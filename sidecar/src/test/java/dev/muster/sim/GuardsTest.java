package dev.muster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sim.trouble.Guard;
import dev.muster.sim.trouble.Sabotage;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each guard is shown to matter: without it the simulation finds harm, and says after how many runs. */
class GuardsTest {
    private static final int MOST_SEEDS = 10_000;

    @ParameterizedTest(name = "without {0}")
    @EnumSource
    void isMissed(Guard guard) {
        Seeds seeds = Seeds.run(1, MOST_SEEDS, guard, false, 1);

        Optional<Run.Result> harm = seeds.firstFailure();
        assertThat(harm).as("harm within %d seeds", MOST_SEEDS).isPresent();
        System.out.printf(
                "guard %s: missed after %d runs: %s%n",
                guard, seeds.runs(), harm.get().violation().orElseThrow());
        assertThat(Run.again(harm.get(), harm.get().faults(), Sabotage.NONE).violation())
                .as("the same run with the guard")
                .isEmpty();
    }
}
