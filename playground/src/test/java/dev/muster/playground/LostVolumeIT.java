package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that comes back empty, on real mongods and real sidecars: never a second set, and the data comes back. */
@Timeout(180)
class LostVolumeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void s7TheFirstOrdinalComesBackEmptyAndClonesAgain() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            Set<String> ids = form(set);
            try (MajorityWriter writer = new MajorityWriter(set)) {
                Thread.sleep(1000);
                set.member(0).wipe();
                set.awaitFormed(PATIENCE);
                assertThat(writer.lost()).isZero();
                assertThat(writer.acknowledged()).isPositive();
            }
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
            assertThat(set.member(0).clonedFrom()).isPresent();
        }
    }

    @Test
    void s7TheSameWithItsSidecarRestarted() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            Set<String> ids = form(set);
            set.member(0).killSidecar();
            set.member(0).wipe();
            set.member(0).startSidecar();
            set.awaitFormed(PATIENCE);
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
            assertThat(SidecarStatus.logLines(set.member(0)).stream().filter(line -> line.contains("act INITIATE")))
                    .as("the log holds both runs of the sidecar: only the first made a set")
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void s8TheFirstOrdinalComesBackEmptyWhileNoPrimaryCanBeElected() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            Set<String> ids = form(set);
            set.member(2).killMongod();
            set.member(0).wipe();
            Thread.sleep(20_000);
            assertThat(idsOfRunning(set)).isSubsetOf(ids);

            set.member(2).startMongod();
            set.awaitFormed(PATIENCE);
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
        }
    }

    @Test
    void s9TheFirstOrdinalComesBackEmptyBeforeAnybodyNoticed() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            Set<String> ids = form(set);
            for (int again = 0; again < 3; again++) {
                // A wiped mongod answers after half a second; heartbeats come every two.
                set.member(0).wipe();
                set.awaitAnswering(PATIENCE);
                set.awaitFormed(PATIENCE);
                assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
            }
        }
    }

    @Test
    void s11PeersThatRefuseTheKeyfileAreUnknownAndNotEmpty() throws IOException {
        try (LocalSet set = LocalSet.builder().members(3).auth(true).build()) {
            Path keyfile = set.credentials().orElseThrow().keyfile();
            String key = Files.readString(keyfile);
            set.member(0).startMongod();
            set.member(1).startMongod();
            awaitListening(set, 0, 1);
            // mongod reads its keyfile at start alone.
            Files.writeString(keyfile, "b3RoZXIta2V5LWZpbGU=");
            set.member(2).startMongod();
            awaitListening(set, 2);
            Files.writeString(keyfile, key);
            set.startSidecars();

            SidecarStatus.awaitReason(set.member(2), "MONGOD_DENIED");
            SidecarStatus.awaitReason(set.member(0), "PEERS_UNKNOWN");
            SidecarStatus.awaitMessage(set.member(0), "mongo-2: it refuses this sidecar's keyfile");
            assertThat(SidecarStatus.get(set.member(2), "/readyz").code()).isEqualTo(503);
            assertThat(set.members()).allMatch(LocalMember::isSidecarAlive);
        }
    }

    @Test
    void aMemberWipedUnderLoadClonesFromItsPredecessor() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            Set<String> ids = form(set);
            try (MajorityWriter writer = new MajorityWriter(set)) {
                Thread.sleep(1000);
                set.member(2).wipe();
                SetState again = set.awaitFormed(PATIENCE);

                assertThat(again.members().get(2).clonedFrom())
                        .isEqualTo(Optional.of(set.member(1).host()));
                assertThat(writer.lost()).isZero();
                assertThat(writer.failed()).isZero();
            }
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
        }
    }

    private static void awaitListening(LocalSet set, int... ordinals) {
        for (int ordinal : ordinals) {
            Awaitility.await().atMost(PATIENCE).until(() -> set.member(ordinal).isListening());
        }
    }

    private static Set<String> form(LocalSet set) {
        set.start();
        set.awaitFormed(PATIENCE);
        SidecarStatus.awaitReason(set.member(0), "SETTLED");
        return BootstrapIT.replicaSetIds(set);
    }

    private static Set<String> idsOfRunning(LocalSet set) {
        return set.members().stream()
                .filter(LocalMember::isMongodAlive)
                .map(member -> member.mongo()
                        .getDatabase("local")
                        .getCollection("system.replset")
                        .find()
                        .first())
                .filter(Objects::nonNull)
                .map(stored -> stored.get("settings", Document.class)
                        .getObjectId("replicaSetId")
                        .toHexString())
                .collect(Collectors.toSet());
    }
}
