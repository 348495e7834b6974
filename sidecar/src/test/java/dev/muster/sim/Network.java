package dev.muster.sim;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Who reaches whom. Places are numbered: a node by the ordinal of the pod that it runs, as each pod has a node of its own,
 * and the two services by negative numbers. Cuts have a direction: answers go the other way, so a call needs both.
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
    private final Set<Way> cut = new HashSet<>();

    public Network(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Whether what is sent there arrives. A place always reaches itself. */
    public boolean carries(int from, int to) {
        return from == to || !cut.contains(new Way(from, to));
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
        cut.add(new Way(from, to));
    }

    /** Drops nothing any more between the two, either way. */
    public void heal(int one, int other) {
        cut.remove(new Way(one, other));
        cut.remove(new Way(other, one));
    }

    /** Drops nothing any more. */
    public void healAll() {
        cut.clear();
    }

    /** Whether nothing is dropped. */
    public boolean isWhole() {
        return cut.isEmpty();
    }
}
