package dev.muster.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetStatus;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class ReplSetStatusTest {
    private static final String REPLY = """
            {set: "rs0", date: {$date: "2026-01-01T00:00:09.500Z"}, myState: 5, term: {$numberLong: "3"},
             syncSourceHost: "",
             members: [
              {_id: 1, name: "b:27017", health: 1.0, state: 5, uptime: 7, self: true,
               optime: {ts: {$timestamp: {t: 0, i: 0}}, t: {$numberLong: "-1"}}},
              {_id: 0, name: "a:27017", health: 1.0, state: 1, uptime: 99, pingMs: {$numberLong: "4"},
               optime: {ts: {$timestamp: {t: 1000, i: 2}}, t: {$numberLong: "3"}},
               electionDate: {$date: "2026-01-01T00:00:00Z"}, syncSourceHost: "",
               lastHeartbeat: {$date: "2026-01-01T00:00:08Z"}},
              {_id: 2, name: "c:27017", health: 0.0, state: 8, uptime: 0, syncSourceHost: "a:27017",
               lastHeartbeat: {$date: "1970-01-01T00:00:00Z"},
               optime: {ts: {$timestamp: {t: 970, i: 1}}, t: {$numberLong: "3"}}}],
             initialSyncStatus: {failedInitialSyncAttempts: 1, approxTotalDataSize: {$numberLong: "2000"},
               approxTotalBytesCopied: {$numberLong: "500"},
               remainingInitialSyncEstimatedMillis: {$numberLong: "3000"}, syncSourceHost: "a:27017"}}""";

    private final SetStatus status =
            ReplSetStatus.read(BsonDocument.parse(REPLY), Optional.empty(), SourcePreference.ANY);

    @Test
    void readsMembersInTheOrderOfIds() {
        assertThat(status.members())
                .extracting(member -> member.host().toString())
                .containsExactly("a:27017", "b:27017", "c:27017");
        assertThat(status.myState()).isEqualTo(MemberState.STARTUP2);
        assertThat(status.primary().orElseThrow().ping()).contains(Duration.ofMillis(4));
        assertThat(status.electedAt()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(status.members().get(2).syncSource()).contains(HostAddress.parse("a:27017"));
        assertThat(status.members().get(2).healthy()).isFalse();
    }

    @Test
    void measuresLagByOptimeAndLeavesItOutWhereAMemberHasNone() {
        assertThat(status.lag(status.members().get(2))).contains(Duration.ofSeconds(30));
        assertThat(status.lag(status.members().get(1)))
                .as("the zero timestamp is not 1970")
                .isEmpty();
    }

    @Test
    void tellsHowLongAgoEachAnsweredByTheServersOwnClock() {
        assertThat(status.members())
                .extracting(MemberStatus::answeredAgo)
                .containsExactly(Optional.of(Duration.ofMillis(1500)), Optional.empty(), Optional.empty());
    }

    @Test
    void aProcessHasRunAtLeastSinceTheSecondAfterItsIdWasMade() {
        BsonDocument hello = BsonDocument.parse(
                """
                {localTime: {$date: "2026-01-01T00:00:09.500Z"},
                 topologyVersion: {processId: {$oid: "%08x0000000000000000"}}}""".formatted(Instant.parse("2026-01-01T00:00:03Z").getEpochSecond()));

        assertThat(Observation.uptimeOf(hello)).isEqualTo(Duration.ofMillis(5500));
        hello.remove("topologyVersion");
        assertThat(Observation.uptimeOf(hello)).as("an old server tells none").isZero();
    }

    @Test
    void readsAClone() {
        assertThat(status.initialSync().orElseThrow()).satisfies(sync -> {
            assertThat(sync.source()).contains(HostAddress.parse("a:27017"));
            assertThat(sync.failedAttempts()).isEqualTo(1);
            assertThat(sync.copiedBytes()).isEqualTo(500);
            assertThat(sync.totalBytes()).isEqualTo(OptionalLong.of(2000));
            assertThat(sync.progress()).contains(0.25);
            assertThat(sync.remaining()).contains(Duration.ofSeconds(3));
        });
    }

    @Test
    void readsACloneOfWhichNothingIsKnownYet() {
        BsonDocument reply = BsonDocument.parse(REPLY);
        reply.put("initialSyncStatus", new BsonDocument());

        assertThat(ReplSetStatus.read(reply, Optional.empty(), SourcePreference.ANY)
                        .initialSync()
                        .orElseThrow())
                .satisfies(sync -> {
                    assertThat(sync.source()).isEmpty();
                    assertThat(sync.copiedBytes()).isZero();
                    assertThat(sync.progress()).isEmpty();
                });
    }

    @Test
    void findsTheSourceOfAFinishedCloneInTheLog() {
        String line = "{\"t\":{},\"c\":\"INITSYNC\",\"id\":21192,\"msg\":\"Initial sync status and statistics\","
                + "\"attr\":{\"status\":\"successful\",\"statistics\":{\"initialSyncAttempts\":[{\"durationMillis\":72,"
                + "\"status\":\"OK\",\"syncSource\":\"mongo-1.mongo:27017\"}]}}}";

        assertThat(CloneOrigin.parse(line)).contains(HostAddress.parse("mongo-1.mongo:27017"));
        assertThat(CloneOrigin.parse(line.replace("successful", "failed"))).isEmpty();
        assertThat(CloneOrigin.parse(line.replace("21192", "21193"))).isEmpty();
    }

    @Test
    void findsTheSourceOfACloneThatWasRedirectedBeforeItBegan() {
        String line = "{\"t\":{},\"c\":\"INITSYNC\",\"id\":21192,\"msg\":\"Initial sync status and statistics\","
                + "\"attr\":{\"status\":\"successful\",\"statistics\":{\"initialSyncAttempts\":[{\"durationMillis\":0,"
                + "\"status\":\"CallbackCanceled: error while choosing sync source\",\"syncSource\":\":27017\"},"
                + "{\"durationMillis\":104,\"status\":\"OK\",\"syncSource\":\"mongo-2.mongo:27017\"}]}}}";

        assertThat(CloneOrigin.parse(line)).contains(HostAddress.parse("mongo-2.mongo:27017"));
    }
}
