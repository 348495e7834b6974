package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.bson.Document;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A write is acknowledged by the primary and one of two secondaries. That secondary loses its volume, and the primary dies
 * while the empty member clones. MongoDB elects the other secondary then, with the empty member's vote.
 */
@Timeout(600)
class EmptyVoterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** More than twice the election timeout. */
    private static final Duration ELECTED_WITHIN = Duration.ofSeconds(25);

    /** How many sets are tried with Muster, and how many without: {@code -Dmuster.emptyVoter.runs=20}. */
    private static final int RUNS = Integer.getInteger("muster.emptyVoter.runs", 1);

    private static final int PRIMARY = 0;
    private static final int EMPTIED = 1;
    private static final int LAGGING = 2;

    static IntStream runs() {
        return IntStream.rangeClosed(1, RUNS);
    }

    @ParameterizedTest(name = "run {0}")
    @MethodSource("runs")
    void theWriteIsKept(int run) {
        try (LocalSet set = formed()) {
            assertThat(isOtherElected(set, true)).isFalse();

            // Without their fail points.
            for (int ordinal : List.of(EMPTIED, LAGGING)) {
                set.member(ordinal).killMongod();
                set.member(ordinal).startMongod();
            }
            set.member(PRIMARY).startMongod();
            set.member(PRIMARY).startSidecar();
            set.awaitFormed(PATIENCE);
            assertThat(holdsTheWrite(set, FaultIT.primary(set))).isTrue();
        }
    }

    /** What MongoDB does by itself: without it, the other test would show nothing. */
    @ParameterizedTest(name = "run {0}")
    @MethodSource("runs")
    void withoutMusterTheWriteIsLost(int run) {
        try (LocalSet set = formed()) {
            assertThat(isOtherElected(set, false)).isTrue();
            assertThat(holdsTheWrite(set, LAGGING)).isFalse();
        }
    }

    private static LocalSet formed() {
        MongodBinary provided = MongodBinary.provide();
        List<String> words = new ArrayList<>(provided.command());
        words.addAll(List.of("--setParameter", "enableTestCommands=1"));
        LocalSet set = LocalSet.builder()
                .members(3)
                .binary(new MongodBinary(words, provided.environment()))
                .build();
        set.start();
        set.awaitFormed(PATIENCE);
        SidecarStatus.awaitReason(set.member(PRIMARY), "SETTLED");
        return set;
    }

    private static boolean isOtherElected(LocalSet set, boolean withSidecars) {
        if (!withSidecars) {
            set.members().forEach(LocalMember::killSidecar);
        }
        // The clone goes on until the end.
        Document hangs = new Document("failCommands", List.of("listDatabases"))
                .append("failInternalCommands", true)
                .append("blockConnection", true)
                .append("blockTimeMS", 300_000);
        failPoint(set, PRIMARY, "failCommand", hangs);
        failPoint(set, LAGGING, "failCommand", hangs);
        failPoint(set, LAGGING, "stopReplProducer", new Document());
        writes(set, PRIMARY)
                .withWriteConcern(WriteConcern.MAJORITY.withWTimeout(20, TimeUnit.SECONDS))
                .insertOne(new Document("_id", "acknowledged"));

        set.member(EMPTIED).wipe();
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> isCloning(set));
        if (withSidecars) {
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> votes(set) == 0);
        }
        set.member(PRIMARY).killMongod();
        set.member(PRIMARY).killSidecar();
        try {
            Awaitility.await()
                    .atMost(ELECTED_WITHIN)
                    .ignoreExceptions()
                    .until(() -> set.mongo(LAGGING)
                            .getDatabase("admin")
                            .runCommand(new Document("hello", 1))
                            .getBoolean("isWritablePrimary"));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static boolean isCloning(LocalSet set) {
        return set
                .mongo(PRIMARY)
                .getDatabase("admin")
                .runCommand(new Document("replSetGetStatus", 1))
                .getList("members", Document.class)
                .stream()
                .anyMatch(member -> member.getString("stateStr").equals("STARTUP2"));
    }

    private static int votes(LocalSet set) {
        return FaultIT.config(set, PRIMARY).getList("members", Document.class).stream()
                .filter(member ->
                        member.getString("host").startsWith(set.member(EMPTIED).name() + "."))
                .mapToInt(member -> member.getInteger("votes"))
                .sum();
    }

    private static boolean holdsTheWrite(LocalSet set, int ordinal) {
        return writes(set, ordinal).countDocuments() == 1;
    }

    private static MongoCollection<Document> writes(LocalSet set, int ordinal) {
        return set.mongo(ordinal).getDatabase("test").getCollection("writes");
    }

    private static void failPoint(LocalSet set, int ordinal, String name, Document data) {
        set.mongo(ordinal)
                .getDatabase("admin")
                .runCommand(new Document("configureFailPoint", name)
                        .append("mode", "alwaysOn")
                        .append("data", data));
    }
}
