package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong around a sidecar: each is a clear message and a wait, not a crash. */
@Timeout(180)
class FaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aMongodThatIsNotThereIsWaitedFor() {
        try (LocalSet set = LocalSet.builder().members(1).build()) {
            set.startSidecars();
            SidecarStatus.awaitReason(set.member(0), "MONGOD_UNREACHABLE");
            assertThat(SidecarStatus.message(set.member(0)))
                    .contains(set.member(0).address().getHostAddress() + ":27017")
                    .contains("refused");
            assertThat(SidecarStatus.get(set.member(0), "/livez").code()).isEqualTo(200);
            assertThat(SidecarStatus.get(set.member(0), "/readyz").code()).isEqualTo(503);

            set.startMongods();
            set.awaitFormed(PATIENCE);
        }
    }

    @Test
    void aMongodThatHangsIsWaitedForAndNotRestarted() {
        try (LocalSet set = LocalSet.builder().members(1).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            set.member(0).freezeMongod();
            SidecarStatus.awaitReason(set.member(0), "MONGOD_UNREACHABLE");
            assertThat(SidecarStatus.get(set.member(0), "/livez").code())
                    .as("the loop turns, whatever mongod does")
                    .isEqualTo(200);
            set.member(0).thawMongod();
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
        }
    }

    @Test
    void aNameThatDoesNotResolveIsNamed() {
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            // The SRV answer carries the addresses too: one source that answers is enough.
            set.names().behave(1, new NameBehaviour.Failing());
            set.names().behaveService(new NameBehaviour.Failing());
            set.start();
            SidecarStatus.awaitReason(set.member(0), "PEERS_UNKNOWN");
            SidecarStatus.awaitMessage(set.member(0), "SERVFAIL");
            set.names().behave(1, new NameBehaviour.Served());
            set.awaitFormed(PATIENCE);
        }
    }

    /** mongod looks for itself again when it gets a heartbeat, and one that is REMOVED sends none. */
    @Test
    void membersWhoseNamesComeLateSaySoUntilOneOfThemIsRestarted() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            set.members().forEach(LocalMember::stopMongod);
            set.members().forEach(member -> set.names().hide(member.ordinal()));
            set.startMongods();
            for (LocalMember member : set.members()) {
                SidecarStatus.awaitMessage(member, "did not find itself in its configuration, which names it as");
            }

            set.members().forEach(member -> set.names().show(member.ordinal()));
            Awaitility.await()
                    .during(Duration.ofSeconds(10))
                    .atMost(PATIENCE)
                    .until(() -> SidecarStatus.reason(set.member(0)).equals("REMOVED"));
            set.member(0).stopMongod();
            set.member(0).startMongod();
            set.awaitFormed(PATIENCE);
        }
    }

    @Test
    void aPortInUseEndsTheSidecarWithAMessageThatNamesTheOption() throws IOException {
        try (LocalSet set = LocalSet.builder().members(1).build();
                ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(set.member(0).address(), 8017));
            set.startSidecars();
            assertThat(set.member(0).awaitSidecarExit(PATIENCE)).isEqualTo(1);
            assertThat(SidecarStatus.logLines(set.member(0)))
                    .anySatisfy(line -> assertThat(line).contains("8017").contains("--http-port"));
        }
    }

    @Test
    void aPrimaryThatDiesIsFollowedByAnotherWhoseSidecarActs() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
            Set<String> ids = BootstrapIT.replicaSetIds(set);
            try (MajorityWriter writer = new MajorityWriter(set)) {
                Thread.sleep(500);
                set.member(0).killMongod();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> set.members().stream()
                                .skip(1)
                                .anyMatch(member -> SidecarStatus.reason(member).equals("MEMBER_DOWN")));
                assertThat(config(set, primary(set)).getList("members", Document.class))
                        .as("a silent member is kept")
                        .hasSize(3);
                set.member(0).startMongod();
                set.awaitFormed(PATIENCE);
                assertThat(writer.lost()).isZero();
            }
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
        }
    }

    /** MongoDB's own election timeout is ten seconds. */
    @Test
    void aPrimaryThatEndsIsFollowedBeforeTheElectionTimeout() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            for (boolean withSidecar : List.of(false, true)) {
                SidecarStatus.awaitReason(set.member(primary(set)), "SETTLED");
                // A primary that was just elected is left to the timeout.
                Thread.sleep(12_000);
                LocalMember killed = set.member(primary(set));
                MajorityWriter writer = new MajorityWriter(set, "sidecar-killed-" + withSidecar);
                try (writer) {
                    Thread.sleep(500);
                    if (withSidecar) {
                        killed.killSidecar();
                    }
                    killed.killMongod();
                    Thread.sleep(12_000);
                }
                assertThat(writer.longestGap()).isLessThan(Duration.ofSeconds(8));
                assertThat(writer.failed()).isZero();
                assertThat(writer.lost()).isZero();
                killed.startMongod();
                killed.startSidecar();
                set.awaitFormed(PATIENCE);
            }
        }
    }

    @Test
    @Tag("root")
    void aNetworkPartitionNeverMakesASecondSet() throws InterruptedException {
        Optional<String> obstacle = LocalSet.cutObstacle();
        assertThat(obstacle).as("this test needs root and iptables").isEmpty();
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            Set<String> ids = BootstrapIT.replicaSetIds(set);
            set.cut(0);
            Thread.sleep(15_000);
            assertThat(SidecarStatus.reason(set.member(0))).isEqualTo("NO_PRIMARY");
            set.heal(0);
            set.awaitFormed(PATIENCE);
            assertThat(BootstrapIT.replicaSetIds(set)).isEqualTo(ids);
        }
    }

    static int primary(LocalSet set) {
        String name = set.observe().primary().orElseThrow();
        return set.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow()
                .ordinal();
    }

    static Document config(LocalSet set, int ordinal) {
        return set.mongo(ordinal)
                .getDatabase("admin")
                .runCommand(new Document("replSetGetConfig", 1))
                .get("config", Document.class);
    }
}
