package dev.muster.sim.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Who reaches whom. Places are numbered: a node by the ordinal of the pod that it runs, as each pod has a node of its
 * own, and the two services by negative numbers. Cuts have a direction: answers go the other way, so a call needs
 * both.
 */
public final class Network {
    /** Where the Kubernetes API server is. */
    public static final int API_SERVER = -1;
    /** Where the name server is. */
    public static final int NAME_SERVER = -2;

    private record Way(int from, int to) {}

    private static final Duration FASTEST = Duration.ofNanos(100_000);
    private static final Duration SLOWEST = Duration.ofMillis(2);

    private final Scheduler scheduler;
    /** How many cuts there are of each way: one that ends leaves the others. */
    private final Map<Way, Integer> cuts = new HashMap<>();

    public Network(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Whether what is sent there arrives. A place always reaches itself. */
    public boolean carries(int from, int to) {
        return from == to || !cuts.containsKey(new Way(from, to));
    }

    /** Whether one can ask the other something and be answered. */
    public boolean connects(int from, int to) {
        return carries(from, to) && carries(to, from);
    }

    /** How long one message takes, this time. */
    public Duration latency() {
        return scheduler.between(FASTEST, SLOWEST);
    }

    /** Drops what is sent from one to the other; the other way stays as it is. */
    public void cut(int from, int to) {
        cuts.merge(new Way(from, to), 1, Integer::sum);
    }

    /** Drops what either sends to the other. */
    public void cutBothWays(int one, int other) {
        cut(one, other);
        cut(other, one);
    }

    /** Ends one cut of that way, if there is one. */
    public void heal(int from, int to) {
        cuts.computeIfPresent(new Way(from, to), (_, count) -> count == 1 ? null : count - 1);
    }

    /** Drops nothing any more. */
    public void healAll() {
        cuts.clear();
    }
}
