package dev.muster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sim.trouble.Fault;
import dev.muster.sim.trouble.Sabotage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Sets that are made and kept while everything fails that can, and that have to settle when it no longer does.
 *
 * <p>{@code -Dmuster.seeds=N} tries more of them, {@code -Dmuster.first=N} others, {@code -Dmuster.twice=false} each only
 * once; {@code -Dmuster.seed=N} shows one,
 * with {@code -Dmuster.faults=0,3} only with these of its faults.
 */
class SimulationTest {
    private static final int USUAL = 2000;

    /** From so many seeds on everything that can happen should have. */
    private static final int ENOUGH_FOR_ALL = 2000;

    private static final int ENOUGH_FAILURES = 3;

    private static final List<String> STEPS = List.of(
            "add",
            "promote",
            "demote",
            "remove",
            "restore_heartbeat",
            "initiate",
            "record_intended",
            "record_formed",
            "create_root_user",
            "hand_over",
            "sync_from",
            "force_reconfigure");

    @Test
    void everySeedKeepsThePromisesAndSettles() {
        String one = System.getProperty("muster.seed", "");
        if (one.isEmpty()) {
            manySeeds();
        } else {
            oneSeed(Long.parseLong(one), System.getProperty("muster.faults", "all"));
        }
    }

    private static void manySeeds() {
        int count = Integer.getInteger("muster.seeds", USUAL);
        long began = System.nanoTime();

        boolean twice = !System.getProperty("muster.twice", "true").equals("false");
        Seeds seeds = Seeds.run(Long.getLong("muster.first", 1), count, Sabotage.NONE, twice, ENOUGH_FAILURES);

        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "simulation: %d seeds, each %s, in %.0f s, %.0f seeds a second; %s; %d cycles, %d elections%n",
                seeds.runs(),
                twice ? "twice" : "once",
                seconds,
                seeds.runs() / seconds,
                seeds.settled(),
                seeds.counts().of("cycles"),
                seeds.counts().of("elections"));
        seeds.failures().forEach(System.out::println);
        assertThat(seeds.firstFailure().map(failure -> failure.story(Sabotage.NONE)))
                .isEmpty();
        assertThat(seeds.runs()).isEqualTo(count);
        if (count >= ENOUGH_FOR_ALL) {
            assertEverythingHappened(seeds.counts());
        }
    }

    /** What never happens is not tested. */
    private static void assertEverythingHappened(Counts counts) {
        assertThat(Fault.Kind.values())
                .as("faults")
                .allSatisfy(kind -> assertThat(counts.of("fault " + kind)).isPositive());
        assertThat(STEPS)
                .as("steps")
                .allSatisfy(
                        step -> assertThat(counts.of("step " + step + " done")).isPositive());
        assertThat(counts.of("rollbacks")).as("rollbacks").isPositive();
        assertThat(counts.of("all volumes restored"))
                .as("restores of all volumes")
                .isPositive();
        assertThat(counts.of("sets made from data")).as("sets made from data").isPositive();
        assertThat(counts.of("quiet hours")).as("runs of hours").isPositive();
        assertThat(counts.of("Services taken over"))
                .as("Services taken over after a restore")
                .isPositive();
    }

    private static void oneSeed(long seed, String chosen) {
        Run.Result whole = Run.of(seed, Sabotage.NONE);
        Run.Result result = chosen.equals("all")
                ? whole
                : Run.again(
                        whole,
                        Arrays.stream(chosen.split(",", -1))
                                .filter(number -> !number.isBlank())
                                .map(number -> whole.faults().get(Integer.parseInt(number.strip())))
                                .toList(),
                        Sabotage.NONE);
        System.out.println(result.setting());
        result.transcript().forEach(System.out::println);
        assertThat(result.violation()).isEmpty();
    }
}
