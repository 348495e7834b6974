package dev.muster.plan;

import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.pod;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a member leaves, and a primary hands over. Each row is one situation and what follows from it. */
class LeaveRulesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"leaving", "stopping"})
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
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
                        "and waits where those that stay cannot be elected",
                        pod(2).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 SECONDARY priority0", "1 SECONDARY priority0", "2 PRIMARY"),
                        "wait LEAVE_HELD"),
                arguments(
                        "a voter that is silent leaves before one that lags",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down", "3 SECONDARY lag=60"),
                        "act DEMOTE demote mongo-2"),
                arguments(
                        "a voter that is as far behind as is allowed is not in the way: the highest leaves first",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY lag=10", "3 SECONDARY"),
                        "act DEMOTE demote mongo-3"),
                arguments(
                        "one second more, and it leaves before it",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID))
                                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY lag=11", "3 SECONDARY"),
                        "act DEMOTE demote mongo-2"),
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
                        "two members under names of their own, both scaled away: they do not hand over to each other for ever",
                        pod(1).kubernetes(1)
                                .terminating(1)
                                .set(
                                        "0 SECONDARY down",
                                        "1 PRIMARY host=db1.example.com:27017",
                                        "2 SECONDARY host=db2.example.com:27017"),
                        "wait MEMBER_DOWN"),
                arguments(
                        "a primary that is deleted waits for a successor that has just come back: clients do not find it yet",
                        pod(1).kubernetes(3).terminating(0, 1).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY uptime=9"),
                        "wait HAND_OVER"),
                arguments(
                        "not for one that has been up for a while",
                        pod(1).kubernetes(3).terminating(0, 1).set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY uptime=10"),
                        "act HAND_OVER hand_over mongo-2"),
                arguments(
                        "and rather takes one that is a second behind",
                        pod(1).kubernetes(3)
                                .terminating(1)
                                .set("0 SECONDARY lag=1", "1 PRIMARY", "2 SECONDARY uptime=9"),
                        "act HAND_OVER hand_over mongo-0"),
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
}
