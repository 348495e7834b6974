package dev.muster.plan;

import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.SetRecord;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What only an operator may decide. Each row is one situation and what follows from it. */
class ApprovalRulesTest {
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
}
