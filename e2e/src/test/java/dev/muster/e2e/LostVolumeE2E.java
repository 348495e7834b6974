package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that are lost, or are somebody else's: there is never a second set. */
@Tag("e2e")
@Timeout(240)
class LostVolumeE2E {
    private static final Duration FORMS = BootstrapE2E.FORMS;
    private static final Duration STOPS = Duration.ofSeconds(90);
    private static final Duration DECIDES = Duration.ofSeconds(60);
    private static final int MARKERS = 500;

    /** An election takes ten to eleven seconds. */
    private static final Duration TWO_ELECTIONS = Duration.ofSeconds(25);

    @RegisterExtension
    final Releases releases = new Releases();

    private Release formedWithData() {
        Release release = releases.install(ReleaseValues.replicas(3));
        release.awaitFormed(FORMS);
        release.writeMarkers(MARKERS);
        return release;
    }

    private static void assertSameSet(Release release, String replicaSetId) {
        release.awaitFormed(FORMS);
        assertThat(release.replicaSetIds()).containsExactly(replicaSetId);
        assertThat(release.initiations()).as("initiations in the set's life").isOne();
        release.assertMarkers(MARKERS);
        release.assertNeverForced();
    }

    @ParameterizedTest(name = "S7: pod 0 comes back empty while its peers are up: it clones, run {0}")
    @MethodSource("dev.muster.e2e.TestSettings#repeat")
    void firstVolumeLost(int run) {
        Release release = formedWithData();
        String id = release.status().replicaSetId();

        release.loseVolumes(List.of(0), List.of(), STOPS);

        assertSameSet(release, id);
    }

    @ParameterizedTest(name = "S8, S9: pod 0 comes back empty while all others restart: it waits, then clones, run {0}")
    @MethodSource("dev.muster.e2e.TestSettings#repeat")
    void firstVolumeLostInAFullRestart(int run) {
        Release release = formedWithData();
        String id = release.status().replicaSetId();

        release.loseVolumes(List.of(0), List.of(1, 2), STOPS);

        assertSameSet(release, id);
    }

    @Test
    @DisplayName("S12: all volumes gone: nothing is made until a person approves it, once")
    void allVolumesLost() {
        Release release = formedWithData();
        String id = release.status().replicaSetId();

        release.loseVolumes(List.of(0, 1, 2), List.of(), STOPS);
        release.awaitReason(0, "NEW_SET_NEEDS_APPROVAL", DECIDES);
        Wait.throughout(
                Duration.ofSeconds(8),
                () -> assertThat(release.replicaSetIds())
                        .as("sets made without approval")
                        .isEmpty());
        assertThat(approve(release, "000000000000000000000000").succeeded())
                .as("an approval for another set")
                .isFalse();
        assertThat(release.replicaSetIds()).isEmpty();

        approve(release, id).orThrow();
        StatusAnswers formed = release.awaitFormed(FORMS);

        assertThat(formed.replicaSetId()).isNotEqualTo(id);
        assertThat(release.replicaSetIds()).containsExactly(formed.replicaSetId());
        assertThat(release.record().orElseThrow().getData().values()).contains(formed.replicaSetId());
        assertThat(approve(release, id).succeeded()).as("a second approval").isFalse();
        assertThat(release.awaitFormed(FORMS).replicaSetId()).isEqualTo(formed.replicaSetId());
    }

    private static ExternalCommand.Result approve(Release release, String replicaSetId) {
        return release.muster(0, "approve", "new-set", "--replica-set-id", replicaSetId, "--yes");
    }

    @Test
    @DisplayName("S13: the record is deleted by hand while the set lives: it is made again, with the same id")
    void recordDeleted() {
        Release release = formedWithData();
        String id = release.status().replicaSetId();
        String before = release.record().orElseThrow().getMetadata().getUid();

        release.client()
                .configMaps()
                .inNamespace(release.namespace())
                .withName(Release.RECORD)
                .delete();
        Wait.untilAsserted(
                "the record is made again",
                DECIDES,
                () -> assertThat(release.record()).hasValueSatisfying(record -> {
                    assertThat(record.getMetadata().getUid()).isNotEqualTo(before);
                    assertThat(record.getData().values()).contains(id);
                }));

        assertSameSet(release, id);
    }

