package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are drained, lose their power, or their network. One member stands on each. */
@Tag("e2e")
@Tag("nodes")
@Timeout(420)
class NodeE2E {
    private static final Duration FORMS = BootstrapE2E.FORMS;

    /** The members that are left need the election timeout, the application the time to notice. */
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    /** From the return of the power to a set that is whole. */
    private static final Duration COMES_BACK = Duration.ofMinutes(2);

    private static final int MARKERS = 200;

    /** The first to begin is the last to end: what failed is looked at before the nodes are mended. */
    @Order(1)
    @RegisterExtension
    final NodeFaults nodes = new NodeFaults();

    @Order(2)
    @RegisterExtension
    final Releases releases = new Releases();

    private Release formedOnThreeNodes() {
        Release release = releases.install(ReleaseValues.replicas(3));
        release.awaitFormed(FORMS);
        assertThat(release.ordinals().stream().map(release::nodeOf))
                .as("nodes of the members")
                .doesNotHaveDuplicates();
        return release;
    }

    private static void assertWhole(Release release, StatusAnswers before, WriterPod writer, WriterPod.Report report) {
        writer.assertNothingLost(report);
        assertUntouched(release, before);
    }

    private static void assertUntouched(Release release, StatusAnswers before) {
        StatusAnswers after = release.awaitFormed(COMES_BACK);
        assertThat(release.replicaSetIds()).containsExactly(before.replicaSetId());
        assertThat(after.configVersion(0)).as("the configuration's version").isEqualTo(before.configVersion(0));
        assertThat(release.initiations()).isOne();
        release.assertNeverForced();
    }

    @Test
    @DisplayName("S17: the primary's node is drained: a gap below the election timeout, no failed write")
    void drain() {
        Release release = formedOnThreeNodes();
        StatusAnswers before = release.status();
        String node = release.nodeOf(release.primary());
        WriterPod writer = WriterPod.startOn(release, release.nodeOf((release.primary() + 1) % 3));

        nodes.drain(node, "app.kubernetes.io/instance=" + Release.NAME, Duration.ofSeconds(90));
        nodes.uncordon(node);
        release.awaitFormed(COMES_BACK);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        writer.assertNoGapOf(RestartE2E.ELECTION_TIMEOUT, report);
        report.assertNoneFailed();
        assertWhole(release, before, writer, report);
    }

    @Test
    @DisplayName("power loss of the primary's node: the others go on; no acknowledged write lost")
    void powerLossOfOne() {
        withoutThePrimarysNode(nodes::crash, nodes::boot);
    }

    @Test
    @DisplayName("power loss of two nodes: no primary, nothing forced; whole again when they are back")
    void powerLossOfTwo() {
        Release release = formedOnThreeNodes();
        StatusAnswers before = release.status();
        int primary = release.primary();
        int survivor = (primary + 1) % 3;
        WriterPod writer = WriterPod.startOn(release, release.nodeOf(survivor));
        List<String> lost = List.of(release.nodeOf(primary), release.nodeOf((primary + 2) % 3));

        lost.forEach(nodes::crash);
        release.awaitReason(survivor, "NO_PRIMARY", FAILOVER);
        Wait.throughout(
                Duration.ofSeconds(10),
                () -> assertThat(release.status(List.of(survivor)).primary())
                        .as("a primary without a majority")
                        .isEmpty());
        lost.forEach(nodes::boot);
        release.awaitFormed(COMES_BACK);
        writer.awaitProgress(FAILOVER);
        WriterPod.Report report = writer.stop();

        assertWhole(release, before, writer, report);
    }

