package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.host;
import static dev.muster.plan.World.inSet;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How an expected member joins, and gets its vote. Each row is one situation and what follows from it. */
class JoinRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"joining", "promoting"})
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    /** An adopted set of three whose names are kept, as each member says itself. */
    private static World kept() {
        return pod(0).set(
                        "0 PRIMARY host=db0.example.com",
                        "1 SECONDARY host=db1.example.com",
                        "2 SECONDARY host=db2.example.com")
                .peer(1, inSet(OUR_ID, "db1.example.com", MemberState.SECONDARY))
                .peer(2, inSet(OUR_ID, "db2.example.com", MemberState.SECONDARY));
    }

    static Stream<Arguments> joining() {
        return Stream.of(
                arguments(
                        "the lowest missing ordinal first",
                        pod(0).set("0 PRIMARY").peer(1, empty()).peer(2, empty()),
                        "act JOIN add mongo-1"),
                arguments(
                        "not before the predecessor has cloned",
                        pod(0).set("0 PRIMARY", "1 STARTUP2 joining").peer(2, empty()),
                        "wait AWAIT_PREDECESSOR"),
                arguments(
                        "nor before the predecessor has the configuration",
                        pod(0).set("0 PRIMARY", "1 STARTUP joining").peer(2, empty()),
                        "wait AWAIT_PREDECESSOR"),
                arguments(
                        "a predecessor that is down does not hold it up",
                        pod(0).set("0 PRIMARY", "1 SECONDARY down").peer(2, empty()),
                        "act JOIN add mongo-2"),
                arguments(
                        "a predecessor that was added a moment ago has not been heard yet",
                        pod(0).set("0 PRIMARY", "1 STARTUP joining down").peer(2, empty()),
                        "wait AWAIT_PREDECESSOR"),
                arguments(
                        "a joining predecessor that went down does not hold it up",
                        pod(0).set("0 PRIMARY", "1 DOWN joining down").peer(2, empty()),
                        "act JOIN add mongo-2"),
                arguments(
                        "an unknown lower ordinal keeps its turn for a minute",
                        pod(0).set("0 PRIMARY")
                                .peer(1, unknown(Cause.NO_SUCH_NAME, Duration.ofSeconds(59)))
                                .peer(2, empty()),
                        "wait AWAIT_PEER"),
                arguments(
                        "and no longer",
                        pod(0).set("0 PRIMARY")
                                .peer(1, unknown(Cause.NO_SUCH_NAME, Duration.ofSeconds(60)))
                                .peer(2, empty()),
                        "act JOIN add mongo-2"),
                arguments(
                        "another set's member is not joined",
                        pod(0).set("0 PRIMARY", "1 SECONDARY").peer(2, inSet(OTHER_ID, host(2), MemberState.PRIMARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "nobody joins while another primary of this set is in a configuration of its own",
                        pod(0).set("0 PRIMARY").peer(1, empty()).peer(2, inSet(OUR_ID, host(2), MemberState.PRIMARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "another set's removed volume is not joined",
                        pod(0).set("0 PRIMARY", "1 SECONDARY").peer(2, new PeerMongod.Removed(OTHER_ID)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "a former standalone is not joined: the clone would replace its data",
                        pod(0).set("0 PRIMARY", "1 SECONDARY").peer(2, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "it does not hold up the members after it",
                        pod(0).set("0 PRIMARY").peer(1, holdsData()).peer(2, empty()),
                        "act JOIN add mongo-2"),
                arguments(
                        "another set's member is told of first",
                        pod(0).set("0 PRIMARY")
                                .peer(1, holdsData())
                                .peer(2, inSet(OTHER_ID, host(2), MemberState.PRIMARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "a removed volume of this set comes back",
                        pod(0).set("0 PRIMARY", "1 SECONDARY").peer(2, new PeerMongod.Removed(OUR_ID)),
                        "act JOIN add mongo-2"),
                arguments(
                        "an empty one may be the member that is down under another name",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY down host=10.0.0.2:27017")
                                .peer(1, empty()),
                        "wait AWAIT_RENAME"),
                arguments(
                        "and so may one that does not find itself under that name",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 REMOVED host=mongo-1:27017")
                                .peer(1, new PeerMongod.Removed(OUR_ID)),
                        "wait AWAIT_RENAME"),
                arguments(
                        "a member that nobody has heard of yet may be it as well",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY unseen host=mongo-1:27017")
                                .peer(1, empty()),
                        "wait AWAIT_RENAME"),
                arguments(
                        "one that counts as healthy may be dead for a moment, and this one in its place",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=mongo-1:27017 answered=2")
                                .peer(1, new PeerMongod.NotYetInitialized(Duration.ofSeconds(7))),
                        "wait AWAIT_RENAME"),
                arguments(
                        "a member that another ordinal's mongod says it is, is not this one",
                        pod(0).set("0 PRIMARY", "2 STARTUP2 host=mongo-2:27017")
                                .peer(1, new PeerMongod.Removed(OUR_ID))
                                .peer(2, inSet(OUR_ID, "mongo-2:27017", MemberState.STARTUP2)),
                        "act JOIN add mongo-1"),
                arguments(
                        "what a mongod of another set says of itself tells nothing about it",
                        pod(0).set("0 PRIMARY", "2 STARTUP2 host=mongo-2:27017")
                                .peer(1, new PeerMongod.Removed(OUR_ID))
                                .peer(2, inSet(OTHER_ID, "mongo-2:27017", MemberState.STARTUP2)),
                        "wait AWAIT_RENAME"),
                arguments(
                        "one that answered when the empty one ran already is another",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "9 SECONDARY host=analytics.example.com:27017 answered=2")
                                .peer(1, new PeerMongod.NotYetInitialized(Duration.ofSeconds(8))),
                        "act JOIN add mongo-1"),
                arguments(
                        "so is an arbiter, and for one that was removed",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "9 ARBITER host=arbiter.example.com:27017 answered=2")
                                .peer(1, new PeerMongod.Removed(OUR_ID, Duration.ofSeconds(8))),
                        "act JOIN add mongo-1"),
                arguments(
                        "and this very primary, whatever its name",
                        pod(0).replicas(2).set("0 PRIMARY host=mongo-0:27017").peer(1, empty()),
                        "act RENAME rename mongo-0:27017 to mongo-0"),
                arguments(
                        "also where it is not of the StatefulSet",
                        pod(9).replicas(1).set("9 PRIMARY host=elsewhere:27017").peer(0, empty()),
                        "act JOIN add mongo-0"),
                arguments(
                        "scaled up while the names of an adopted set are kept",
                        kept().replicas(4).peer(3, new PeerMongod.NotYetInitialized(Duration.ofSeconds(1))),
                        "act JOIN add mongo-3"),
                arguments(
                        "nobody is added while the pod of a kept name is not known: the empty one may be it",
                        kept().replicas(4)
                                .peer(2, unknown(Cause.TIMEOUT, Duration.ofMinutes(2)))
                                .peer(3, new PeerMongod.NotYetInitialized(Duration.ofSeconds(1))),
                        "wait AWAIT_RENAME"),
                arguments(
                        "a kept member that lost its volume is not added a second time",
                        pod(0).replicas(2)
                                .set("0 PRIMARY host=db0.example.com", "1 SECONDARY host=db1.example.com answered=2")
                                .peer(1, new PeerMongod.NotYetInitialized(Duration.ofSeconds(1))),
                        "wait AWAIT_RENAME"),
                arguments(
                        "nor one that does not find itself under its kept name",
                        pod(0).replicas(2)
                                .set("0 PRIMARY host=db0.example.com", "1 REMOVED host=db1.example.com")
                                .peer(1, new PeerMongod.Removed(OUR_ID)),
                        "wait AWAIT_RENAME"),
                arguments(
                        "a member that joins beside kept names is promoted",
                        pod(0).replicas(3)
                                .set(
                                        "0 PRIMARY host=db0.example.com",
                                        "1 SECONDARY host=db1.example.com",
                                        "2 SECONDARY joining")
                                .peer(1, inSet(OUR_ID, "db1.example.com", MemberState.SECONDARY)),
                        "act PROMOTE promote mongo-2"),
                arguments(
                        "a silent peer is not joined",
                        pod(0).set("0 PRIMARY", "1 SECONDARY").peer(2, unknown(Cause.TIMEOUT)),
                        "wait AWAIT_PEER"),
                arguments(
                        "nothing is added before the last change is committed",
                        pod(0).set("0 PRIMARY").uncommitted().peer(1, empty()).peer(2, empty()),
                        "wait CONFIG_UNCOMMITTED"),
                arguments(
                        "a secondary's sidecar adds nobody",
                        pod(1).set("0 PRIMARY", "1 SECONDARY").peer(2, empty()),
                        "settled FOLLOWING"),
                arguments(
                        "the server's limit of 50 members",
                        pod(0).replicas(51)
                                .set(IntStream.range(0, 50)
                                        .mapToObj(ordinal -> ordinal == 0
                                                ? "0 PRIMARY"
                                                : ordinal + " SECONDARY" + (ordinal > 6 ? " novote" : ""))
                                        .toArray(String[]::new))
                                .peer(50, empty()),
                        "wait TOO_MANY_MEMBERS"));
    }

    static Stream<Arguments> promoting() {
        return Stream.of(
                arguments(
                        "a caught-up member gets its vote before the next one joins",
                        pod(0).set("0 PRIMARY", "1 SECONDARY joining").peer(2, empty()),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "the lag bound itself is caught up",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining lag=10"),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "a delayed member is promoted when it is as far behind as it was told to be",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining hidden delay=3600 lag=3610"),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "a delayed member that lags waits",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining hidden delay=3600 lag=3611"),
                        "wait AWAIT_CATCH_UP"),
                arguments(
                        "SECONDARY does not mean caught up",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining lag=11"),
                        "wait AWAIT_CATCH_UP"),
                arguments(
                        "a member that went down gets no vote",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY joining down"),
                        "wait MEMBER_DOWN"),
                arguments(
                        "a vote that a person took is not given back",
                        pod(0).replicas(2).set("0 PRIMARY", "1 SECONDARY novote"),
                        "settled SETTLED"),
                arguments(
                        "one vote for each change, in order",
                        pod(0).set("0 PRIMARY", "1 SECONDARY joining", "2 SECONDARY joining"),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "an eighth member gets no vote",
                        pod(0).replicas(8)
                                .set(IntStream.range(0, 8)
                                        .mapToObj(ordinal -> ordinal
                                                + (ordinal == 0 ? " PRIMARY" : " SECONDARY")
                                                + (ordinal == 7 ? " joining" : ""))
                                        .toArray(String[]::new)),
                        "settled SETTLED"),
                arguments(
                        "a formed set's heartbeats go back to normal",
                        pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY").forming(Duration.ofSeconds(1)),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "a forming set keeps its heartbeats",
                        pod(0).set("0 PRIMARY", "1 STARTUP2 joining")
                                .forming(Duration.ofSeconds(1))
                                .peer(2, empty()),
                        "wait AWAIT_PREDECESSOR"),
                arguments(
                        "a set whose last member clones keeps its heartbeats",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .forming(Duration.ofSeconds(1)),
                        "wait CLONING"),
                arguments(
                        "a set whose last member is awaited keeps its heartbeats",
                        pod(0).replicas(2).set("0 PRIMARY").forming(Duration.ofSeconds(29)),
                        "wait AWAIT_PEER"),
                arguments(
                        "half a minute is the end of it",
                        pod(0).replicas(2).set("0 PRIMARY").forming(Duration.ofSeconds(30)),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "a member that a person keeps from voting has joined",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY novote")
                                .forming(Duration.ofSeconds(1)),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "a set whose members do not come does not keep them for long",
                        pod(0).set("0 PRIMARY")
                                .forming(Duration.ofSeconds(31))
                                .peer(1, unknown(Cause.UNREACHABLE))
                                .peer(2, unknown(Cause.UNREACHABLE)),
                        "act HEARTBEAT restore_heartbeat"));
    }
}
