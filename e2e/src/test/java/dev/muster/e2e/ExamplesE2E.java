package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples do what their READMEs say: the commands are read from there. All namespaces are restricted. */
@Tag("e2e")
@Timeout(300)
class ExamplesE2E {
    private static final Pattern DRIVEN =
            Pattern.compile("(\\d+) positions acknowledged, (\\d+) sent again, (\\d+) lost");

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("manifests: the set forms with authentication and record, shrinks to one member and grows again; the"
            + " primary is reached through a node's port")
    void withRecord() throws IOException {
        Release release = releases.create();
        Example example = new Example(release, "manifests");

        example.run("With the record");

        StatusAnswers formed = release.awaitFormed(BootstrapE2E.FORMS);
        assertThat(release.record().orElseThrow().getData().values()).contains(formed.replicaSetId());
        assertThat(release.initiations()).as("initiations").isOne();
        assertThat(release.replicaSetIds()).containsExactly(formed.replicaSetId());
        release.assertNeverForced();

        int before = release.primary();
        example.run("Clients outside");
        assertThat(release.primary()).as("the primary after the step-down").isNotEqualTo(before);

        ExampleImage.provide();
        release.kubectl("create", "configmap", "quiz-questions", "--from-file=" + example.file("quiz/questions.json"))
                .orThrow();
        Path importer = example.file("quiz/importer.yaml");
        Files.writeString(
                importer,
                Files.readString(importer)
                        .replaceAll(
                                "value: mongodb\\+srv:.*",
                                "value: mongodb://%s/?directConnection=true".formatted(nodePort(release))));
        release.kubectl("apply", "-f", importer.toString()).orThrow();
        awaitImported(release);
    }

    /** As a client outside sees the primary: a node's address, and the Service's port on it. */
    private static String nodePort(Release release) {
        Service service = release.client()
                .services()
                .inNamespace(release.namespace())
                .withName(Release.NAME + "-primary")
                .get();
        Node node = Cluster.nodes().getFirst();
        return node.getStatus().getAddresses().stream()
                        .filter(address -> address.getType().equals("InternalIP"))
                        .findFirst()
                        .orElseThrow()
                        .getAddress()
                + ":" + service.getSpec().getPorts().getFirst().getNodePort();
    }

    private static void awaitImported(Release release) {
        release.kubectl("wait", "--for=condition=complete", "job/quiz-import", "--timeout=50s")
                .orThrow();
        assertThat(release.kubectl("logs", "job/quiz-import").orThrow().output())
                .contains("12 questions: 12 new, 0 changed, 0 as they were");
    }

    @Test
    @DisplayName("manifests, OrderedReady: each pod starts when the one before it is ready, and the set forms")
    void ordered() {
        Release release = releases.create();
        new Example(release, "manifests").run("One after the other");

        release.awaitFormed(BootstrapE2E.FORMS);
        List<Instant> started = release.ordinals().stream()
                .map(ordinal -> release.pod(ordinal).orElseThrow())
                .map(pod -> Instant.parse(pod.getMetadata().getCreationTimestamp()))
                .toList();
        assertThat(started).as("the pods' creation").isSorted();
        assertThat(readySince(release.pod(0).orElseThrow()))
                .as("mongo-0 was ready before mongo-1 was made")
                .isBeforeOrEqualTo(started.get(1));
    }

