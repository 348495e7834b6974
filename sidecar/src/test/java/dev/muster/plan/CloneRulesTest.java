package dev.muster.plan;

import static dev.muster.plan.World.host;
import static dev.muster.plan.World.pod;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From which member an empty one copies its data. Each row is one situation and what follows from it. */
class CloneRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("cloning")
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> cloning() {
        return Stream.of(
                arguments(
                        "the server has not said yet that it clones",
                        pod(1).set("0 PRIMARY", "1 STARTUP2 joining"),
                        "wait CLONING"),
                arguments(
                        "the server chooses the predecessor by itself",
                        pod(2).set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining")
                                .cloning("", 0, 0),
                        "wait CLONING"),
                arguments(
                        "the server chose the primary before it had heard of the predecessor: it is directed",
                        pod(2).set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining")
                                .cloning(host(0), 0, 0),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "the server would choose the primary: it is directed",
                        pod(2).set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "two secondaries: the nearest lower ordinal is named",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning("", 0, 0),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-2"),
                arguments(
                        "the predecessor is chosen already",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning(host(2), 0, 0),
                        "wait CLONING"),
                arguments(
                        "a copy that runs is never redirected",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning(host(0), 1, 0),
                        "wait CLONING"),
                arguments(
                        "after a first attempt the server's own choice stands",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning(host(0), 0, 1),
                        "wait CLONING"),
                arguments(
                        "a predecessor that lags is passed over",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY lag=60", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "a predecessor at the lag bound is not",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY lag=10", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-2"),
                arguments(
                        "a member under another name serves before the primary does",
                        pod(2).set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017", "2 STARTUP2 joining")
                                .cloning(host(0), 0, 0),
                        "act CLONE_FROM_PREDECESSOR sync_from 10.0.0.2:27017"),
                arguments(
                        "but not when it lags",
                        pod(2).set("0 PRIMARY", "1 SECONDARY lag=60 host=10.0.0.2:27017", "2 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "wait CLONING"),
                arguments(
                        "a predecessor under its stable name serves before one under another",
                        pod(2).set("0 SECONDARY host=10.0.0.1:27017", "1 SECONDARY", "2 STARTUP2 joining", "3 PRIMARY")
                                .cloning("", 0, 0),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "a hidden predecessor is passed over",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY hidden", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "a predecessor that clones itself is passed over",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-1"),
                arguments(
                        "a wiped first ordinal clones from a secondary, not from the primary",
                        pod(0).set("0 STARTUP2", "1 PRIMARY", "2 SECONDARY")
                                .cloning(host(1), 0, 0)
                                .prefers(SourcePreference.ANY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-2"),
                arguments(
                        "the primary serves when nobody else can",
                        pod(1).replicas(2)
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.ANY),
                        "wait CLONING"),
                arguments(
                        "a server that takes secondaries only is never given the primary, which would abort it",
                        pod(2).set("0 PRIMARY", "1 UNKNOWN down", "2 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY)
                                .cloningFor(Duration.ofSeconds(10)),
                        "wait AWAIT_CLONE_SOURCE"),
                arguments(
                        "also when its own attempts have failed",
                        pod(2).replicas(3)
                                .set("0 PRIMARY", "2 STARTUP2 joining")
                                .cloning("", 0, 1)
                                .prefers(SourcePreference.SECONDARY_ONLY)
                                .cloningFor(Duration.ofSeconds(18)),
                        "wait AWAIT_CLONE_SOURCE"),
                arguments(
                        "with a secondary to come and no primary either, nobody is named",
                        pod(2).set("0 UNKNOWN down", "1 UNKNOWN down", "2 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        "wait CLONING"),
                arguments(
                        "nor directed to a secondary, which may be elected before the server looks",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        "wait CLONING"),
                arguments(
                        "nor when it copies",
                        pod(2).replicas(3)
                                .set("0 PRIMARY", "2 STARTUP2 joining")
                                .cloning("", 1, 1)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        "wait CLONING"),
                arguments(
                        "nor when a secondary has come up",
                        pod(2).replicas(3)
                                .set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining")
                                .cloning("", 0, 1)
                                .prefers(SourcePreference.SECONDARY_ONLY)
                                .cloningFor(Duration.ofSeconds(18)),
                        "wait CLONING"),
                arguments(
                        "a server that takes secondaries only finds the one by itself",
                        pod(2).set("0 PRIMARY", "1 SECONDARY", "2 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        "wait CLONING"),
                arguments(
                        "nobody is seen yet",
                        pod(1).replicas(2)
                                .set("0 UNKNOWN down", "1 STARTUP2 joining")
                                .cloning("", 0, 0),
                        "wait CLONING"),
                arguments("RECOVERING passes by itself", pod(1).set("0 PRIMARY", "1 RECOVERING"), "wait RECOVERING"),
                arguments("a rollback passes by itself", pod(1).set("0 PRIMARY", "1 ROLLBACK"), "wait RECOVERING"));
    }
}
