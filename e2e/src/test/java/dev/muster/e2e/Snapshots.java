package dev.muster.e2e;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
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
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOPS = Duration.ofMinutes(2);

    /** Keeps a pod that is deleted. */
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
     * A member's pod comes back with a volume made from a snapshot. Its pod is kept, without processes, until the claim
     * has been replaced: as soon as the pod is gone, the StatefulSet's controller makes both again.
     */
    void restore(Release release, int ordinal, String snapshot) {
        PersistentVolumeClaim before = release.claim(ordinal).orElseThrow();
        String pod = release.pod(ordinal).orElseThrow().getMetadata().getUid();
        finalizers(release.podResource(ordinal), "[\"" + FINALIZER + "\"]");
        release.client().resource(before).delete();
        release.podResource(ordinal).delete();
        Wait.until(
                "the pod's processes have ended",
                STOPS,
                () -> hasEnded(release.pod(ordinal).orElseThrow()));
        finalizers(release.client().resource(before), "null");
        Wait.until("the claim is gone", STOPS, () -> release.claim(ordinal).isEmpty());
        release.client().resource(fromSnapshot(before, snapshot)).create();
        finalizers(release.podResource(ordinal), "null");
        Wait.until(
                "another pod",
                STOPS,
                () -> release.pod(ordinal)
                        .filter(now -> !now.getMetadata().getUid().equals(pod))
                        .isPresent());
    }

    private static boolean hasEnded(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .allMatch(container -> container.getState().getTerminated() != null);
    }

    private static PersistentVolumeClaim fromSnapshot(PersistentVolumeClaim before, String snapshot) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(before.getMetadata().getName())
                .withNamespace(before.getMetadata().getNamespace())
                .withLabels(before.getMetadata().getLabels())
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(before.getSpec().getStorageClassName())
                .withAccessModes(before.getSpec().getAccessModes())
                .withResources(before.getSpec().getResources())
                .withNewDataSource("snapshot.storage.k8s.io", "VolumeSnapshot", snapshot)
                .endSpec()
                .build();
    }

    private static void finalizers(Resource<?> resource, String json) {
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":%s}}".formatted(json));
    }
}
