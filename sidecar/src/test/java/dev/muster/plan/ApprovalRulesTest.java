package dev.muster.plan;

import static dev.muster.plan.World.NAMING;
import static dev.muster.plan.World.NOW;
import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.force;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.incident;
import static dev.muster.plan.World.newSet;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetRecord;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What only an operator may decide. Each row is one situation and what follows from it. */
class ApprovalRulesTest {
    private static final List<HostAddress> ONE_AND_TWO = List.of(NAMING.address(1), NAMING.address(2));

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("approving")
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
    }

    static Stream<Arguments> approving() {
        return Stream.of(
                arguments(
                        "a force that was approved and not carried out, and there is a primary",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "act APPROVAL_WITHDRAWN withdraw_approval"),
                arguments(
                        "a new set that was approved before the volumes came back",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, newSet(OUR_ID)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "act APPROVAL_WITHDRAWN withdraw_approval"),
                arguments(
                        "a secondary's sidecar leaves the approval to the primary's",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2)))
                                .set("0 SECONDARY", "1 PRIMARY", "2 SECONDARY"),
                        "settled FOLLOWING"),
                arguments(
                        "a new set that a person approved: the record first",
                        pod(0).kubernetes(1).record(new SetRecord.Formed(OUR_ID, newSet(OUR_ID))),
                        "act NEW_SET_APPROVED record_intended"),
                arguments(
                        "an approved new set is not made beside a former standalone",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, newSet(OUR_ID)))
                                .peer(1, holdsData()),
                        "wait HOLDS_DATA"),
                arguments(
                        "a new set that was approved in the place of another one",
                        pod(0).kubernetes(1).record(new SetRecord.Formed(OUR_ID, newSet(OTHER_ID))),
                        "wait NEW_SET_NEEDS_APPROVAL"),
                arguments(
                        "an approved new set still needs proof that all others are empty",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, newSet(OUR_ID)))
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "wait PEERS_UNKNOWN"),
                arguments(
                        "a majority is gone and nobody approved anything",
                        majorityLost(new Approval.None()),
                        "wait NO_PRIMARY"),
                arguments(
                        "a majority is gone and a person approved to go on without it",
                        majorityLost(force(0, 1, 2)),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments("the approval is for another survivor", majorityLost(force(1, 1, 2)), "wait NO_PRIMARY"),
                arguments(
                        "the approval is for another version of the configuration",
                        majorityLost(given(new Approval.Incident(OUR_ID, 4, 1, 0, ONE_AND_TWO))),
                        "wait NO_PRIMARY"),
                arguments(
                        "there was an election since it was approved",
                        majorityLost(given(new Approval.Incident(OUR_ID, 5, 0, 0, ONE_AND_TWO))),
                        "wait NO_PRIMARY"),
                arguments(
                        "the approval is for another set",
                        majorityLost(given(new Approval.Incident(OTHER_ID, 5, 1, 0, ONE_AND_TWO))),
                        "wait NO_PRIMARY"),
                arguments(
                        "one more member is down than when it was approved",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 2, 3)))
                                .set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down", "3 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "one of the members that were down is back, and they are no majority yet",
                        pod(0).kubernetes(5)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2, 3, 4)))
                                .set(
                                        "0 SECONDARY",
                                        "1 SECONDARY",
                                        "2 SECONDARY down",
                                        "3 SECONDARY down",
                                        "4 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "a member without a vote that is down does not make it another incident",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2)))
                                .set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down", "3 SECONDARY novote down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments(
                        "a force that was approved just under ten minutes ago",
                        majorityLost(force(0, 1, 2), Duration.ofMinutes(10).minusMillis(1)),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments(
                        "a force that has been in the record for ten minutes, whatever the clock says",
                        majorityLost(force(0, 1, 2), Duration.ofMinutes(10)),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "a force that was approved ten minutes ago by the clock, and seen just now",
                        majorityLost(givenAt(Duration.ofMinutes(-10))),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "a clock that is a minute ahead does not matter",
                        majorityLost(givenAt(Duration.ofMinutes(1))),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments(
                        "a clock that is ten minutes ahead cannot say when it was approved",
                        majorityLost(givenAt(Duration.ofMinutes(10))),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "an approval that has expired is removed by the member that would carry it out, and no other",
                        pod(1).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, givenAt(Duration.ofMinutes(-10))))
                                .set("0 SECONDARY", "1 SECONDARY", "2 PRIMARY"),
                        "settled FOLLOWING"),
                arguments(
                        "its mongod is empty by now",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, givenAt(Duration.ofMinutes(-10))))
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "a new set that was approved an hour ago is removed by the first ordinal",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(
                                        OUR_ID, new Approval.NewSet(OUR_ID, NOW.minus(Duration.ofHours(1)))))
                                .peer(1, unknown(Cause.TIMEOUT)),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "a new set that has been approved in the record for an hour",
                        pod(0).kubernetes(1).record(new SetRecord.Formed(OUR_ID, newSet(OUR_ID), Duration.ofHours(1))),
                        "act APPROVAL_EXPIRED withdraw_approval"),
                arguments(
                        "another ordinal leaves it to the first",
                        pod(1).kubernetes(2)
                                .record(new SetRecord.Formed(
                                        OUR_ID, new Approval.NewSet(OUR_ID, NOW.minus(Duration.ofHours(1)))))
                                .peer(0, empty()),
                        "wait AWAIT_FIRST_ORDINAL"),
                arguments(
                        "an arbiter that is down is among them",
                        pod(0).kubernetes(2)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2)))
                                .set("0 SECONDARY", "1 SECONDARY down", "2 ARBITER arbiter down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-1, mongo-2]"),
                arguments(
                        "a majority came back before it was carried out",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 1, 2)))
                                .set("0 SECONDARY", "1 SECONDARY", "2 SECONDARY down"),
                        "wait NO_PRIMARY"),
                arguments(
                        "one member without a vote makes no majority",
                        pod(0).kubernetes(3)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 2)))
                                .set("0 SECONDARY", "1 SECONDARY novote", "2 SECONDARY down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-2]"),
                arguments(
                        "newer data without a vote cannot be elected",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 2, 3)))
                                .set("0 SECONDARY lag=9", "1 SECONDARY novote", "2 SECONDARY down", "3 SECONDARY down"),
                        "act FORCE_APPROVED force_reconfigure without [mongo-2, mongo-3]"),
                arguments(
                        "another member that answers has newer data by now",
                        pod(0).kubernetes(4)
                                .record(new SetRecord.Formed(OUR_ID, force(0, 2, 3)))
                                .set("0 SECONDARY lag=9", "1 SECONDARY", "2 SECONDARY down", "3 SECONDARY down"),
                        "wait NO_PRIMARY"));
    }

    private static Approval givenAt(Duration fromNow) {
        return new Approval.ForceReconfig(incident(0, 1, 2), NOW.plus(fromNow));
    }

    private static Approval given(Approval.Incident incident) {
        return new Approval.ForceReconfig(incident, NOW);
    }

    private static World majorityLost(Approval approval) {
        return majorityLost(approval, Duration.ZERO);
    }

    private static World majorityLost(Approval approval, Duration seenFor) {
        return pod(0).kubernetes(3)
                .record(new SetRecord.Formed(OUR_ID, approval, seenFor))
                .set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down");
    }
}
