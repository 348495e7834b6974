package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class ConfigHistoryTest {
    @Test
    void oneVoteAfterTheOtherIsNoLeap() {
        ConfigHistory history = history(config(1, "a:1"), config(2, "a:1", "b:0"), config(3, "a:1", "b:1"));

        assertThat(history.leaps()).isEmpty();
        assertThat(history.complete()).isTrue();
        assertThat(history.forced()).isEmpty();
        assertThat(history.firstWithVoters(2).orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void twoVotesInOneStepAreALeap() {
        assertThat(history(config(1, "a:1"), config(2, "a:1", "b:1", "c:1")).leaps())
                .containsExactly("version 1 to 2 changes the votes of [b, c]");
        assertThat(history(config(1, "a:1", "b:1"), config(2, "a:0", "b:1", "c:1"))
                        .leaps())
                .as("a vote taken and one given")
                .hasSize(1);
    }

    @Test
    void aRemovedVoterIsAVoteTaken() {
        assertThat(history(config(4, "a:1", "b:1", "c:1"), config(5, "a:1")).leaps())
                .hasSize(1);
        assertThat(history(config(4, "a:1", "b:1", "c:0"), config(5, "a:1", "b:1"))
                        .leaps())
                .isEmpty();
    }

    @Test
    void logsOfSeveralMembersAreOneHistory() {
        ConfigHistory history = ConfigHistory.of(List.of(
                List.of(config(1, "a:1"), config(3, "a:1", "b:1")), List.of("no JSON", config(2, "a:1", "b:0"))));

        assertThat(history.configs()).extracting(ConfigHistory.Config::version).containsExactly(1L, 2L, 3L);
        assertThat(history.leaps()).isEmpty();
    }

    @Test
    void aGapBetweenVersionsIsSeen() {
        assertThat(history(config(1, "a:1"), config(3, "a:1", "b:1")).complete())
                .isFalse();
        assertThat(ConfigHistory.of(List.of()).complete()).isFalse();
    }

    @Test
    void forceLeapsByThousands() {
        assertThat(history(config(4, "a:1"), config(68094, "a:1")).forced()).containsExactly(68094L);
    }

    @Test
    void aVersionIsInUseByAMajorityWhenTheSecondOfThreeHasIt() {
        ConfigHistory history = ConfigHistory.of(List.of(
                List.of(config(1, Instant.ofEpochSecond(10), "a:1")),
                List.of(config(1, Instant.ofEpochSecond(30), "a:1")),
                List.of(config(1, Instant.ofEpochSecond(20), "a:1"))));

        assertThat(history.configs().getFirst().inUseBy(2)).contains(Instant.ofEpochSecond(20));
        assertThat(history.configs().getFirst().inUseBy(4)).isEmpty();
    }

    private static ConfigHistory history(String... lines) {
        return ConfigHistory.of(List.of(List.of(lines)));
    }

    private static String config(long version, String... members) {
        return config(version, Instant.EPOCH, members);
    }

    /** A line as mongod logs it; each member is its host and its votes. */
    private static String config(long version, Instant at, String... members) {
        return new Document("t", new Document("$date", at.toString()))
                .append("s", "I")
                .append("c", "REPL")
                .append("id", 21392)
                .append("msg", "New replica set config in use")
                .append(
                        "attr",
                        new Document(
                                "config",
                                new Document("version", version)
                                        .append("term", 1)
                                        .append(
                                                "members",
                                                Arrays.stream(members)
                                                        .map(member -> member.split(":", -1))
                                                        .map(parts -> new Document("host", parts[0])
                                                                .append("votes", Integer.parseInt(parts[1])))
                                                        .toList())))
                .toJson()
                .replace("\"id\": ", "\"id\":");
    }
}