    @Test
    @DisplayName("S14: a volume of another set of the same name: it is left alone, and its data untouched")
    void foreignVolume() {
        Release other = releases.install(ReleaseValues.replicas(1));
        Release release = releases.install(ReleaseValues.replicas(2));
        String otherId = other.awaitFormed(FORMS).replicaSetId();
        String id = release.awaitFormed(FORMS).replicaSetId();
        Document lastEntry;
        try (ForwardedMongod mongod = other.mongod(0)) {
            mongod.putLocal(new Document("_id", "mark").append("of", otherId));
            lastEntry = moveOut(other, mongod);
        }

        bind(other, release, 2);
        release.upgrade(ReleaseValues.replicas(3));

        release.awaitReason(2, "FOREIGN_SET", DECIDES);
        release.awaitReason(release.status(List.of(0, 1)).primary().orElseThrow(), "FOREIGN_PEER", DECIDES);
        Wait.throughout(Duration.ofSeconds(5), () -> {
            assertThat(release.status(List.of(2)).answers().values())
                    .as("a foreign member is not ready")
                    .noneMatch(status -> status.getBoolean("ready", false));
            assertThat(release.status(List.of(0)).members(0))
                    .extracting(member -> member.getString("name"))
                    .containsExactlyInAnyOrder("mongo-0", "mongo-1");
        });
        try (ForwardedMongod mongod = release.mongod(2)) {
            assertThat(mongod.replicaSetId()).contains(otherId);
            assertThat(mongod.getLocal().orElseThrow()).containsEntry("of", otherId);
            assertThat(mongod.lastOplogEntry().get("ts"))
                    .as("nothing was written after the set's own life")
                    .isEqualTo(lastEntry.get("ts"));
        }
        assertThat(release.status(List.of(0)).replicaSetId()).isEqualTo(id);
    }

    /** As a backup tool restores a namespace under another name: all volumes, and with them the record, or not. */
    @ParameterizedTest(name = "a namespace is restored under another name, with its record: {0}")
    @ValueSource(booleans = {true, false})
    void restoredInAnotherNamespace(boolean withRecord) {
        Release former = formedWithData();
        String id = former.status().replicaSetId();
        ConfigMap record = former.record().orElseThrow();
        former.uninstall();
        Wait.until(
                "the former pods are gone",
                STOPS,
                () -> IntStream.range(0, 3)
                        .allMatch(ordinal -> former.pod(ordinal).isEmpty()));
        Release release = releases.create();
        IntStream.range(0, 3).forEach(ordinal -> bind(former, ordinal, release, ordinal));
        if (withRecord) {
            release.client()
                    .resource(new ConfigMapBuilder(record)
                            .withNewMetadata()
                            .withName(Release.RECORD)
                            .withNamespace(release.namespace())
                            .endMetadata()
                            .build())
                    .create();
        }
        release.install(ReleaseValues.replicas(3));
        for (int ordinal : List.of(0, 1, 2)) {
            release.awaitReason(ordinal, "REMOVED", FORMS);
        }
        Matcher command = Pattern.compile("muster (approve rename-set .*) in this pod")
                .matcher(release.status(List.of(1)).message(1).orElseThrow());
        assertThat(command.find()).as("the message says what to run").isTrue();
        String[] words = command.group(1).replace("'", "").split(" ");
        assertThat(release.muster(1, words).succeeded()).as("only the plan").isFalse();
        Wait.throughout(
                Duration.ofSeconds(5),
                () -> assertThat(release.status().primary())
                        .as("nothing is approved")
                        .isEmpty());

        release.muster(1, Stream.concat(Stream.of(words), Stream.of("--yes")).toArray(String[]::new))
                .orThrow();
        StatusAnswers formed = release.awaitFormed(FORMS);

        assertThat(formed.replicaSetId()).isNotEqualTo(id);
        assertThat(release.record().orElseThrow().getData())
                .containsEntry("replica-set-id", formed.replicaSetId())
                .containsEntry("namespace", release.namespace());
        release.assertMarkers(MARKERS);
        release.assertNeverForced();
        try (ForwardedMongod mongod = release.mongod(2)) {
            assertThat(mongod.config().getList("members", Document.class))
                    .extracting(member -> member.getString("host"))
                    .allSatisfy(host -> assertThat(host).contains("." + release.namespace() + "."));
        }
    }

    /** Stops the other set for good; returns what its oplog ends with. */
    private static Document moveOut(Release other, ForwardedMongod mongod) {
        // A primary writes a no-op each 10 s; stepped down, the oplog's end stays as it is.
        mongod.admin(new Document("replSetStepDown", 300).append("force", true));
        Document last = mongod.lastOplogEntry();
        other.uninstall();
        Wait.until("the other set's pod is gone", STOPS, () -> other.pod(0).isEmpty());
        return last;
    }

    /** Binds the other set's volume to the claim of a member to come. */
    private static void bind(Release other, Release release, int ordinal) {
        bind(other, 0, release, ordinal);
    }

