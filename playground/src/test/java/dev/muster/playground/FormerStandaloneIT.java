package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mongods that ran as standalones first, on real mongods and real sidecars: they answer {@code NotYetInitialized}
 * like an empty one, and an initial sync would drop what they hold.
 */
@Timeout(180)
class FormerStandaloneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DOCUMENTS = 1000;

    @Test
    void dataOnALaterOrdinalIsNotClonedOver() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            fillAsStandalone(set.member(1));
            set.start();

            SidecarStatus.awaitReason(set.member(0), "HOLDS_DATA");
            SidecarStatus.awaitReason(set.member(1), "HOLDS_DATA");
            SidecarStatus.awaitReason(set.member(2), "AWAIT_FIRST_ORDINAL");
            assertThat(SidecarStatus.message(set.member(0)))
                    .contains("mongo-1: has no replica set configuration, but has data of its own: 1 collection");
            assertThat(SidecarStatus.message(set.member(1))).contains("1 collection in databases of its own");
            assertNothingIsInitiated(set);
            assertHoldsItsDocuments(set.member(1));
        }
    }

    @Test
    void dataOnTheFirstOrdinalIsNotMadeIntoASet() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            fillAsStandalone(set.member(0));
            set.start();

            SidecarStatus.awaitReason(set.member(0), "HOLDS_DATA");
            assertThat(SidecarStatus.message(set.member(0))).contains("1 collection in databases of its own");
            assertNothingIsInitiated(set);
            assertHoldsItsDocuments(set.member(0));
        }
    }

    @Test
    void aUserOnALaterOrdinalIsNotClonedOver() throws InterruptedException {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            asStandalone(
                    set.member(2),
                    client -> client.getDatabase("admin")
                            .runCommand(new Document("createUser", "bob")
                                    .append("pwd", "of no matter")
                                    .append("roles", List.of("root"))));
            set.start();

            SidecarStatus.awaitReason(set.member(0), "HOLDS_DATA");
            SidecarStatus.awaitReason(set.member(2), "HOLDS_DATA");
            assertThat(SidecarStatus.message(set.member(0)))
                    .contains("mongo-2: has no replica set configuration, but has data of its own: user bob@admin");
            assertNothingIsInitiated(set);
        }
    }

    @Test
    void dataIsNotClonedOverByASetThatGrows() {
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
            set.grow(3, FormerStandaloneIT::fillAsStandalone);

            SidecarStatus.awaitReason(set.member(2), "HOLDS_DATA");
            LocalMember primary = set.observe().members().stream()
                    .filter(member -> member.state().equals("PRIMARY"))
                    .map(member -> set.member(member.ordinal()))
                    .findFirst()
                    .orElseThrow();
            SidecarStatus.awaitReason(primary, "HOLDS_DATA");
            assertThat(SidecarStatus.message(primary))
                    .contains("mongo-2: has no replica set configuration, but has data of its own: 1 collection");
            assertHoldsItsDocuments(set.member(2));
        }
    }

    @ParameterizedTest(name = "ordinal {0}")
    @ValueSource(ints = {0, 1, 2})
    void theSetBeginsWithTheDataOfTheNamedOrdinal(int ordinal) {
        try (LocalSet set = LocalSet.builder()
                .members(3)
                .auth(true)
                .sidecarOption("--seed-ordinal=" + ordinal)
                .build()) {
            fillAsStandalone(set.member(ordinal));
            set.start();
            set.awaitFormed(PATIENCE);

            assertThat(BootstrapIT.replicaSetIds(set)).hasSize(1);
            assertThat(SidecarStatus.logLines(set.member(ordinal)))
                    .anyMatch(line -> line.contains("act SEED_APPROVED"));
            assertThat(set.members())
                    .allSatisfy(member -> assertThat(shop(member.mongo())
                                    .withReadPreference(ReadPreference.nearest())
                                    .countDocuments())
                            .as("documents on " + member.name())
                            .isEqualTo(DOCUMENTS));
        }
    }

    @Test
    void noEmptySetIsInitiatedInThePlaceOfTheNamedData() throws InterruptedException {
        try (LocalSet set =
                LocalSet.builder().members(3).sidecarOption("--seed-ordinal=1").build()) {
            set.start();

            SidecarStatus.awaitReason(set.member(0), "AWAIT_SEED");
            SidecarStatus.awaitReason(set.member(1), "SEED_EMPTY");
            assertNothingIsInitiated(set);
        }
    }

    private interface Use {
        void use(MongoClient client);
    }

    /** Runs its mongod without {@code --replSet} for a while. */
    private static void asStandalone(LocalMember member, Use use) {
        member.setInReplicaSet(false);
        member.startMongod();
        use.use(member.mongo());
        member.stopMongod();
        member.setInReplicaSet(true);
    }

    private static MongoCollection<Document> shop(MongoClient client) {
        return client.getDatabase("shop").getCollection("orders");
    }

    private static void fillAsStandalone(LocalMember member) {
        asStandalone(
                member,
                client -> shop(client)
                        .insertMany(IntStream.range(0, DOCUMENTS)
                                .mapToObj(number -> new Document("_id", number))
                                .toList()));
    }

    private static void assertHoldsItsDocuments(LocalMember member) {
        member.killSidecar();
        member.killMongod();
        asStandalone(member, client -> assertThat(shop(client).countDocuments()).isEqualTo(DOCUMENTS));
    }

    private static void assertNothingIsInitiated(LocalSet set) throws InterruptedException {
        // A set of three empty members has formed after two seconds.
        Thread.sleep(10_000);
        assertThat(BootstrapIT.replicaSetIds(set)).isEmpty();
        assertThat(set.members())
                .allSatisfy(member ->
                        assertThat(SidecarStatus.get(member, "/readyz").code()).isEqualTo(503))
                .allSatisfy(member ->
                        assertThat(SidecarStatus.logLines(member)).noneMatch(line -> line.contains("act INITIATE")));
    }
}
