package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that come, are renamed, adopted, and what people do meanwhile. */
@Timeout(240)
class MembershipIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void growingToFiveNoNewMemberLoadsThePrimary() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            set.grow(5);
            SetState grown = set.awaitFormed(PATIENCE);

            // The predecessor is named before bytes are copied; an empty set's clone may be quicker on a busy machine.
            List<String> secondaries = List.of(
                    set.member(1).host(), set.member(2).host(), set.member(3).host());
            assertThat(grown.members().get(3).clonedFrom().orElseThrow())
                    .isIn(secondaries)
                    .isNotEqualTo(grown.members().get(3).host());
            assertThat(grown.members().get(4).clonedFrom().orElseThrow()).isIn(secondaries);
        }
    }

    @Test
    void aSetMadeByHandIsAdoptedAndItsMembersRenamedWithoutANewElection() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.startMongods();
            set.awaitAnswering(PATIENCE);
            List<Document> members = new ArrayList<>();
            for (LocalMember member : set.members()) {
                set.names().alias(member.name(), member.ordinal());
                members.add(new Document("_id", member.ordinal() + 4)
                        .append("host", member.name() + ":27017")
                        .append("priority", member.ordinal() == 1 ? 3.0 : 1.0)
                        .append("tags", new Document("rack", "r" + member.ordinal())));
            }
            set.mongo(1)
                    .getDatabase("admin")
                    .runCommand(new Document("replSetInitiate", new Document("_id", "rs0").append("members", members)));
            Awaitility.await().atMost(PATIENCE).until(() -> isPrimary(set, 1));
            Object term = FaultIT.config(set, 1).get("term");

            set.startSidecars();
            SidecarStatus.awaitReason(set.member(1), "SETTLED");

            Document config = FaultIT.config(set, 1);
            assertThat(config.getList("members", Document.class))
                    .satisfiesExactly(
                            member -> assertRenamed(member, set, 0, 1.0),
                            member -> assertRenamed(member, set, 1, 3.0),
                            member -> assertRenamed(member, set, 2, 1.0));
            assertThat(config.get("term")).as("nobody was elected anew").isEqualTo(term);
            assertThat(SidecarStatus.logLines(set.member(1)).stream().filter(line -> line.contains("act RENAME")))
                    .hasSize(3)
                    .last()
                    .asString()
                    .as("the primary last")
                    .contains("mongo-1.mongo");
        }
    }

    @Test
    void namesOfAnotherDomainAreKeptAndTheSetGrows() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.startMongods();
            set.awaitAnswering(PATIENCE);
            List<String> hosts = new ArrayList<>();
            List<Document> members = new ArrayList<>();
            for (LocalMember member : set.members()) {
                String name = "db%d.example.com".formatted(member.ordinal());
                set.names().alias(name, member.ordinal());
                hosts.add(name + ":27017");
                members.add(new Document("_id", member.ordinal()).append("host", hosts.getLast()));
            }
            set.mongo(0)
                    .getDatabase("admin")
                    .runCommand(new Document("replSetInitiate", new Document("_id", "rs0").append("members", members)));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> IntStream.range(0, 3).anyMatch(of -> isPrimary(set, of)));
            int primary = IntStream.range(0, 3)
                    .filter(of -> isPrimary(set, of))
                    .findFirst()
                    .orElseThrow();

            set.startSidecars();
            SidecarStatus.awaitReason(set.member(primary), "SETTLED");
            assertThat(hostsOf(set)).isEqualTo(hosts);
            for (LocalMember member : set.members()) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> SidecarStatus.get(member, "/readyz").code() == 200);
            }

            set.grow(4);
            hosts.add(set.member(3).host());
            Awaitility.await().atMost(PATIENCE).until(() -> hostsOf(set).equals(hosts));
            SidecarStatus.awaitReason(set.member(primary), "SETTLED");
            assertThat(hostsOf(set)).isEqualTo(hosts);
        }
    }

    private static List<String> hostsOf(LocalSet set) {
        return FaultIT.config(set, 0).getList("members", Document.class).stream()
                .map(member -> member.getString("host"))
                .toList();
    }

    @Test
    void nobodyIsAddedWhileAMemberUnderAnotherNameIsDownUntilAPersonRemovesIt() {
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            set.startMongods();
            set.awaitAnswering(PATIENCE);
            set.names().alias("mongo-0", 0);
            Document first = new Document("_id", 0).append("host", "mongo-0:27017");
            Document lost = new Document("_id", 1)
                    .append("host", "lost:27017")
                    .append("votes", 0)
                    .append("priority", 0);
            set.mongo(0)
                    .getDatabase("admin")
                    .runCommand(new Document(
                            "replSetInitiate", new Document("_id", "rs0").append("members", List.of(first))));
            Awaitility.await().atMost(PATIENCE).until(() -> isPrimary(set, 0));
            reconfigure(set, List.of(first, lost));

            set.startSidecars();
            SidecarStatus.awaitReason(set.member(0), "AWAIT_RENAME");
            Awaitility.await()
                    .during(Duration.ofSeconds(12))
                    .atMost(PATIENCE)
                    .until(() -> FaultIT.config(set, 0)
                                    .getList("members", Document.class)
                                    .size()
                            == 2);

            Document renamed =
                    FaultIT.config(set, 0).getList("members", Document.class).getFirst();
            reconfigure(set, List.of(renamed));
            SidecarStatus.awaitReason(set.member(0), "SETTLED");

            assertThat(FaultIT.config(set, 0).getList("members", Document.class))
                    .extracting(member -> member.getString("host"))
                    .containsExactly(set.member(0).host(), set.member(1).host());
        }
    }

    private static void reconfigure(LocalSet set, List<Document> members) {
        Document config = new Document(FaultIT.config(set, 0)).append("members", members);
        config.put("version", config.getInteger("version") + 1);
        set.mongo(0).getDatabase("admin").runCommand(new Document("replSetReconfig", config));
    }

    private static void assertRenamed(Document member, LocalSet set, int ordinal, double priority) {
        assertThat(member.getInteger("_id")).isEqualTo(ordinal + 4);
        assertThat(member.getString("host")).isEqualTo(set.member(ordinal).host());
        assertThat(member.get("priority")).isEqualTo(priority);
        assertThat(member.get("tags", Document.class)).isEqualTo(new Document("rack", "r" + ordinal));
    }

    private static boolean isPrimary(LocalSet set, int ordinal) {
        return set.mongo(ordinal)
                .getDatabase("admin")
                .runCommand(new Document("hello", 1))
                .getBoolean("isWritablePrimary", false);
    }

    @Test
    void s30AVoteThatAPersonTookIsNotGivenBack() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
            Document config = FaultIT.config(set, 0);
            config.put("version", config.getInteger("version") + 1);
            Document third = config.getList("members", Document.class).get(2);
            third.put("votes", 0);
            third.put("priority", 0);
            set.mongo(0).getDatabase("admin").runCommand(new Document("replSetReconfig", config));

            Thread.sleep(5000);

            Document later = FaultIT.config(set, 0);
            assertThat(later.getInteger("version")).isEqualTo(config.getInteger("version"));
            assertThat(later.getList("members", Document.class).get(2).getInteger("votes"))
                    .isZero();
            assertThat(SidecarStatus.reason(set.member(0))).isEqualTo("SETTLED");
        }
    }

    @Test
    void s44APausedSidecarOnlyObservesAlsoAfterARestart() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            set.startSidecars();
            LocalMember first = set.member(0);
            SidecarStatus.awaitReason(first, "MONGOD_UNREACHABLE");
            assertThat(Cli.run("pause", "--socket=" + first.socket()).code()).isZero();
            set.startMongods();
            SidecarStatus.awaitReason(first, "PAUSED");
            assertThat(SidecarStatus.message(first)).contains("would now: initiates the set");

            first.killSidecar();
            first.startSidecar();
            SidecarStatus.awaitReason(first, "PAUSED");
            Thread.sleep(3000);
            assertThat(BootstrapIT.replicaSetIds(set)).isEmpty();

            assertThat(Cli.run("resume", "--socket=" + first.socket()).code()).isZero();
            set.awaitFormed(PATIENCE);
        }
    }

    @Test
    void stepDownHandsOverUnderWritesWithoutALostOrFailedOne() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
            try (MajorityWriter writer = new MajorityWriter(set)) {
                Thread.sleep(1000);
                Cli.Result answer =
                        Cli.run("step-down", "--socket=" + set.member(0).socket());
                assertThat(answer.code()).as(answer.output()).isZero();
                assertThat(answer.output()).contains("handed over to mongo-");
                Thread.sleep(2000);
                assertThat(writer.lost()).isZero();
                assertThat(writer.failed()).isZero();
                assertThat(writer.longestGap()).isLessThan(Duration.ofSeconds(8));
            }
            assertThat(FaultIT.primary(set)).isNotZero();
        }
    }
}