    private static void bind(Release other, int from, Release release, int ordinal) {
        PersistentVolumeClaim claim = other.claim(from).orElseThrow();
        String volume = claim.getSpec().getVolumeName();
        patchVolume(release, volume, "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}");
        other.client().resource(claim).delete();
        Wait.until(
                "the other set's claim is gone", STOPS, () -> other.claim(from).isEmpty());
        PersistentVolume free = patchVolume(release, volume, "{\"spec\":{\"claimRef\":null}}");
        release.client()
                .resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(Release.claimName(ordinal))
                        .withNamespace(release.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withVolumeName(volume)
                        .withStorageClassName(free.getSpec().getStorageClassName())
                        .withAccessModes(free.getSpec().getAccessModes())
                        .withNewResources()
                        .withRequests(Objects.requireNonNull(free.getSpec().getCapacity()))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
        // It goes with its new claim.
        patchVolume(release, volume, "{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Delete\"}}");
    }

    /** Whatever the volume's controller writes meanwhile: only this field changes. */
    private static PersistentVolume patchVolume(Release release, String volume, String patch) {
        return release.client()
                .persistentVolumes()
                .withName(volume)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    @Nested
    @Tag("nodes")
    class WithPeersCutOff {
        @RegisterExtension
        final NodeFaults nodes = new NodeFaults();

        @ParameterizedTest(name = "S10: pod 0 comes back empty while its peers are cut off: it waits for 60 s, run {0}")
        @MethodSource("dev.muster.e2e.TestSettings#repeat")
        void firstVolumeLostAndPeersCutOff(int run) {
            Release release = formedWithData();
            String id = release.status().replicaSetId();
            String home = release.nodeOf(0);
            List<String> others = List.of(release.nodeOf(1), release.nodeOf(2));
            assertThat(others).as("nodes of the peers").doesNotContain(home).doesNotHaveDuplicates();

            others.forEach(nodes::cut);
            release.loseVolumes(List.of(0), List.of(), STOPS);
            Wait.until(
                    "the empty member's sidecar",
                    DECIDES,
                    () -> release.status(List.of(0)).reason(0).isPresent());
            Wait.throughout(Duration.ofSeconds(60), () -> {
                StatusAnswers seen = release.status(List.of(0));
                assertThat(seen.answers().values())
                        .as("an empty member without peers is not ready")
                        .noneMatch(status -> status.getBoolean("ready", false));
                assertThat(release.initiations()).isOne();
            });
            others.forEach(nodes::heal);

            assertSameSet(release, id);
        }

        /** MongoDB's own elections lose the write: the empty member votes for the one that lacks it. */
        @ParameterizedTest(
                name = "an empty member does not help to elect one that lacks an acknowledged write, run {0}")
        @MethodSource("dev.muster.e2e.TestSettings#repeat")
        void anAcknowledgedWriteIsKept(int run) {
            Release release = releases.install(
                    ReleaseValues.replicas(3).with("mongod.extraArgs", List.of("--setParameter=enableTestCommands=1")));
            String id = release.awaitFormed(FORMS).replicaSetId();
            int primary = release.status().primary().orElseThrow();
            int emptied = (primary + 1) % 3;
            int lagging = (primary + 2) % 3;
            String home = release.nodeOf(primary);
            assertThat(List.of(release.nodeOf(emptied), release.nodeOf(lagging)))
                    .as("nodes of the others")
                    .doesNotContain(home);

            replicates(release, lagging, false);
            release.writeMarkers(MARKERS);
            nodes.crash(home);
            release.loseVolumes(List.of(emptied), List.of(), STOPS);
            release.awaitReason(emptied, "AWAIT_START", DECIDES);
            Wait.throughout(
                    TWO_ELECTIONS,
                    () -> assertThat(release.status(List.of(emptied, lagging)).primary())
                            .as("a primary without the writes")
                            .isEmpty());
            try (ForwardedMongod mongod = release.mongod(lagging)) {
                assertThat(mongod.countMarkers())
                        .as("writes that the only other member with data has")
                        .isZero();
            }

            nodes.boot(home);
            Wait.untilAsserted(
                    "the member with the writes is the primary",
                    FORMS,
                    () -> assertThat(release.status().primary()).contains(primary));
            replicates(release, lagging, true);
            assertSameSet(release, id);
        }

        private static void replicates(Release release, int ordinal, boolean does) {
            try (ForwardedMongod mongod = release.mongod(ordinal)) {
                mongod.admin(new Document("configureFailPoint", "stopReplProducer")
                        .append("mode", does ? "off" : "alwaysOn"));
            }
        }
    }
}