    @Test
    @DisplayName(
            "S21, S22: two nodes are given up: forced only as a person approved it, and whole again when they are back")
    void approvedForce() {
        Release release = formedOnThreeNodes();
        release.writeMarkers(MARKERS);
        release.assertMarkers(MARKERS);
        StatusAnswers before = release.status();
        int version = before.configVersion(0);
        int survivor = (release.primary() + 1) % 3;
        List<String> lost = release.ordinals().stream()
                .filter(ordinal -> ordinal != survivor)
                .map(release::nodeOf)
                .toList();

        lost.forEach(nodes::crash);
        release.awaitReason(survivor, "NO_PRIMARY", FAILOVER);
        // The survivor takes silent nodes for healthy for some seconds, and the approval is refused as long as it does.
        Wait.untilAsserted(
                "the plan",
                FAILOVER,
                () -> assertThat(force(release, survivor, before, version).output())
                        .contains("Plan: " + Release.podName(survivor), "Nothing was approved"));
        assertThat(force(release, survivor, before, version + 1, "--yes").succeeded())
                .as("an approval for another version")
                .isFalse();
        Wait.throughout(
                Duration.ofSeconds(10),
                () -> assertThat(release.status(List.of(survivor)).primary())
                        .as("a primary that nobody approved")
                        .isEmpty());
        force(release, survivor, before, version, "--yes").orThrow();
        Wait.until(
                "the survivor is primary",
                FAILOVER,
                () -> release.status(List.of(survivor)).primary().equals(Optional.of(survivor)));
        try (ForwardedMongod alone = release.mongod(survivor)) {
            assertThat(alone.countMarkers()).isEqualTo(MARKERS);
        }
        assertThat(release.configHistory().forced()).as("forced versions").hasSize(1);

        lost.forEach(nodes::boot);
        StatusAnswers whole = release.awaitFormed(COMES_BACK);

        assertThat(whole.replicaSetId()).isEqualTo(before.replicaSetId());
        assertThat(release.replicaSetIds()).containsExactly(before.replicaSetId());
        release.assertMarkers(MARKERS);
        assertThat(release.initiations()).isOne();
        assertThat(release.configHistory().forced()).as("forced versions").hasSize(1);
    }

    private static ExternalCommand.Result force(
            Release release, int ordinal, StatusAnswers set, int version, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "approve", "force-reconfig", "--replica-set-id=" + set.replicaSetId(), "--config-version=" + version));
        command.addAll(List.of(more));
        return release.muster(ordinal, command.toArray(String[]::new));
    }

    @Test
    @DisplayName("power loss of all three nodes: the set comes back by itself with every acknowledged write")
    void powerLossOfAll() {
        Release release = formedOnThreeNodes();
        StatusAnswers before = release.status();
        List<String> all = release.ordinals().stream().map(release::nodeOf).toList();
        WriterPod writer = WriterPod.start(release);
        Wait.sleep(Duration.ofSeconds(3));
        // The writer goes down with them: what it had been acknowledged by now is what counts.
        WriterPod.Report report = writer.report();

        all.forEach(nodes::crash);
        all.forEach(nodes::boot);
        release.awaitFormed(COMES_BACK);

        WriterPod.assertNothingLostWithoutWriter(release, report);
        assertUntouched(release, before);
    }

    @Test
    @DisplayName("S19: the primary is cut off: the others elect, nothing is forced, it rejoins when healed")
    void primaryCutOff() {
        withoutThePrimarysNode(nodes::cut, nodes::heal);
    }

    /** The others go on without it, and it is one of them again when it is back. */
    private void withoutThePrimarysNode(Consumer<String> fail, Consumer<String> mend) {
        Release release = formedOnThreeNodes();
        StatusAnswers before = release.status();
        int primary = release.primary();
        String node = release.nodeOf(primary);
        WriterPod writer = WriterPod.startOn(release, release.nodeOf((primary + 1) % 3));

        fail.accept(node);
        writer.awaitProgress(FAILOVER);
        mend.accept(node);
        release.awaitFormed(COMES_BACK);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        assertWhole(release, before, writer, report);
    }

    @Test
    @DisplayName("S25: a node is dead and its pod stuck Terminating: no member is removed, none comes twice")
    void deadNodeWithATerminatingPod() {
        Release release = formedOnThreeNodes();
        StatusAnswers before = release.status();
        int primary = release.primary();
        int stuck = (primary + 1) % 3;
        String uid = release.pod(stuck).orElseThrow().getMetadata().getUid();

        nodes.crash(release.nodeOf(stuck));
        release.client()
                .pods()
                .inNamespace(release.namespace())
                .withName(Release.podName(stuck))
                .delete();
        release.awaitReason(primary, "MEMBER_DOWN", FAILOVER);
        Wait.throughout(Duration.ofSeconds(20), () -> {
            assertThat(release.pod(stuck).orElseThrow().getMetadata())
                    .as("the pod that is stuck")
                    .satisfies(metadata -> {
                        assertThat(metadata.getUid()).isEqualTo(uid);
                        assertThat(metadata.getDeletionTimestamp()).isNotNull();
                    });
            assertThat(release.status(List.of(primary)).answers().values())
                    .allSatisfy(
                            status -> assertThat(StatusAnswers.members(status)).hasSize(3));
        });
        nodes.boot(release.nodeOf(stuck));
        Wait.until(
                "another pod in its place",
                COMES_BACK,
                () -> release.pod(stuck)
                        .filter(pod -> !pod.getMetadata().getUid().equals(uid))
                        .isPresent());

        assertUntouched(release, before);
    }
}
