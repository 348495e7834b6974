package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoSecurityException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a set comes to be, on real mongods and real sidecars. */
@Timeout(180)
class BootstrapIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RepeatedTest(
            value = 20,
            name = "S1: three sidecars started together make one set, run {currentRepetition} of {totalRepetitions}")
    void racingSidecarsMakeOneSet() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.start();
            SetState formed = set.awaitFormed(PATIENCE);

            assertThat(replicaSetIds(set))
                    .hasSize(1)
                    .containsExactly(formed.replicaSetId().orElseThrow());
            assertThat(formed.members())
                    .extracting(MemberView::clonedFrom)
                    .as("each clones from its predecessor")
                    .containsExactly(
                            Optional.empty(),
                            Optional.of(set.member(0).host()),
                            Optional.of(set.member(1).host()));
            assertThat(set.members())
                    .as("only the first ordinal initiates")
                    .allMatch(member -> (member.ordinal() == 0) == initiated(member));
        }
    }

    @Test
    void s2NamesThatAppearLateDelayTheSetAndNothingElse() {
        try (LocalSet set = LocalSet.builder().members(3).build()) {
            set.members().forEach(member -> set.names().hide(member.ordinal()));
            set.start();
            SidecarStatus.awaitReason(set.member(0), "PEERS_UNKNOWN");
            assertThat(SidecarStatus.message(set.member(0))).contains("mongo-1").contains("NXDOMAIN");
            List<Long> sidecars = pids(set);
            sleep(Duration.ofSeconds(20));
            assertThat(SidecarStatus.reason(set.member(0))).isEqualTo("PEERS_UNKNOWN");
            assertThat(replicaSetIds(set)).isEmpty();

            set.members().forEach(member -> set.names().show(member.ordinal()));
            set.awaitFormed(PATIENCE);

            assertThat(pids(set)).as("no sidecar was restarted").isEqualTo(sidecars);
            assertThat(replicaSetIds(set)).hasSize(1);
        }
    }

    @ParameterizedTest(
            name = "the first sidecar dies by SIGKILL after its write number {0}; the set forms all the same")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void aSidecarKilledAfterAnyWrite(int write) {
        try (LocalSet set = LocalSet.builder().members(3).auth(true).build()) {
            LocalMember first = set.member(0);
            first.setSidecarMainClass(CrashingSidecar.class.getName());
            first.setSidecarJvmOptions(List.of("-Dcrash.after=" + write));
            set.start();
            assertThat(first.awaitSidecarExit(PATIENCE)).as("killed").isEqualTo(128 + 9);
            Set<String> before = replicaSetIds(set);
            assertThat(before).hasSize(1);

            first.setSidecarMainClass("dev.muster.cli.Main");
            first.startSidecar();
            set.awaitFormed(PATIENCE);

            assertThat(replicaSetIds(set)).isEqualTo(before);
            SidecarStatus.awaitReason(first, "SETTLED");
            Document config = set.mongo(0)
                    .getDatabase("admin")
                    .runCommand(new Document("replSetGetConfig", 1))
                    .get("config", Document.class);
            assertThat(config.get("settings", Document.class).getInteger("heartbeatIntervalMillis"))
                    .isEqualTo(2000);
            assertThat(config.getList("members", Document.class))
                    .allSatisfy(member ->
                            assertThat(member.get("tags", Document.class)).isEmpty());
            assertThat(users(set)).as("S4: the root user exists once").hasSize(1);
            assertLocalhostExceptionIsClosed(set);
        }
    }

    @Test
    void theRootUserKeepsThePasswordOfItsFile() throws IOException {
        try (LocalSet set = LocalSet.builder().members(1).auth(true).build()) {
            set.start();
            set.awaitFormed(PATIENCE);
            SidecarStatus.awaitReason(set.member(0), "SETTLED");
            Path password = set.credentials().orElseThrow().rootPasswordFile();
            set.client().getDatabase("test").getCollection("things").insertOne(new Document("_id", 1));

            Files.writeString(password, "another-password-" + System.nanoTime() + "\n");
            set.member(0).startSidecar();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> logsIn(set));

            String everything = String.join("\n", SidecarStatus.logLines(set.member(0)))
                    + SidecarStatus.get(set.member(0), "/status").body()
                    + SidecarStatus.get(set.member(0), "/metrics").body()
                    + commandLine(set.member(0));
            assertThat(everything)
                    .doesNotContain(Files.readString(password).strip())
                    .doesNotContain(
                            Files.readString(set.credentials().orElseThrow().keyfile())
                                    .strip());
        }
    }

    private static boolean logsIn(LocalSet set) throws IOException {
        SecretFiles credentials = set.credentials().orElseThrow();
        String uri = "mongodb://root:%s@%s:27017/?directConnection=true&serverSelectionTimeoutMS=2000"
                .formatted(
                        Files.readString(credentials.rootPasswordFile()).strip(),
                        set.member(0).address().getHostAddress());
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase("admin").runCommand(new Document("usersInfo", 1));
            return true;
        } catch (MongoSecurityException e) {
            return false;
        }
    }

    private static String commandLine(LocalMember member) throws IOException {
        return Files.readString(
                Path.of("/proc", member.sidecarPid().orElseThrow().toString(), "cmdline"));
    }

    private static void assertLocalhostExceptionIsClosed(LocalSet set) {
        String uri = "mongodb://" + set.member(0).address().getHostAddress() + ":27017/?directConnection=true";
        try (MongoClient anybody = MongoClients.create(uri)) {
            assertThat(catchThrowableOfType(
                                    MongoCommandException.class,
                                    () -> anybody.getDatabase("admin")
                                            .runCommand(new Document("createUser", "intruder")
                                                    .append("pwd", "x")
                                                    .append("roles", List.of("root"))))
                            .getErrorCode())
                    .isEqualTo(13);
        }
    }

    private static List<Document> users(LocalSet set) {
        return set.mongo(0)
                .getDatabase("admin")
                .runCommand(new Document("usersInfo", 1))
                .getList("users", Document.class);
    }

    /** The ids of all sets that any member is in. */
    static Set<String> replicaSetIds(LocalSet set) {
        Set<String> ids = new HashSet<>();
        for (LocalMember member : set.members()) {
            Document stored = set.mongo(member.ordinal())
                    .getDatabase("local")
                    .getCollection("system.replset")
                    .find()
                    .first();
            if (stored != null) {
                ids.add(stored.get("settings", Document.class)
                        .getObjectId("replicaSetId")
                        .toHexString());
            }
        }
        return ids;
    }

    private static boolean initiated(LocalMember member) {
        return SidecarStatus.logLines(member).stream().anyMatch(line -> line.contains("act INITIATE"));
    }

    private static List<Long> pids(LocalSet set) {
        return set.members().stream()
                .map(member -> member.sidecarPid().orElseThrow())
                .toList();
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
