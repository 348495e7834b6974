package dev.muster.sim.trouble;

import dev.muster.sim.cluster.KubernetesObjects.Policy;
import java.util.OptionalInt;
import java.util.Random;

/**
 * What kind of set a run is about, drawn from its seed.
 *
 * @param kubernetes whether the sidecars ask the Kubernetes API
 * @param before what a person made before there were sidecars
 */
public record Setting(int replicas, int firstOrdinal, Policy policy, boolean kubernetes, Before before) {
    /** What the sidecars find. */
    public enum Before {
        NOTHING,
        /** A set whose members have the names that Muster would give them. */
        STABLE_NAMES,
        /** No set, but one volume with the data of a standalone, which the set is to begin with. */
        A_STANDALONE,
        /** A set whose members have names that end with the Service's own. */
        SHORT_NAMES,
        /** A set whose members have names of another domain, which lead to the pods. */
        OTHER_NAMES
    }

    private static final int[] REPLICAS = {1, 2, 3, 3, 3, 3, 3, 3, 4, 5};

    /** Mostly three members of a new set with Kubernetes; every other kind now and then. */
    public static Setting draw(Random random) {
        return new Setting(
                REPLICAS[random.nextInt(REPLICAS.length)],
                random.nextInt(10) == 0 ? 9 : 0,
                random.nextInt(4) == 0 ? Policy.ORDERED_READY : Policy.PARALLEL,
                random.nextInt(8) != 0,
                switch (random.nextInt(12)) {
                    case 0 -> Before.STABLE_NAMES;
                    case 1 -> Before.SHORT_NAMES;
                    case 2 -> Before.A_STANDALONE;
                    case 3 -> Before.OTHER_NAMES;
                    default -> Before.NOTHING;
                });
    }

    /**
     * Pods that are made in order wait for each other's sidecars. Without Kubernetes these wait for the later pods, for
     * ever: the chart refuses the combination.
     */
    public Setting {
        if (!kubernetes || before != Before.NOTHING) {
            policy = Policy.PARALLEL;
        }
    }

    /** The same, of a set that Muster makes. */
    Setting fresh() {
        return new Setting(replicas, firstOrdinal, policy, kubernetes, Before.NOTHING);
    }

    /** A set that Muster makes. */
    public static Setting fresh(int replicas, Policy policy) {
        return new Setting(replicas, 0, policy, true, Before.NOTHING);
    }

    Setting withoutKubernetes() {
        return new Setting(replicas, firstOrdinal, policy, false, before);
    }

    /** Whether the sidecars come to a set that is there already. */
    public boolean isAdopted() {
        return before != Before.NOTHING && before != Before.A_STANDALONE;
    }

    /** The ordinal whose volume has data before there is a set, if one has. */
    public OptionalInt seed() {
        return before == Before.A_STANDALONE ? OptionalInt.of(firstOrdinal + replicas / 2) : OptionalInt.empty();
    }
}
