package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Claim;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the pods that the StatefulSet asks for and deletes the others, as Kubernetes' own controller. A pod has the
 * name of its ordinal for good, and a new uid and address each time; a claim is made with it and outlives it.
 */
public final class StatefulSetController {
    private static final Duration FIRST = Duration.ofMillis(5);
    private static final Duration LAST = Duration.ofMillis(200);

    private final ApiServer server;
    private final Scheduler scheduler;
    private final Nodes nodes;
    /** Whose claims go with their pods, unless they are asked for again before. */
    private final Set<Integer> condemned = new TreeSet<>();

    private boolean due;

    public StatefulSetController(ApiServer server, Nodes nodes) {
        this.server = server;
        this.scheduler = server.scheduler();
        this.nodes = nodes;
        server.watch(this::changed);
        soon();
    }

    private void changed(Kind kind) {
        if (kind == Kind.STATEFUL_SET || kind == Kind.PODS || kind == Kind.CLAIMS || kind == Kind.SERVER) {
            soon();
        }
    }

    private void soon() {
        if (!due) {
            due = true;
            scheduler.after(scheduler.between(FIRST, LAST), () -> {
                due = false;
                if (server.faults().isUp()) {
                    server.statefulSet().ifPresent(set -> reconcile(set.content()));
                }
            });
        }
    }

    private void reconcile(StatefulSet set) {
        boolean oneByOne = set.policy() == Policy.ORDERED_READY;
        deleteClaims(set);
        if (makeMissing(set, oneByOne) && deleteOthers(set, oneByOne)) {
            rollOut(set);
        }
    }

    /** False where it has to wait for one of them before anything else is done. */
    private boolean makeMissing(StatefulSet set, boolean oneByOne) {
        for (int ordinal = set.firstOrdinal(); set.asksFor(ordinal); ordinal++) {
            Optional<Pod> present = server.pod(ordinal);
            if (present.isEmpty()) {
                make(ordinal, set);
            }
            if (oneByOne && present.filter(StatefulSetController::isHealthy).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void make(int ordinal, StatefulSet set) {
        Claim claim = server.claims().get(ordinal);
        if (claim != null && claim.terminating()) {
            // The next change of the claims says when there can be a new one.
            return;
        }
        if (claim == null) {
            claim = new Claim(ordinal, "claim-" + server.nextUid(), false);
            server.putClaim(claim);
        }
        server.createPod(Pod.fresh(
                ordinal,
                server.nextUid(),
                server.addresses().next(),
                nodes.placeFor(ordinal),
                claim.uid(),
                set.template()));
    }

    /** Kubernetes makes the pod the claim's owner when it condemns the pod, and undoes that if the pod is wanted again. */
    private void deleteClaims(StatefulSet set) {
        condemned.removeIf(set::asksFor);
        for (int ordinal : List.copyOf(condemned)) {
            if (server.pod(ordinal).isEmpty()) {
                condemned.remove(ordinal);
                server.claim(ordinal).ifPresent(claim -> {
                    server.putClaim(new Claim(ordinal, claim.uid(), true));
                    server.releaseClaim(ordinal);
                });
            }
        }
    }

    /** From the highest on; one after the other, or all at once. */
    private boolean deleteOthers(StatefulSet set, boolean oneByOne) {
        NavigableMap<Integer, Pod> highestFirst = server.pods().descendingMap();
        for (Pod pod : List.copyOf(highestFirst.values())) {
            if (!set.asksFor(pod.ordinal())) {
                if (set.deletesClaims()) {
                    condemned.add(pod.ordinal());
                }
                server.markDeleted(pod);
                if (oneByOne) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The pods of an earlier template from the highest on, each when those above it are healthy. */
    private void rollOut(StatefulSet set) {
        for (Pod pod : List.copyOf(server.pods().descendingMap().values())) {
            if (!set.asksFor(pod.ordinal())) {
                continue;
            }
            if (pod.template().revision() != set.template().revision() && !pod.isTerminating()) {
                server.markDeleted(pod);
                return;
            }
            if (!isHealthy(pod)) {
                return;
            }
        }
    }

    private static boolean isHealthy(Pod pod) {
        return pod.ready() && !pod.isTerminating();
    }
}
