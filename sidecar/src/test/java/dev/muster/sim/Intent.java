package dev.muster.sim;

import dev.muster.model.HostAddress;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import dev.muster.sim.cluster.KubernetesObjects.Versioned;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whom the StatefulSet asks for in truth, and until when it did: what was sent before a change may take effect after
 * it.
 */
final class Intent {
    /** The longest that a write takes. */
    static final Duration IN_FLIGHT = Duration.ofSeconds(15);

    /** As a time: now, and until it ends. */
    private static final Duration STILL = Duration.ofDays(1);

    /** More than any run asks for. */
    static final int ORDINALS = 60;

    private final SimulatedWorld world;
    private final Map<Integer, Duration> lastAskedFor = new TreeMap<>();
    private final Map<Integer, Duration> lastScaledAway = new TreeMap<>();

    private final Map<Integer, Duration> lastFirst = new TreeMap<>();

    Intent(SimulatedWorld world) {
        this.world = world;
    }

    /** The StatefulSet has changed. */
    void changed() {
        Optional<StatefulSet> set = world.server().statefulSet().map(Versioned::content);
        if (set.isEmpty() || set.get().replicas() == 0) {
            // The set is stopped as it is: nobody is asked for, and nobody is to go.
            return;
        }
        for (int ordinal = 0; ordinal < ORDINALS; ordinal++) {
            boolean asked = set.get().asksFor(ordinal);
            note(lastAskedFor, ordinal, asked);
            note(lastScaledAway, ordinal, !asked);
            note(lastFirst, ordinal, ordinal == set.get().firstOrdinal());
        }
    }

    private void note(Map<Integer, Duration> last, int ordinal, boolean holds) {
        if (holds) {
            last.put(ordinal, STILL);
        } else {
            last.replace(ordinal, STILL, world.scheduler().elapsed());
        }
    }

    boolean asksFor(int ordinal) {
        return STILL.equals(lastAskedFor.get(ordinal));
    }

    /** Whether that ordinal is to go; with zero replicas nobody is. */
    boolean scalesAway(int ordinal) {
        boolean isStopped = world.server()
                .statefulSet()
                .filter(set -> set.content().replicas() > 0)
                .isEmpty();
        return !isStopped && STILL.equals(lastScaledAway.get(ordinal));
    }

    boolean wasAskedForLately(HostAddress host) {
        return lately(lastAskedFor, host);
    }

    boolean wasScaledAwayLately(HostAddress host) {
        return lately(lastScaledAway, host);
    }

    /** Whether that ordinal was not asked for at some time since then. */
    boolean wasScaledAwaySince(int ordinal, Duration since) {
        return lastScaledAway.getOrDefault(ordinal, Duration.ZERO).compareTo(since) > 0;
    }

    /** Whether that ordinal is the StatefulSet's lowest, or was until a moment ago. */
    boolean wasFirstLately(int ordinal) {
        return lately(lastFirst, ordinal);
    }

    private boolean lately(Map<Integer, Duration> last, HostAddress host) {
        return SimulatedWorld.ordinalOf(host).stream().anyMatch(ordinal -> lately(last, ordinal));
    }

    private boolean lately(Map<Integer, Duration> last, int ordinal) {
        Duration since = world.scheduler().elapsed().minus(IN_FLIGHT);
        return last.containsKey(ordinal) && last.get(ordinal).compareTo(since) >= 0;
    }
}