    private static Instant readySince(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("manifests, DNS alone: the set forms without a token, and leaves nothing in the API")
    void dnsOnly() {
        Release release = releases.create();
        new Example(release, "manifests").run("By DNS alone");

        // From whom they clone is not asserted: without `mongod.conf` a small clone may be done before it is directed.
        release.awaitFormed(BootstrapE2E.FORMS);
        assertThat(release.initiations()).as("initiations").isOne();
        assertThat(release.record()).as("the record").isEmpty();
        assertThat(release.ordinals()).allSatisfy(ordinal -> {
            Pod pod = release.pod(ordinal).orElseThrow();
            assertThat(pod.getSpec().getVolumes())
                    .as("volumes with a token")
                    .noneMatch(volume -> volume.getProjected() != null);
            assertThat(pod.getMetadata().getLabels()).doesNotContainKey("muster.dev/role");
        });
    }

    @Test
    @DisplayName("quiz: applied at once, the questions are imported once and read while the primary's pod is deleted")
    void quiz() {
        ExampleImage.provide();
        Release release = releases.create();
        String output = new Example(release, "quiz").run("");

        assertThat(output)
                .contains("12 questions: 12 new, 0 changed, 0 as they were")
                .contains("12 questions: 0 new, 0 changed, 12 as they were")
                .contains("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
        String proxy = "/api/v1/namespaces/%s/services/quiz:http/proxy".formatted(release.namespace());
        assertThat(release.kubectl("get", "--raw", proxy + "/questions")
                        .orThrow()
                        .output())
                .contains("\"_id\": \"majority\"", "\"_id\": \"chess\"");
        assertThat(release.kubectl("get", "--raw", proxy + "/nothing").succeeded())
                .as("a path that is not there")
                .isFalse();
    }

    @Test
    @DisplayName("from a standalone: its volume becomes the first member's, the others clone it, and nothing is lost")
    void fromStandalone() {
        ExampleImage.provide();
        Release release = releases.create();
        Example example = new Example(release, "from-standalone");

        assertThat(example.run("")).contains("12 questions: 12 new, 0 changed, 0 as they were");
        example.run("Give the volume to the first member");
        assertThat(example.run("Start the set"))
                .contains("wait HOLDS_DATA", "'muster approve seed --ordinal=0'")
                .contains("Plan: initiate the set rs0 from the data of mongo-0: 1 collection in databases of its own");
        assertThat(example.run("Look at the result")).contains("12 questions: 0 new, 0 changed, 12 as they were");
        StatusAnswers formed = release.awaitFormed(BootstrapE2E.FORMS);
        assertThat(release.record().orElseThrow().getData().values()).contains(formed.replicaSetId());
        assertThat(release.initiations()).as("initiations").isOne();
    }

    @Test
    @DisplayName("tracking: no position that was acknowledged is lost when the primary's pod is deleted under load")
    void tracking() {
        ExampleImage.provide();
        Release release = releases.create();
        Example example = new Example(release, "tracking");
        try {
            String output = example.run("");
            assertThat(output).contains("\"vehicle\": \"bus-7\"", "\"longitude\": 13.3777");
            assertThat(release.claim(0).orElseThrow().getSpec().getStorageClassName())
                    .isEqualTo(example.storageClass());
            String primary = Release.podName(release.primary());

            Matcher driven = DRIVEN.matcher(example.run("The loss of the primary, under load"));

            assertThat(driven.find()).as("what the vehicles saw").isTrue();
            assertThat(Integer.parseInt(driven.group(1))).as("acknowledged").isGreaterThan(100);
            assertThat(Integer.parseInt(driven.group(3))).as("lost").isZero();
            assertThat(Release.podName(release.primary()))
                    .as("the primary afterwards")
                    .isNotEqualTo(primary);
        } finally {
            forgetVolumes(release, example.storageClass());
        }
    }

    /** What the class keeps for good, a test does not need: the disks go with the namespace's claims. */
    private static void forgetVolumes(Release release, String storageClass) {
        for (PersistentVolume volume :
                release.client().persistentVolumes().list().getItems()) {
            if (storageClass.equals(volume.getSpec().getStorageClassName())) {
                release.client()
                        .persistentVolumes()
                        .withName(volume.getMetadata().getName())
                        .edit(old -> {
                            old.getSpec().setPersistentVolumeReclaimPolicy("Delete");
                            return old;
                        });
            }
        }
        release.client().storage().v1().storageClasses().withName(storageClass).delete();
    }
}
