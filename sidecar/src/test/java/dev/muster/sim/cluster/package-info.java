/**
 * A simulated cluster: the API server with the objects that Muster uses, the StatefulSet controller, the kubelets,
 * the cluster's DNS, and the ports through which a sidecar sees them. It does not know what runs in a pod: it starts
 * and stops that through {@link dev.muster.sim.cluster.Containers}. Start with
 * {@link dev.muster.sim.cluster.ApiServer}.
 */
@NullMarked
package dev.muster.sim.cluster;

import org.jspecify.annotations.NullMarked;
