package dev.muster.e2e;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshots of volumes, where the cluster can make them.
 *
 * @param className the VolumeSnapshotClass
 * @param storageClass a StorageClass of the same driver, which volumes need to have snapshots
 */
record Snapshots(String className, String storageClass) {
    private static final String API = "snapshot.storage.k8s.io/v1";
    private static final int CONFLICT = 409;
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOPS = Duration.ofMinutes(2);

    /** Keeps a claim's name taken until the moment in which another claim takes it. */
    private static final String FINALIZER = "muster.dev/test";

    Snapshots {
        requireNonNull(className, "className is null");
        requireNonNull(storageClass, "storageClass is null");
    }

    /** Nothing where there is no class of snapshots. */
    static Optional<Snapshots> find() {
        KubernetesClient client = Cluster.client();
        try {
            return client.genericKubernetesResources(API, "VolumeSnapshotClass").list().getItems().stream()
                    .flatMap(snapshotClass -> client.storage().v1().storageClasses().list().getItems().stream()
                            .filter(storage -> storage.getProvisioner().equals(snapshotClass.get("driver")))
                            .map(storage -> new Snapshots(
                                    snapshotClass.getMetadata().getName(),
                                    storage.getMetadata().getName())))
                    .findFirst();
        } catch (KubernetesClientException e) {
            // No such kind.
            return Optional.empty();
        }
    }

    /** Makes one of a member's volume; returns its name when it can be used. */
    String take(Release release, int ordinal, String name) {
        GenericKubernetesResource made = release.client()
                .resource(new GenericKubernetesResourceBuilder()
                        .withApiVersion(API)
                        .withKind("VolumeSnapshot")
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(release.namespace())
                        .endMetadata()
                        .withAdditionalProperties(Map.of(
                                "spec",
                                Map.of(
                                        "volumeSnapshotClassName",
                                        className,
                                        "source",
                                        Map.of("persistentVolumeClaimName", Release.claimName(ordinal)))))
                        .build())
                .create();
        Wait.until(
                "the snapshot is ready",
                READY,
                () -> Boolean.TRUE.equals(release.client().resource(made).get().get("status", "readyToUse")));
        return name;
    }

    /**
     * A member's pod comes back with a volume made from a snapshot.
     *
     * @return whether it does; otherwise the StatefulSet's own claim came first, and the volume is empty
     */
    boolean restore(Release release, int ordinal, String snapshot) {
        PersistentVolumeClaim before = release.claim(ordinal).orElseThrow();
        PersistentVolumeClaim other = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(Release.claimName(ordinal))
                .withNamespace(release.namespace())
                .withLabels(before.getMetadata().getLabels())
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(before.getSpec().getStorageClassName())
                .withAccessModes(before.getSpec().getAccessModes())
                .withResources(before.getSpec().getResources())
                .withNewDataSource("snapshot.storage.k8s.io", "VolumeSnapshot", snapshot)
                .endSpec()
                .build();
        finalizers(release, before, "[\"kubernetes.io/pvc-protection\",\"" + FINALIZER + "\"]");
        release.client().resource(before).delete();
        release.deletePods(List.of(ordinal), STOPS);
        Wait.until(
                "the claim is used by no pod",
                STOPS,
                () -> release.claim(ordinal)
                        .orElseThrow()
                        .getMetadata()
                        .getFinalizers()
                        .equals(List.of(FINALIZER)));
        // The StatefulSet's controller tries after a growing pause, so its claim mostly comes later than this one.
        finalizers(release, before, "null");
        try {
            release.client().resource(other).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private static void finalizers(Release release, PersistentVolumeClaim claim, String json) {
        release.client()
                .persistentVolumeClaims()
                .inNamespace(release.namespace())
                .withName(claim.getMetadata().getName())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":%s}}".formatted(json));
    }
}
