package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.host;
import static dev.muster.plan.World.inSet;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row is one situation and what follows from it. */
class PlannerTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({
        "beforeThereIsASet",
        "bootstrap",
        "record",
        "joining",
        "promoting",
        "cloning",
        "renaming",
        "leaving",
        "stopping",
        "approving",
        "kubernetesAway",
        "members",
        "aWaitIsNoBan",
        "pausing"
    })
    void decides(String situation, World world, String expected) {
        Snapshot snapshot = world.look();

        Judgement judgement = Planner.judge(snapshot, Setbacks.NONE);

        Decision decision = judgement.decision();
        assertThat(World.words(decision)).as(situation).isEqualTo(expected);
        assertThat(Planner.judge(snapshot, Setbacks.NONE))
                .as("the same snapshot again")
                .isEqualTo(judgement);
        assertThat(judgement.explanation())
                .filteredOn(Judgement.Explanation::decided)
                .singleElement()
                .satisfies(rule -> assertThat(rule.why()).contains(decision.message()));
    }

    static Stream<Arguments> beforeThereIsASet() {
        return Stream.of(
                arguments(
                        "mongod is not there",
                        pod(0).local(new LocalMongod.Unreachable("connection refused")),
                        "wait MONGOD_UNREACHABLE"),
                arguments(
                        "mongod refuses the keyfile",
                        pod(0).local(new LocalMongod.Denied("authentication failed")),
                        "wait MONGOD_DENIED"),
                arguments(
                        "mongod runs without --replSet",
                        pod(0).local(new LocalMongod.Misconfigured("no --replSet")),
                        "refuse MONGOD_MISCONFIGURED"),
                arguments(
                        "mongod loads its configuration",
                        pod(0).local(new LocalMongod.Starting()),
                        "wait MONGOD_STARTING"),
                arguments(
                        "the volume was removed from the set",
                        pod(1).local(new LocalMongod.Removed(OUR_ID)),
                        "wait REMOVED"),
                arguments(
                        "the first ordinal is a former standalone: nothing is initiated on its data",
                        pod(0).local(new LocalMongod.HoldsData("user bob@admin"))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a later ordinal is one",
                        pod(1).local(new LocalMongod.HoldsData("user bob@admin")),
                        "wait HOLDS_DATA"),
                arguments(
                        "the first ordinal is one, and a person approved a new set",
                        pod(0).kubernetes(1)
                                .local(new LocalMongod.HoldsData("user bob@admin"))
                                .record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OUR_ID))),
                        "wait HOLDS_DATA"));
    }

    static Stream<Arguments> bootstrap() {
        return Stream.of(
                arguments(
                        "the first ordinal, all others empty",
                        pod(0).peer(1, empty()).peer(2, empty()),
                        "act INITIATE initiate mongo-0"),
                arguments("a set of one", pod(0).replicas(1), "act INITIATE initiate mongo-0"),
                arguments(
                        "a later ordinal, all others empty",
                        pod(1).peer(0, empty()).peer(2, empty()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "ordinal 10 is not ordinal 1, nor 0",
                        pod(10).replicas(11).firstOrdinal(1),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "ordinals start at 5: 5 is the first",
                        pod(5).firstOrdinal(5).replicas(2).peer(6, empty()),
                        "act INITIATE initiate mongo-5"),
                arguments(
                        "ordinals start at 5: 0 is not expected at all",
                        pod(0).firstOrdinal(5).replicas(1).peer(5, empty()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments("nobody has been asked", pod(0), "wait PEERS_UNKNOWN"),
                arguments("one was not asked", pod(0).peer(1, empty()), "wait PEERS_UNKNOWN"),
                arguments(
                        "a peer is in a set",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.SECONDARY))
                                .peer(2, empty()),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a peer is in a set, the other one is unknown",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.RECOVERING))
                                .peer(2, unknown(Cause.UNREACHABLE)),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a pod beyond the replicas holds a set",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(4, inSet(OUR_ID, host(4), MemberState.SECONDARY)),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a pod beyond the replicas may hold a set",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(3, unknown(Cause.TIMEOUT)),
                        "wait PEERS_UNKNOWN"),
                arguments(
                        "a peer is a former standalone: its data would be cloned over",
                        pod(0).peer(1, holdsData()).peer(2, empty()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a pod beyond the replicas is one: scaling up would clone over it",
                        pod(0).peer(1, empty()).peer(2, empty()).peer(4, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a peer is one, another is unknown: a person is needed in any case",
                        pod(0).peer(1, unknown(Cause.TIMEOUT)).peer(2, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a peer is one, another is in a set: the set is joined, and left to its primary",
                        pod(0).peer(1, inSet(OUR_ID, host(1), MemberState.SECONDARY))
                                .peer(2, holdsData()),
                        "wait AWAIT_JOIN"),
                arguments(
                        "a peer holds a set that does not name it",
                        pod(0).peer(1, new PeerMongod.Removed(OUR_ID)).peer(2, empty()),
                        "wait AWAIT_JOIN"));
    }

    @ParameterizedTest(name = "an empty first ordinal never initiates while a peer is unknown: {0}")
    @EnumSource(Cause.class)
    void unknownMeansWait(Cause cause) {
        for (SetRecord record : List.of(
                new SetRecord.NotKept(),
                new SetRecord.Absent(),
                new SetRecord.Intended(true, Duration.ZERO),
                new SetRecord.Formed(OUR_ID),
                new SetRecord.Unavailable("away"))) {
            World world = pod(0).record(record).peer(1, empty()).peer(2, unknown(cause, Duration.ofDays(30)));
            assertThat(World.words(Planner.plan(world.look()))).isEqualTo("wait PEERS_UNKNOWN");
        }
    }

    static Stream<Arguments> record() {
        PeerMongod absent = new PeerMongod.Absent();
        return Stream.of(
                arguments(
                        "no record yet: it is written before the set is made",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .peer(1, absent)
                                .peer(2, empty()),
                        "act INITIATE record_intended"),
                arguments(
                        "crashed after the record was written: the set is made now",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Intended(true, Duration.ZERO))
                                .peer(1, absent)
                                .peer(2, empty()),
                        "act INITIATE initiate mongo-0"),
                arguments(
                        "crashed after the set was made: its id is recorded",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Intended(true, Duration.ZERO))
                                .set("0 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "another pod of this name has just written its intent: it may be about to initiate",
                        pod(0).kubernetes(1).record(new SetRecord.Intended(false, Duration.ofSeconds(14))),
                        "wait INTENDED_BY_ANOTHER"),
                arguments(
                        "nothing came of the other pod's intent: it is taken over, by a write of the record first",
                        pod(0).kubernetes(1).record(new SetRecord.Intended(false, Duration.ofSeconds(15))),
                        "act INITIATE record_intended"),
                arguments(
                        "a set without a record is adopted",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Absent())
                                .set("0 SECONDARY", "1 PRIMARY")
                                .peer(2, empty()),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "a primary without a record, and an expected member of another set: a person has to say which",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, inSet(OTHER_ID, host(1), MemberState.SECONDARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "the same with the intent that came before: it says nothing of which set was made",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended(false, Duration.ZERO))
                                .set("0 PRIMARY")
                                .peer(1, new PeerMongod.Removed(OTHER_ID)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "an expected member of which nothing is known may hold the real set: nothing is adopted yet",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "wait AWAIT_PEER"),
                arguments(
                        "scaled to zero, with the real set's members out of sight: nothing is adopted either",
                        pod(1).kubernetes(0).record(new SetRecord.Absent()).set("1 PRIMARY"),
                        "settled SETTLED"),
                arguments(
                        "nor by one that is scaled away",
                        pod(1).kubernetes(1).record(new SetRecord.Absent()).set("0 SECONDARY", "1 PRIMARY"),
                        "act HAND_OVER hand_over mongo-0"),
                arguments(
                        "who made the set writes it down also on its way out",
                        pod(0).kubernetes(0)
                                .record(new SetRecord.Intended(true, Duration.ZERO))
                                .set("0 PRIMARY"),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "but who made the set itself knows that all others were empty",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended(true, Duration.ZERO))
                                .set("0 PRIMARY")
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "a peer is a former standalone: no intent is recorded",
                        pod(0).kubernetes(2).record(new SetRecord.Absent()).peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "nor is the set made by the pod that recorded its intent before",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Intended(true, Duration.ZERO))
                                .peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a set is adopted beside a former standalone, which is in no other set",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Absent())
                                .set("0 PRIMARY")
                                .peer(1, holdsData()),
                        "act RECORD_SET record_formed our id"),
                arguments(
                        "nobody is asked for: no set is made, though nobody could hold one",
                        pod(0).kubernetes(0).record(new SetRecord.Absent()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "all volumes gone, the set is on record: nobody makes another",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait NEW_SET_NEEDS_APPROVAL"),
                arguments(
                        "the record cannot be read: it may name a set",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Unavailable("403"))
                                .peer(1, empty())
                                .peer(2, empty()),
                        "wait RECORD_UNAVAILABLE"),
                arguments(
                        "a volume of another set is left alone",
                        pod(1).record(new SetRecord.Formed(OTHER_ID)).set("0 SECONDARY", "1 PRIMARY"),
                        "refuse FOREIGN_SET"),
                arguments(
                        "a removed volume of another set is left alone",
                        pod(1).record(new SetRecord.Formed(OUR_ID)).local(new LocalMongod.Removed(OTHER_ID)),
                        "refuse FOREIGN_SET"));
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
                        "of two secondaries it is directed to the predecessor",
                        pod(3).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        "act CLONE_FROM_PREDECESSOR sync_from mongo-2"),
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

    static Stream<Arguments> renaming() {
        return Stream.of(
                arguments(
                        "an adopted secondary under its address",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "act RENAME rename 10.0.0.2:27017 to mongo-1"),
                arguments(
                        "secondaries before the primary",
                        pod(0).replicas(2)
                                .set("0 PRIMARY host=mongo-0:27017", "1 SECONDARY host=mongo-1:27017")
                                .peer(1, inSet(OUR_ID, "mongo-1:27017", MemberState.SECONDARY)),
                        "act RENAME rename mongo-1:27017 to mongo-1"),
                arguments(
                        "the primary last",
                        pod(0).replicas(2).set("0 PRIMARY host=mongo-0:27017", "1 SECONDARY"),
                        "act RENAME rename mongo-0:27017 to mongo-0"),
                arguments(
                        "a member that does not answer under its stable name keeps its host",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, unknown(Cause.NO_SUCH_NAME)),
                        "wait AWAIT_PEER"),
                arguments(
                        "a member that recovers keeps its host until it is SECONDARY",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 RECOVERING host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.RECOVERING)),
                        "wait CLONING"),
                arguments(
                        "a member that is not healthy keeps its host",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY down host=10.0.0.2:27017")
                                .peer(1, inSet(OUR_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "wait AWAIT_PEER"),
                arguments(
                        "another set's member gives its name to nobody",
                        pod(0).replicas(2)
                                .set("0 PRIMARY", "1 SECONDARY host=10.0.0.2:27017")
                                .peer(1, inSet(OTHER_ID, "10.0.0.2:27017", MemberState.SECONDARY)),
                        "wait FOREIGN_PEER"),
                arguments(
                        "a member outside the StatefulSet keeps its host",
                        pod(0).replicas(1).set("0 PRIMARY", "9 SECONDARY host=analytics.example.com:27017"),
                        "settled SETTLED"));
    }

    static Stream<Arguments> leaving() {
        return Stream.of(
                arguments(
                        "the highest ordinal loses its vote first",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "act DEMOTE demote mongo-2"),
                arguments(
                        "then it is removed",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY novote"),
                        "act REMOVE remove mongo-2"),
                arguments(
                        "a scale-down that is taken back after the vote was taken: it is given back",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY joining"),
                        "act PROMOTE promote mongo-2"),
                arguments(
                        "a scale-down goes on where a vote was taken before",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY joining"),
                        "act REMOVE remove mongo-2"),
                arguments(
                        "a primary that is scaled away hands over first",
                        pod(2).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "act HAND_OVER hand_over mongo-0"),
                arguments(
                        "and waits where nobody that stays is caught up",
                        pod(2).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 SECONDARY lag=60", "1 SECONDARY", "2 PRIMARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "a kept member that is down holds it",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "a kept member that clones holds it: it answers heartbeats and acknowledges nothing",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "two of three kept members that clone",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 STARTUP2", "2 STARTUP2", "3 SECONDARY", "4 SECONDARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "one of three kept members that clones is not needed",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY", "3 SECONDARY", "4 SECONDARY"),
                        "act DEMOTE demote mongo-4"),
                arguments(
                        "a kept member that is an hour behind holds it",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY lag=3600", "2 SECONDARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "a kept arbiter counts",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 ARBITER unheard", "2 SECONDARY"),
                        "act DEMOTE demote mongo-2"),
                arguments(
                        "of two that leave one clones: its vote goes first",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 STARTUP2", "2 SECONDARY"),
                        "act DEMOTE demote mongo-1"),
                arguments(
                        "a leaving member that is down does not",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down"),
                        "act DEMOTE demote mongo-2"),
                arguments(
                        "one of two that leave is down: its vote goes first, else two of two would be needed next",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY"),
                        "act DEMOTE demote mongo-1"),
                arguments(
                        "a voter outside the StatefulSet that is down holds it: it stays too",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "9 SECONDARY down host=analytics.example.com:27017", "1 SECONDARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "without Kubernetes nobody leaves",
                        pod(0).replicas(1).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "settled SETTLED"),
                arguments(
                        "silence is no reason to leave",
                        pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down"),
                        "wait MEMBER_DOWN"),
                arguments(
                        "a member outside the StatefulSet does not leave with it",
                        pod(0).kubernetes(1)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "9 SECONDARY host=analytics.example.com:27017"),
                        "settled SETTLED"));
    }

    static Stream<Arguments> stopping() {
        return Stream.of(
                arguments(
                        "a primary whose pod goes away hands over",
                        pod(1).kubernetes(3).terminating(1).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY lag=1"),
                        "act HAND_OVER hand_over mongo-0"),
                arguments(
                        "not to one whose pod goes away as well",
                        pod(1).kubernetes(3).terminating(0, 1).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY lag=1"),
                        "act HAND_OVER hand_over mongo-2"),
                arguments(
                        "not to one without a vote, however fresh",
                        pod(1).kubernetes(3)
                                .terminating(1)
                                .set("0 SECONDARY novote", "1 PRIMARY", "2 SECONDARY lag=10"),
                        "act HAND_OVER hand_over mongo-2"),
                arguments(
                        "nor to one that a person keeps from being elected",
                        pod(1).kubernetes(3)
                                .terminating(1)
                                .set("0 SECONDARY priority0", "1 PRIMARY", "2 SECONDARY lag=10"),
                        "act HAND_OVER hand_over mongo-2"),
                arguments(
                        "to nobody where all pods go away: the set stops as it is",
                        pod(1).kubernetes(3).terminating(0, 1, 2).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "settled SETTLED"),
                arguments(
                        "to nobody where no other member is caught up",
                        pod(1).kubernetes(3).terminating(1).set("0 SECONDARY lag=60", "1 PRIMARY", "2 SECONDARY down"),
                        "wait MEMBER_DOWN"),
                arguments(
                        "also while the last change is not committed",
                        pod(1).kubernetes(3)
                                .terminating(1)
                                .uncommitted()
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY down"),
                        "act HAND_OVER hand_over mongo-0"),
                arguments(
                        "a set that is scaled to zero keeps its configuration",
                        pod(0).kubernetes(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "settled SETTLED"),
                arguments(
                        "a missing member whose pod is going away is not added to be lost again",
                        pod(0).kubernetes(3)
                                .terminating(2)
                                .set("0 PRIMARY", "1 SECONDARY")
                                .peer(2, new PeerMongod.Removed(OUR_ID)),
                        "wait AWAIT_PEER"));
    }

    static Stream<Arguments> approving() {
        return Stream.of(
                arguments(
                        "a force that was approved and not carried out, and there is a primary",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "act APPROVAL_WITHDRAWN withdraw_approval"),
                arguments(
                        "a new set that was approved before the volumes came back",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OUR_ID)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "act APPROVAL_WITHDRAWN withdraw_approval"),
                arguments(
                        "a secondary's sidecar leaves the approval to the primary's",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "a new set that a person approved: the record first",
                        pod(0).kubernetes(1).record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OUR_ID))),
                        "act NEW_SET_APPROVED record_intended"),
                arguments(
                        "an approved new set is not made beside a former standalone",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OUR_ID)))
                                .peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a new set that was approved in the place of another one",
                        pod(0).kubernetes(1).record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OTHER_ID))),
                        "wait NEW_SET_NEEDS_APPROVAL"),
                arguments(
                        "an approved new set still needs proof that all others are empty",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.NewSet(OUR_ID)))
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "wait PEERS_UNKNOWN"),
                arguments(
                        "a majority is gone and nobody approved anything",
                        majorityLost(new Approval.None()),
                        "wait NO_PRIMARY"),
                arguments(
                        "a majority is gone and a person approved to go on without it",
                        majorityLost(new Approval.ForceReconfig(OUR_ID, 5, 0)),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments(
                        "the approval is for another survivor",
                        majorityLost(new Approval.ForceReconfig(OUR_ID, 5, 1)),
                        "wait NO_PRIMARY"),
                arguments(
                        "the approval is for another version of the configuration",
                        majorityLost(new Approval.ForceReconfig(OUR_ID, 4, 0)),
                        "wait NO_PRIMARY"),
                arguments(
                        "the approval is for another set",
                        majorityLost(new Approval.ForceReconfig(OTHER_ID, 5, 0)),
                        "wait NO_PRIMARY"),
                arguments(
                        "a majority came back before it was carried out",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "one member without a vote makes no majority",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY", "1 SECONDARY novote", "2 SECONDARY down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-2]"),
                arguments(
                        "newer data without a vote cannot be elected",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY lag=9", "1 SECONDARY novote", "2 SECONDARY down", "3 SECONDARY down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-2, mongo-3]"),
                arguments(
                        "another member that answers has newer data by now",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, new Approval.ForceReconfig(OUR_ID, 5, 0)))
                                .set("0 SECONDARY lag=9", "1 SECONDARY", "2 SECONDARY down", "3 SECONDARY down"),
                        "wait NO_PRIMARY"));
    }

    private static World majorityLost(Approval approval) {
        return pod(0).kubernetes(3)
                .record(new SetRecord.Formed(OUR_ID, approval))
                .set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down");
    }

    static Stream<Arguments> kubernetesAway() {
        SetRecord unread = new SetRecord.Unavailable("away");
        return Stream.of(
                arguments(
                        "an empty first ordinal makes nothing: it is not known who else there is",
                        pod(0).kubernetesAway().record(unread),
                        "wait KUBERNETES_UNAVAILABLE"),
                arguments(
                        "not even where the record could be read",
                        pod(0).kubernetesAway().record(new SetRecord.Intended(true, Duration.ZERO)),
                        "wait KUBERNETES_UNAVAILABLE"),
                arguments(
                        "a secondary goes on",
                        pod(1).kubernetesAway().record(unread).set("0 PRIMARY", "1 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "a primary goes on, and says that nobody joins or leaves",
                        pod(0).kubernetesAway().record(unread).set("0 PRIMARY", "1 SECONDARY"),
                        "wait KUBERNETES_UNAVAILABLE"));
    }

    static Stream<Arguments> members() {
        return Stream.of(
                arguments("all is well", pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"), "settled SETTLED"),
                arguments(
                        "a primary that the configuration knows by another ordinal's name does not wait for itself",
                        pod(0).replicas(1).set("0 PRIMARY host=" + host(4)),
                        "settled SETTLED"),
                arguments("beside an arbiter", pod(0).replicas(2).set("0 PRIMARY", "1 ARBITER"), "settled SETTLED"),
                arguments("an arbiter's own sidecar", pod(1).set("0 PRIMARY", "1 ARBITER"), "settled FOLLOWING"),
                arguments(
                        "beside a secondary",
                        pod(1).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "no primary is visible",
                        pod(1).set("0 SECONDARY down", "1 SECONDARY", "2 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "the primary's health was lost: it counts as not visible",
                        pod(1).set("0 PRIMARY down", "1 SECONDARY", "2 SECONDARY"),
                        "wait NO_PRIMARY"),
                arguments(
                        "the root user is missing",
                        pod(0).set("0 PRIMARY").rootUser(RootUser.MISSING),
                        "act ROOT_USER create_root_user"),
                arguments(
                        "its password changed in the file",
                        pod(0).set("0 PRIMARY").rootUser(RootUser.PASSWORD_DIFFERS),
                        "act ROOT_USER update_root_password"),
                arguments(
                        "a secondary's sidecar leaves the root user alone",
                        pod(1).set("0 PRIMARY", "1 SECONDARY").rootUser(RootUser.MISSING),
                        "settled FOLLOWING"));
    }

    /** What waits is told, and holds up nothing else. */
    static Stream<Arguments> aWaitIsNoBan() {
        SetRecord recorded = new SetRecord.Formed(OUR_ID);
        return Stream.of(
                arguments(
                        "a scale-down to members without a vote, which have caught up: they get their votes",
                        pod(2).kubernetes(2)
                                .record(recorded)
                                .set("0 SECONDARY joining", "1 SECONDARY joining", "2 PRIMARY"),
                        "act PROMOTE promote mongo-0"),
                arguments(
                        "a scale-down on hold for a member that is down: another one gets its vote, and it can go on",
                        pod(0).kubernetes(3)
                                .record(recorded)
                                .set(
                                        "0 PRIMARY",
                                        "1 SECONDARY down",
                                        "2 SECONDARY joining",
                                        "3 SECONDARY",
                                        "4 SECONDARY"),
                        "act PROMOTE promote mongo-2"),
                arguments(
                        "the first member that joins lags: the second one, which does not, gets its vote",
                        pod(2).set("0 SECONDARY joining lag=3600", "1 SECONDARY joining", "2 PRIMARY"),
                        "act PROMOTE promote mongo-1"),
                arguments(
                        "a member still clones after two hours: the forming heartbeats have ended",
                        pod(0).forming(Duration.ofHours(2))
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .peer(2, empty()),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "the ordinals begin at 3 now, and nobody of the new ones is there: they join",
                        pod(0).firstOrdinal(3)
                                .kubernetes(3)
                                .record(recorded)
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY")
                                .peer(3, empty())
                                .peer(4, empty())
                                .peer(5, empty()),
                        "act JOIN add mongo-3"),
                arguments(
                        "three to one, and the one that stays was just added again: it gets its vote",
                        pod(1).kubernetes(1).record(recorded).set("0 SECONDARY joining", "1 PRIMARY", "2 SECONDARY"),
                        "act PROMOTE promote mongo-0"),
                arguments(
                        "a pod on a dead node is going away, and nothing is heard of it for an hour: the next one joins",
                        pod(0).kubernetes(3)
                                .terminating(1)
                                .record(recorded)
                                .set("0 PRIMARY")
                                .peer(1, unknown(Cause.UNREACHABLE, Duration.ofHours(1)))
                                .peer(2, empty()),
                        "act JOIN add mongo-2"),
                arguments(
                        "the heartbeats of a forming set end while a scale-down is on hold",
                        pod(0).kubernetes(2)
                                .record(recorded)
                                .forming(Duration.ofSeconds(31))
                                .set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY"),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "nothing can be done: what was noted first is the decision",
                        pod(0).kubernetes(2).record(recorded).set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY"),
                        "wait LEAVE_HELD"));
    }

    /** Each step fails for ever; whatever else is to be done is done, in this order, and then the first is told. */
    static Stream<Arguments> failing() {
        return Stream.of(
                arguments(
                        "the root user's password is refused",
                        pod(0).rootUser(RootUser.MISSING)
                                .forming(Duration.ofHours(1))
                                .set("0 PRIMARY", "1 SECONDARY joining")
                                .peer(2, empty()),
                        "create_root_user; restore_heartbeat; promote mongo-1; add mongo-2; wait STEP_FAILED"),
                arguments(
                        "a vote that the server refuses for what the member is",
                        pod(0).replicas(4)
                                .set("0 PRIMARY", "1 SECONDARY joining hidden", "2 SECONDARY joining")
                                .peer(3, empty()),
                        "promote mongo-1; promote mongo-2; add mongo-3; wait STEP_FAILED"),
                arguments(
                        "a member whose name the other servers do not find",
                        pod(0).replicas(4)
                                .set("0 PRIMARY")
                                .peer(1, empty())
                                .peer(2, empty())
                                .peer(3, empty()),
                        "add mongo-1; add mongo-2; add mongo-3; wait STEP_FAILED"),
                arguments(
                        "a scale-down that the server refuses",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "demote mongo-2; wait STEP_FAILED"),
                arguments("the set cannot be initiated", pod(0).replicas(1), "initiate mongo-0; wait STEP_FAILED"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void failing(String situation, World world, String expected) {
        Snapshot snapshot = world.look();
        Setbacks setbacks = Setbacks.NONE;
        List<String> said = new ArrayList<>();
        Decision decision = Planner.judge(snapshot, setbacks).decision();
        while (decision instanceof Decision.Act act) {
            said.add(World.words(act).substring(("act " + act.reason() + " ").length()));
            setbacks = setbacks.with(act.step(), failed(3));
            decision = Planner.judge(snapshot, setbacks).decision();
        }
        said.add(World.words(decision));

        assertThat(String.join("; ", said)).as(situation).isEqualTo(expected);
        assertThat(decision.message()).contains("this has failed 3 times, and is tried again after 8 s: no (code 93)");
    }

    private static Setback failed(int times) {
        return new Setback(times, new Outcome.Failed(93, "no (code 93)"), Duration.ofSeconds(8), Duration.ofSeconds(5));
    }

    @Test
    void aStepThatIsDoneAndHasNoEffectIsToldAsOneThatFails() {
        Snapshot snapshot = pod(0).rootUser(RootUser.PASSWORD_DIFFERS)
                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY")
                .look();
        Setback again = new Setback(4, new Outcome.Done(), Duration.ofSeconds(2), Duration.ofSeconds(1));

        Decision decision = Planner.judge(snapshot, Setbacks.NONE.with(new Step.UpdateRootPassword(), again))
                .decision();

        assertThat(World.words(decision)).isEqualTo("wait STEP_FAILED");
        assertThat(decision.message())
                .endsWith("this was done 4 times and had no effect, and is tried again after 2 s");
    }

    @Test
    void whatWaitsBesidesTheDecisionIsTold() {
        Judgement judgement = Planner.judge(
                pod(0).kubernetes(3)
                        .record(new SetRecord.Formed(OUR_ID))
                        .set("0 PRIMARY", "1 SECONDARY joining lag=60", "2 SECONDARY down")
                        .look(),
                Setbacks.NONE);

        assertThat(judgement.waiting())
                .extracting(Decision.Wait::reason)
                .containsExactly(Reason.AWAIT_CATCH_UP, Reason.MEMBER_DOWN);
        assertThat(judgement.decision()).isEqualTo(judgement.waiting().getFirst());
    }

    static Stream<Arguments> pausing() {
        return Stream.of(
                arguments(
                        "a paused sidecar does not initiate",
                        pod(0).paused().peer(1, empty()).peer(2, empty()),
                        "wait PAUSED"),
                arguments(
                        "a paused sidecar adds nobody",
                        pod(0).paused().set("0 PRIMARY").peer(1, empty()).peer(2, empty()),
                        "wait PAUSED"),
                arguments(
                        "a paused sidecar still says that all is well",
                        pod(0).paused().set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "settled SETTLED"));
    }
}
