package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.kube.Kubernetes;
import dev.muster.model.SetRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Without the Kubernetes API. Away or refused are the same to a sidecar: it is not told. */
@Tag("e2e")
@Timeout(240)
class ApiE2E {
    private static final Duration FORMS = BootstrapE2E.FORMS;

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("S20: no rights at the API server while members restart: the set serves, they rejoin by DNS")
    void rightsTakenAway() {
        Release release = releases.install(ReleaseValues.replicas(3));
        StatusAnswers before = release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);
        int primary = release.primary();
        int secondary = (primary + 1) % 3;

        Permissions permissions = Permissions.take(release);
        release.deletePods(List.of(secondary), Duration.ofSeconds(60));
        awaitServing(release);
        release.deletePods(List.of(primary), Duration.ofSeconds(60));
        awaitServing(release);
        writer.awaitProgress(Duration.ofSeconds(30));
        assertThat(release.status().answers().values())
                .as("the configuration without the API server")
                .allSatisfy(status -> assertThat(StatusAnswers.members(status)).hasSize(3));

        permissions.giveBack();
        StatusAnswers after = release.awaitFormed(FORMS);
        WriterPod.Report report = writer.stop();

        writer.assertNothingLost(report);
        assertThat(report.failed())
                .as("failed writes: %s", report.document().get("errors"))
                .isZero();
        assertThat(after.replicaSetId()).isEqualTo(before.replicaSetId());
        assertThat(after.configVersion(0)).isEqualTo(before.configVersion(0));
    }

    /** After a cut in the network, TCP sends again after ever longer pauses: as long as the cut was, once more. */
    @Test
    @DisplayName("S20: a connection that fell silent is left for a new one, by the next request")
    void aSilentConnection(@TempDir Path files) throws IOException {
        try (RealCluster cluster = new RealCluster(files);
                Relay relay = new Relay()) {
            Kubernetes kubernetes = cluster.sidecarBehind(relay);
            assertThat(kubernetes.recordNow()).isEqualTo(new SetRecord.Absent());

            relay.silence();
            assertThat(kubernetes.recordNow())
                    .as("the request that fell silent")
                    .isInstanceOf(SetRecord.Unavailable.class);
            assertThat(kubernetes.recordNow()).as("the next one").isEqualTo(new SetRecord.Absent());
            assertThat(kubernetes.recordNow()).as("the one after").isEqualTo(new SetRecord.Absent());
        }
    }

    /** Three healthy members that serve, whatever their sidecars wait for. */
    private static void awaitServing(Release release) {
        Wait.untilAsserted("three members that serve", FORMS, () -> {
            StatusAnswers now = release.status();
            assertThat(now.answers()).hasSize(3);
            assertThat(now.primary()).isPresent();
            assertThat(now.answers().values()).allSatisfy(status -> {
                assertThat(status.getBoolean("ready"))
                        .as(status.getString("readyReason"))
                        .isTrue();
                assertThat(StatusAnswers.members(status))
                        .hasSize(3)
                        .allSatisfy(
                                member -> assertThat(member.getString("state")).isIn("PRIMARY", "SECONDARY"));
            });
        });
    }
}
