package dev.muster.sim;

import dev.muster.sim.KubernetesObjects.Policy;
import java.util.Random;

/**
 * What kind of set a run is about, drawn from its seed.
 *
 * @param kubernetes whether the sidecars ask the Kubernetes API
 */
record Setting(int replicas, int firstOrdinal, Policy policy, boolean kubernetes) {
    private static final int[] REPLICAS = {1, 2, 3, 3, 3, 3, 3, 3, 4, 5};

    static Setting draw(Random random) {
        return new Setting(
                REPLICAS[random.nextInt(REPLICAS.length)],
                random.nextInt(10) == 0 ? 9 : 0,
                random.nextInt(4) == 0 ? Policy.ORDERED_READY : Policy.PARALLEL,
                random.nextInt(8) != 0);
    }

    /** Without Kubernetes pods made in order would wait for each other for ever; the chart refuses the combination. */
    Setting {
        if (!kubernetes) {
            policy = Policy.PARALLEL;
        }
    }
}
