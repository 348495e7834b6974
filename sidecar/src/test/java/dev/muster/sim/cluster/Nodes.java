package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The nodes with their kubelets: they start and stop the containers of the pods that the API server shows, and tell
 * it how those are. A kubelet that is lost does neither, so its pods stay Terminating, and what runs there runs on.
 */
public final class Nodes {
    /** Readiness probes of the chart, and how soon a kubelet notices what it missed. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Duration NOTICED_FIRST = Duration.ofMillis(5);
    private static final Duration NOTICED_LAST = Duration.ofMillis(300);
    private static final Duration SLOWEST_START = Duration.ofSeconds(3);
    private static final Duration SLOWEST_REPORT = Duration.ofSeconds(1);

    /** The node controller's default, {@code node-monitor-grace-period}. */
    private static final Duration SILENT_FOR = Duration.ofSeconds(40);

    /** The toleration that every pod gets, {@code tolerationSeconds} of {@code unreachable}. */
    private static final Duration TOLERATED_FOR = Duration.ofMinutes(5);

    /** Nodes beyond those that are numbered by ordinals. */
    private static final int FIRST_SPARE = 100;

    private final ApiServer server;
    private final Scheduler scheduler;
    private final Network network;
    private final Containers containers;
    private final Map<String, Running> running = new LinkedHashMap<>();
    /** Each with the number of its loss: a second one begins anew. */
    private final Map<Integer, Integer> lost = new LinkedHashMap<>();

    private boolean due;
    private int losses;

    /** A pod that its kubelet has begun with, until the API server knows of its end. */
    private static final class Running {
        private final Pod pod;
        private boolean started;
        private boolean stopping;
        private boolean ended;

        Running(Pod pod) {
            this.pod = pod;
        }
    }

    public Nodes(ApiServer server, Network network, Containers containers) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.network = network;
        this.containers = containers;
        server.watch(kind -> {
            if (kind == Kind.PODS) {
                soon();
            }
        });
        again();
    }

    private void again() {
        scheduler.after(PERIOD, () -> {
            look();
            again();
        });
    }

    private void soon() {
        if (!due) {
            due = true;
            scheduler.after(scheduler.between(NOTICED_FIRST, NOTICED_LAST), () -> {
                due = false;
                look();
            });
        }
    }

    /**
     * The node dies, or only its kubelet falls silent: to Kubernetes both look the same. What becomes of the processes
     * is the caller's. Its pods are not ready after a while, and deleted after a longer one.
     */
    public void lose(int place) {
        int loss = ++losses;
        lost.put(place, loss);
        scheduler.after(
                SILENT_FOR, () -> ifStillLost(place, loss, pod -> server.changePod(pod, it -> it.ready(false))));
        scheduler.after(SILENT_FOR.plus(TOLERATED_FOR), () -> ifStillLost(place, loss, server::markDeleted));
    }

    private void ifStillLost(int place, int loss, Consumer<Pod> what) {
        if (lost.getOrDefault(place, 0) == loss) {
            List.copyOf(server.pods().values()).stream()
                    .filter(pod -> pod.place() == place)
                    .forEach(what);
        }
    }

    /**
     * The kubelet is back: it ends what was deleted meanwhile. Containers that died with the node are the caller's to
     * start again, if {@link ApiServer#pod(Pod)} still has their pod.
     */
    public void back(int place) {
        lost.remove(place);
        soon();
    }

    /** Whether that node is lost. */
    boolean isLost(int place) {
        return lost.containsKey(place);
    }

    /** Where a new pod goes: to the node of its number, unless that is lost or still runs another. */
    int placeFor(int ordinal) {
        int place = ordinal;
        for (int spare = FIRST_SPARE; lost.containsKey(place) || isTaken(place); spare++) {
            place = spare;
        }
        return place;
    }

    private boolean isTaken(int place) {
        return running.values().stream().anyMatch(one -> !one.ended && one.pod.place() == place)
                || server.pods().values().stream().anyMatch(pod -> pod.place() == place);
    }

    private boolean works(int place) {
        return !lost.containsKey(place) && network.connects(place, Network.API_SERVER);
    }

    private void look() {
        if (!server.faults().isUp()) {
            return;
        }
        for (Pod pod : List.copyOf(server.pods().values())) {
            if (works(pod.place()) && !running.containsKey(pod.uid())) {
                begin(pod);
            }
        }
        for (Running one : List.copyOf(running.values())) {
            if (works(one.pod.place())) {
                follow(one);
            }
        }
    }

    private void begin(Pod pod) {
        Running one = new Running(pod);
        running.put(pod.uid(), one);
        scheduler.after(scheduler.between(NOTICED_FIRST, SLOWEST_START), () -> start(one));
    }

    private void start(Running one) {
        if (one.stopping) {
            return;
        }
        if (lost.containsKey(one.pod.place())) {
            scheduler.after(PERIOD, () -> start(one));
            return;
        }
        one.started = true;
        containers.started(one.pod);
        scheduler.after(scheduler.between(NOTICED_FIRST, SLOWEST_REPORT), () -> report(one));
    }

    /** The address reaches the API server a while after the containers have begun. */
    private void report(Running one) {
        if (works(one.pod.place()) && server.faults().isUp()) {
            server.changePod(one.pod, pod -> pod.at(pod.address()));
        } else {
            scheduler.after(PERIOD, () -> report(one));
        }
    }

    private void follow(Running one) {
        Optional<Pod> object = server.pod(one.pod);
        if (one.ended) {
            running.remove(one.pod.uid());
            server.removePod(one.pod);
        } else if (one.stopping) {
            return;
        } else if (object.isEmpty() || object.get().isTerminating()) {
            stop(one);
        } else if (one.started) {
            boolean ready = containers.isReady(one.pod);
            server.changePod(one.pod, pod -> pod.ready(ready));
        }
    }

    private void stop(Running one) {
        one.stopping = true;
        if (!one.started) {
            ended(one);
            return;
        }
        Duration grace = one.pod.template().grace();
        Instant killedAt = scheduler.now().plus(grace);
        containers.stopping(one.pod, killedAt, () -> ended(one));
        scheduler.after(grace, () -> {
            if (!one.ended) {
                containers.killed(one.pod);
                ended(one);
            }
        });
    }

    private void ended(Running one) {
        one.ended = true;
        soon();
    }
}
