package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Pod;
import java.time.Instant;

/**
 * The processes of the pods: what the kubelets start and stop, and whoever plays the world has. Nothing here may
 * block.
 */
public interface Containers {
    /** Starts a pod's sidecar and {@code mongod}. Once for each pod. */
    void started(Pod pod);

    /**
     * Runs the preStop hook, then sends SIGTERM; {@code mongod} first, its sidecar after it.
     *
     * @param killedAt when {@link #killed} comes if they have not ended
     * @param ended to be called once all have; at once where none runs any more
     */
    void stopping(Pod pod, Instant killedAt, Runnable ended);

    /** SIGKILL to all of the pod's processes that still run. */
    void killed(Pod pod);

    /** What the pod's readiness probe says. */
    boolean isReady(Pod pod);
}
