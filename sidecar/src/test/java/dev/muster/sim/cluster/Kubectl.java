package dev.muster.sim.cluster;

import dev.muster.sim.cluster.KubernetesObjects.Claim;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a person does with {@code kubectl}. Everything says whether it could be done: not while the API server is
 * down, nor to what does not exist.
 */
public final class Kubectl {
    private static final Duration HASTY_GRACE = Duration.ofSeconds(20);

    private final ApiServer server;

    public Kubectl(ApiServer server) {
        this.server = server;
    }

    /** Makes the StatefulSet; it adopts the pods and claims that exist. */
    public boolean createStatefulSet(int replicas, int firstOrdinal, Policy policy, Duration grace) {
        // The revision is of the template, so the same one as before replaces no pod.
        int revision = server.pods().values().stream()
                .mapToInt(pod -> pod.template().revision())
                .max()
                .orElse(1);
        return isUp()
                && server.statefulSet().isEmpty()
                && did(() -> server.putStatefulSet(new StatefulSet(
                        replicas, firstOrdinal, policy, false, new StatefulSet.Template(revision, grace))));
    }

    /** Deletes the StatefulSet, with its pods unless they are orphaned. Claims and the record stay in any case. */
    boolean deleteStatefulSet(boolean orphan) {
        return isUp()
                && server.statefulSet().isPresent()
                && did(() -> {
                    server.removeStatefulSet(orphan);
                    if (!orphan) {
                        List.copyOf(server.pods().values()).forEach(server::markDeleted);
                    }
                });
    }

    public boolean scale(int replicas) {
        return change(set -> set.scaledTo(replicas));
    }

    /** Changes {@code spec.ordinals.start}. */
    public boolean startAt(int ordinal) {
        return change(set -> set.startingAt(ordinal));
    }

    /** From now on {@code persistentVolumeClaimRetentionPolicy.whenScaled} is {@code Delete}. */
    public boolean deleteClaimsWhenScaled() {
        return change(StatefulSet::deletingClaims);
    }

    /** As by deleting the StatefulSet as an orphan and making it anew: the policy of one cannot be changed. */
    boolean setPolicy(Policy policy) {
        return change(set -> set.with(policy));
    }

    /** Replaces every pod, one after the other. */
    public boolean rolloutRestart() {
        return change(StatefulSet::restarted);
    }

    private boolean change(UnaryOperator<StatefulSet> change) {
        return isUp()
                && server.statefulSet().isPresent()
                && did(() -> server.putStatefulSet(
                        change.apply(server.statefulSet().orElseThrow().content())));
    }

    /**
     * Deletes a pod.
     *
     * @param force so that it is gone at once, whether or not anybody has stopped its containers
     */
    public boolean deletePod(int ordinal, boolean force) {
        return isUp()
                && server.pod(ordinal)
                        .map(pod -> did(() -> {
                            if (force) {
                                server.removePod(pod);
                            } else {
                                server.markDeleted(pod);
                            }
                        }))
                        .orElse(false);
    }

    /** Deletes a pod with a grace period so short that Muster holds nothing: {@code --grace-period=20}. */
    public boolean deletePodHastily(int ordinal) {
        return isUp()
                && server.pod(ordinal)
                        .map(pod -> did(() -> server.markDeleted(pod, HASTY_GRACE)))
                        .orElse(false);
    }

    /** Deletes a claim with its volume, as soon as no pod uses it. */
    public boolean deleteClaim(int ordinal) {
        Claim claim = server.claims().get(ordinal);
        return isUp()
                && claim != null
                && did(() -> {
                    server.putClaim(new Claim(ordinal, claim.uid(), true));
                    server.releaseClaim(ordinal);
                });
    }

    public boolean deleteRecord() {
        return isUp() && server.record().isPresent() && did(server::removeRecord);
    }

    /** Writes a copy of the record that was made earlier over whatever is there. */
    public boolean restoreRecord(RecordData copy) {
        return isUp() && did(() -> server.putRecord(copy));
    }

    private boolean isUp() {
        return server.faults().isUp();
    }

    private static boolean did(Runnable what) {
        what.run();
        return true;
    }
}
