package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The playground's own machinery on real mongods, which the driver initiates: no sidecar takes part. */
@Timeout(120)
class LocalSetIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void mongodsFormASetThatIsWipedCutGrownAndGoneAfterClose() {
        Path directory;
        List<Long> processes;
        try (LocalSet set = LocalSet.builder().members(2).build()) {
            directory = set.directory();
            set.startMongods();
            set.awaitAnswering(PATIENCE);
            initiate(set);
            SetState formed = set.awaitFormed(PATIENCE);
            assertThat(formed.primary()).contains("mongo-0");
            assertThat(formed.replicaSetId()).isPresent();
            assertThat(formed.members().get(1).clonedFrom())
                    .contains(set.member(0).host());
            set.client().getDatabase("test").getCollection("things").insertOne(new Document("_id", 1));

            set.member(1).wipe();
            set.awaitAnswering(PATIENCE);
            set.awaitFormed(PATIENCE);

            if (LocalSet.cutObstacle().isEmpty()) {
                set.cut(1);
                assertThat(set.member(1).isListening()).isFalse();
                set.heal(1);
                assertThat(set.member(1).isListening()).isTrue();
            }
            set.member(1).freezeMongod();
            assertThat(set.observe().members().get(1).state()).isEqualTo("frozen");
            set.member(1).thawMongod();
            set.awaitFormed(PATIENCE);
            processes = set.members().stream()
                    .map(LocalMember::mongodPid)
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(processes).hasSize(2);
        }
        assertThat(Files.exists(directory)).isFalse();
        assertThat(processes).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void aSetWithAuthenticationIsReachableAsSystem() {
        try (LocalSet set = LocalSet.builder().members(1).auth(true).build()) {
            set.startMongods();
            set.awaitAnswering(PATIENCE);
            initiate(set);
            assertThat(set.awaitFormed(PATIENCE).members())
                    .singleElement()
                    .satisfies(member -> assertThat(member.clonedFrom()).isEmpty());
        }
    }

    @Test
    void twoSetsRunAtOnceWithAddressesOfTheirOwn() {
        try (LocalSet one = LocalSet.builder().members(1).build();
                LocalSet other = LocalSet.builder().members(1).build()) {
            InetAddress address = one.member(0).address();
            assertThat(address).isNotEqualTo(other.member(0).address());
            one.startMongods();
            other.startMongods();
            one.awaitAnswering(PATIENCE);
            other.awaitAnswering(PATIENCE);
        }
    }

    private static void initiate(LocalSet set) {
        MongoDatabase admin = set.mongo(0).getDatabase("admin");
        List<Document> members = set.members().stream()
                .map(member -> new Document("_id", member.ordinal())
                        .append("host", member.host())
                        .append("priority", member.ordinal() == 0 ? 1 : 0))
                .toList();
        admin.runCommand(
                new Document("replSetInitiate", new Document("_id", LocalSet.SET_NAME).append("members", members)));
    }
}
