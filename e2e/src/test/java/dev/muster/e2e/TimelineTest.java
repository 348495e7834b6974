package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void whatTellsOfAnElectionStandsInTheOrderOfTheTimes() {
        List<String> timeline = Timeline.of(Stream.of(
                new PodLogs.Line("writer", "writer", "slow: 2026-11-29T11:32:30.417487239Z write 7274, after 10150 ms"),
                new PodLogs.Line("writer", "writer", "{\"attempted\": 7274}"),
                new PodLogs.Line(
                        "mongo-0", "muster", "2026-11-29T11:32:20.299Z INFO muster - act HAND_OVER: hands over [done]"),
                new PodLogs.Line("mongo-0", "muster", "no line of a log"),
                new PodLogs.Line("mongo-2", "mongod", """
                        {"t":{"$date":"2026-11-29T11:32:20.281+00:00"},"s":"I","c":"ELECTION","id":4615661,\
                        "ctx":"x","msg":"Starting an election","attr":{"reason":"step up request"}}"""),
                new PodLogs.Line("mongo-2", "mongod", """
                        {"t":{"$date":"2026-11-29T11:32:20.290+00:00"},"s":"I","c":"REPL","id":21358,\
                        "ctx":"x","msg":"Replica set state transition","attr":{"newState":"PRIMARY"}}"""),
                new PodLogs.Line(
                        "mongo-2",
                        "mongod",
                        "{\"t\":{\"$date\":\"2026-11-29T11:32:20.290+00:00\"},\"c\":\"NETWORK\"}")));

        assertThat(timeline)
                .containsExactly(
                        "2026-11-29T11:32:20.281Z mongo-2 mongod: Starting an election {\"reason\": \"step up request\"}",
                        "2026-11-29T11:32:20.290Z mongo-2 mongod: Replica set state transition {\"newState\": \"PRIMARY\"}",
                        "2026-11-29T11:32:20.299Z mongo-0: act HAND_OVER: hands over [done]",
                        "2026-11-29T11:32:30.417487239Z writer: write 7274, after 10150 ms");
    }
}
