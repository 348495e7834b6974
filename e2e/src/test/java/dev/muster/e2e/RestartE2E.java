package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that stop and start, under majority writes. */
@Tag("e2e")
@Timeout(300)
class RestartE2E {
    private static final Duration FORMS = BootstrapE2E.FORMS;
    private static final Duration STOPS = Duration.ofSeconds(90);
    private static final Duration ROLLS_OUT = Duration.ofMinutes(3);

    /** Without a hand-over the others wait this long before they elect. */
    static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(10);

    /** A primary that was elected only just before its mongod ends is left to the election timeout. */
    private static final Duration ELECTED_LONG_AGO = Duration.ofSeconds(12);

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName("S16: all pods deleted at once: a primary without a new configuration, no acknowledged write lost")
    void allPodsDeleted() {
        Release release = releases.install(ReleaseValues.replicas(3));
        StatusAnswers before = release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);

        release.deletePods(release.ordinals(), STOPS);
        StatusAnswers after = release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(60));
        WriterPod.Report report = writer.stop();

        writer.assertNothingLost(report);
        // They stop one after another, as far as a majority needs them.
        writer.assertNoGapOf(ELECTION_TIMEOUT, report);
        assertThat(after.replicaSetId()).isEqualTo(before.replicaSetId());
        assertThat(after.configVersion(0)).as("the configuration's version").isEqualTo(before.configVersion(0));
        release.assertNeverForced();
    }

    @Test
    @DisplayName("a rolling restart fails no write of a retrying driver, with the server's own time to stop")
    void rollingRestart() {
        Release release = releases.install(ReleaseValues.replicas(3).withOrdinaryStop());
        StatusAnswers before = release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);

        release.kubectl("rollout", "restart", "statefulset/" + Release.NAME).orThrow();
        release.awaitRollout(ROLLS_OUT);
        StatusAnswers after = release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        report.assertNoneFailed();
        writer.assertNothingLost(report);
        writer.assertNoGapOf(ELECTION_TIMEOUT, report);
        assertThat(after.configVersion(0)).isEqualTo(before.configVersion(0));
    }

    @Test
    @DisplayName(
            "S18: the primary's mongod dies by SIGKILL: another one is elected at once, and the configuration stays")
    void primaryKilled() {
        Release release = releases.install(ReleaseValues.replicas(3));
        Processes.share(release);
        release.awaitRollout(ROLLS_OUT);
        StatusAnswers before = release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);
        int primary = release.primary();
        Wait.sleep(ELECTED_LONG_AGO);

        Processes.signal(release, primary, "KILL", List.of("mongod"));
        // Its mongod is back within a second, so it may be the one that is elected.
        Wait.until(
                "a primary of a later term",
                Duration.ofSeconds(40),
                () -> release.status().electionTerm() > before.electionTerm());
        StatusAnswers after = release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        writer.assertNothingLost(report);
        writer.assertNoGapOf(ELECTION_TIMEOUT, report);
        assertThat(restarts(release, primary)).as("restarts of mongod").isOne();
        assertThat(after.configVersion(0)).as("the configuration's version").isEqualTo(before.configVersion(0));
        assertThat(after.replicaSetId()).isEqualTo(before.replicaSetId());
        release.assertNeverForced();
    }

    @Test
    @DisplayName("the primary's pod is deleted by force: another one is elected without the election timeout")
    void primaryDeletedByForce() {
        Release release = releases.install(ReleaseValues.replicas(3));
        release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);
        int primary = release.primary();
        Wait.sleep(ELECTED_LONG_AGO);

        release.kubectl("delete", "pod", Release.podName(primary), "--force", "--grace-period=0")
                .orThrow();
        Wait.sleep(ELECTION_TIMEOUT.plusSeconds(5));
        StatusAnswers after = release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        writer.assertNothingLost(report);
        writer.assertNoGapOf(ELECTION_TIMEOUT, report);
        assertThat(after.primary()).isPresent().isNotEqualTo(Optional.of(primary));
        release.assertNeverForced();
    }

    private static int restarts(Release release, int ordinal) {
        return release.pod(ordinal).orElseThrow().getStatus().getContainerStatuses().stream()
                .filter(container -> container.getName().equals("mongod"))
                .mapToInt(container -> container.getRestartCount())
                .sum();
    }
}
