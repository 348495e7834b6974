package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that come and go because somebody says so. */
@Tag("e2e")
@Timeout(300)
class ScaleE2E {
    private static final Duration FORMS = BootstrapE2E.FORMS;
    private static final Duration LEAVES = Duration.ofMinutes(2);

    @RegisterExtension
    final Releases releases = new Releases();

    @Test
    @DisplayName(
            "S26, S27: 3 to 5, then to 1 with the primary at the highest ordinal: votes one by one, no failed write")
    void upAndDown() {
        Release release = releases.install(ReleaseValues.replicas(3));
        String id = release.awaitFormed(FORMS).replicaSetId();
        WriterPod writer = WriterPod.start(release);

        release.scale(5);
        release.awaitFormed(FORMS);
        assertSingleSteps(release);
        makePrimary(release, 4);

        release.scale(1);
        awaitGone(release, List.of(1, 2, 3, 4));
        release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        report.assertNoneFailed();
        writer.assertNothingLost(report);
        assertSingleSteps(release);
        assertThat(release.replicaSetIds()).containsExactly(id);
        release.assertNeverForced();
    }

    @Test
    @DisplayName("S29: 3 to 2 to 3 within a minute: three members with ids of their own, no ghosts")
    void downAndUpAgain() {
        Release release = releases.install(ReleaseValues.replicas(3));
        String id = release.awaitFormed(FORMS).replicaSetId();
        release.writeMarkers(100);

        release.scale(2);
        Wait.sleep(Duration.ofSeconds(1));
        release.scale(3);
        release.awaitFormed(LEAVES);

        try (ForwardedMongod mongod = release.mongod(release.primary())) {
            List<Document> members = mongod.config().getList("members", Document.class);
            Set<Integer> ids = new HashSet<>();
            assertThat(members)
                    .hasSize(3)
                    .allSatisfy(member ->
                            assertThat(ids.add(member.getInteger("_id"))).isTrue());
        }
        assertThat(release.replicaSetIds()).containsExactly(id);
        release.assertMarkers(100);
        assertSingleSteps(release);
    }

    @Test
    @DisplayName("OrderedReady, 3 to 1: members leave in their order")
    void orderedDown() {
        Release release = releases.install(ReleaseValues.replicas(3).with("podManagementPolicy", "OrderedReady"));
        release.awaitFormed(FORMS);
        WriterPod writer = WriterPod.start(release);

        release.scale(1);
        awaitGone(release, List.of(1, 2));
        release.awaitFormed(FORMS);
        writer.awaitProgress(Duration.ofSeconds(30));
        WriterPod.Report report = writer.stop();

        report.assertNoneFailed();
        writer.assertNothingLost(report);
        assertSingleSteps(release);
    }

    private static void assertSingleSteps(Release release) {
        ConfigHistory history = release.configHistory();
        assertThat(history.complete())
                .as("every configuration is in a log: %s", history)
                .isTrue();
        assertThat(history.leaps()).as("steps that change several votes").isEmpty();
    }

    private static void makePrimary(Release release, int ordinal) {
        try (ForwardedMongod mongod = release.mongod(ordinal)) {
            Wait.until("a step-up of " + Release.podName(ordinal), Duration.ofSeconds(30), () -> {
                try {
                    mongod.stepUp();
                    return true;
                } catch (MongoCommandException e) {
                    // Staler than the primary, under writes: the next moment it is not.
                    return false;
                }
            });
        }
        Wait.until(
                "its sidecar sees it",
                Duration.ofSeconds(10),
                () -> release.status()
                        .primary()
                        .filter(primary -> primary == ordinal)
                        .isPresent());
    }

    private static void awaitGone(Release release, List<Integer> ordinals) {
        Wait.until(
                "the pods that are scaled away are gone",
                LEAVES,
                () -> ordinals.stream()
                        .noneMatch(ordinal -> release.pod(ordinal).isPresent()));
    }

    @Nested
    @Tag("nodes")
    class WithAMemberDown {
        @RegisterExtension
        final NodeFaults nodes = new NodeFaults();

        @Test
        @DisplayName("S28: 3 to 2 while a member that stays is down: held, with the reason; done once it is back")
        void heldWhileAKeptMemberIsDown() {
            Release release = releases.install(ReleaseValues.replicas(3));
            release.awaitFormed(FORMS);
            makePrimary(release, 0);
            String node = release.nodeOf(1);
            assertThat(List.of(release.nodeOf(0), release.nodeOf(2))).doesNotContain(node);

            nodes.crash(node);
            Wait.untilAsserted(
                    "the member is seen as down",
                    Duration.ofSeconds(40),
                    () -> assertThat(release.status(List.of(0)).reason(0)).contains("MEMBER_DOWN"));
            release.scale(2);
            String message = Wait.untilPresent("the reason is shown", Duration.ofSeconds(40), () -> {
                StatusAnswers seen = release.status(List.of(0));
                return seen.reason(0)
                        .filter(reason -> reason.equals("LEAVE_HELD"))
                        .flatMap(_ -> seen.message(0));
            });
            assertThat(message).contains("mongo-1");
            Wait.throughout(
                    Duration.ofSeconds(8),
                    () -> assertThat(release.status(List.of(0)).members(0))
                            .as("members while it is held")
                            .hasSize(3));
            assertThat(release.pod(2)).as("the pod that is to leave").isPresent();

            nodes.boot(node);
            awaitGone(release, List.of(2));
            release.awaitFormed(FORMS);
            assertSingleSteps(release);
            release.assertNeverForced();
        }
    }
}
