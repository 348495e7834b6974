package dev.muster.plan;

import static dev.muster.plan.World.NAMING;
import static dev.muster.plan.World.OTHER_ID;
import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.holdsData;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.Approval;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.model.SourcePreference;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that a broken rule could come to is thrown, not made. */
class InvariantsTest {
    private static final Step INITIATE = new Step.Initiate(NAMING.address(0), "rs0");
    private static final Step INTEND = new Step.RecordIntended();
    private static final Step FORMED = new Step.RecordFormed(OUR_ID);
    private static final Step FORCE = new Step.ForceReconfigure(List.of(NAMING.address(1), NAMING.address(2)), 5);
    private static final String APPROVED =
            "only what an operator approved for this incident, and not long ago, is forced";
    private static final String PRIMARY = "only the primary's sidecar";
    private static final String FOREIGN = "a member of another set changes nothing";

    @ParameterizedTest(name = "{0}")
    @MethodSource({"makingASet", "changingASet", "others"})
    void isThrown(String situation, World world, Step step, String invariant) {
        assertThatThrownBy(() -> Invariants.check(world.look(), step))
                .as(situation)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(invariant);
    }

    /** Only Kubernetes can say that a peer is absent. No reader comes to this snapshot, and no rule asks who said it. */
    @Test
    void thePlannerHasEveryStepChecked() {
        Snapshot impossible =
                pod(0).replicas(2).peer(1, new PeerMongod.Absent()).look();

        assertThatThrownBy(() -> Planner.plan(impossible)).hasMessageContaining("a peer that is not proven empty");
    }

    static Stream<Arguments> makingASet() {
        return Stream.of(
                arguments("by a member", pod(0).set("0 PRIMARY"), INITIATE, "only an empty member"),
                arguments("by a member, recorded first", pod(0).set("0 PRIMARY"), INTEND, "only an empty member"),
                arguments("by a later ordinal", pod(1).peer(0, empty()), INITIATE, "only the first ordinal"),
                arguments("beside one not asked", pod(0).peer(1, empty()), INITIATE, "may hold a set"),
                arguments(
                        "beside one that is unknown",
                        pod(0).replicas(2).peer(1, unknown(PeerMongod.Cause.TIMEOUT)),
                        INITIATE,
                        "a peer that is not proven empty"),
                arguments(
                        "beside one that is said to be absent, by nobody",
                        pod(0).replicas(2).peer(1, new PeerMongod.Absent()),
                        INITIATE,
                        "a peer that is not proven empty"),
                arguments(
                        "by a former standalone",
                        pod(0).replicas(1).local(new LocalMongod.HoldsData("user bob@admin")),
                        INITIATE,
                        "only an empty member"),
                arguments(
                        "by one whose data an operator named, empty by now",
                        pod(1).kubernetes(2).record(World.seedApproved(1)).peer(0, empty()),
                        INTEND,
                        "only the first ordinal"),
                arguments(
                        "without data while an operator wants another member's",
                        pod(0).kubernetes(2).record(World.seedApproved(1)).peer(1, empty()),
                        INTEND,
                        "no empty set is initiated"),
                arguments(
                        "from data in the place of a set that the approval does not name",
                        pod(0).kubernetes(1)
                                .local(World.ownData())
                                .record(new SetRecord.Formed(OUR_ID, World.seed(0, OTHER_ID))),
                        INTEND,
                        "only an empty member"),
                arguments(
                        "from approved data, beside a former standalone",
                        pod(0).kubernetes(2)
                                .local(World.ownData())
                                .record(World.seedApproved(0))
                                .peer(1, holdsData()),
                        INTEND,
                        "a peer that is not proven empty"),
                arguments(
                        "from approved data, before the record",
                        pod(0).kubernetes(1).local(World.ownData()).record(World.seedApproved(0)),
                        INITIATE,
                        "the intent is recorded before"),
                arguments(
                        "beside a former standalone",
                        pod(0).replicas(2).peer(1, holdsData()),
                        INITIATE,
                        "a peer that is not proven empty"),
                arguments(
                        "beside a former standalone, recorded first",
                        pod(0).kubernetes(2).record(new SetRecord.Absent()).peer(1, holdsData()),
                        INTEND,
                        "a peer that is not proven empty"),
                arguments(
                        "when Kubernetes is away",
                        pod(0).kubernetesAway(),
                        INITIATE,
                        "a member that Kubernetes does not name"),
                arguments(
                        "when nobody is asked for",
                        pod(0).kubernetes(0).record(new SetRecord.Absent()),
                        INTEND,
                        "a set without members is not initiated"),
                arguments(
                        "before the record", alone(new SetRecord.Absent()), INITIATE, "the intent is recorded before"),
                arguments(
                        "with a record that cannot be read",
                        alone(new SetRecord.Unavailable("away")),
                        INITIATE,
                        "an unread record"),
                arguments(
                        "where another pod is about to",
                        alone(new SetRecord.Intended("another-pod", false, Duration.ofHours(1))),
                        INITIATE,
                        "only the pod that recorded its intent"),
                arguments(
                        "where another pod was about to a moment ago",
                        alone(new SetRecord.Intended("another-pod", false, Duration.ofSeconds(14))),
                        INTEND,
                        "only the pod that recorded its intent"),
                arguments(
                        "where one was made",
                        alone(new SetRecord.Formed(OUR_ID)),
                        INTEND,
                        "a recorded set is not initiated again"),
                arguments(
                        "where one was made, and its new one approved but not recorded",
                        alone(new SetRecord.Formed(OUR_ID, World.newSet(OUR_ID))),
                        INITIATE,
                        "a recorded set is not initiated again"),
                arguments(
                        "where one was made, and another given up",
                        alone(new SetRecord.Formed(OUR_ID, World.newSet(OTHER_ID))),
                        INTEND,
                        "a recorded set is not initiated again"));
    }

    private static World alone(SetRecord record) {
        return pod(0).kubernetes(1).record(record);
    }

    static Stream<Arguments> changingASet() {
        World trio =
                pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY joining").replicas(4);
        World shrinking =
                pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY novote").kubernetes(1);
        String[] fifty = IntStream.range(0, 50)
                .mapToObj(i -> i == 0 ? "0 PRIMARY" : i + " SECONDARY novote")
                .toArray(String[]::new);
        String[] eight = IntStream.range(0, 8)
                .mapToObj(i -> i == 0 ? "0 PRIMARY" : i + " SECONDARY" + (i == 7 ? " joining" : ""))
                .toArray(String[]::new);
        return Stream.of(
                arguments("by a secondary", pod(1).set("0 PRIMARY", "1 SECONDARY"), add(2, 2), PRIMARY),
                arguments("by another set's primary", foreign(), add(2, 2), FOREIGN),
                arguments(
                        "before the last change is committed",
                        pod(0).set("0 PRIMARY").uncommitted(),
                        add(1, 1),
                        "committed"),
                arguments("a fifty-first member", pod(0).replicas(51).set(fifty), add(50, 50), "no more than 50"),
                arguments("an id twice", trio, add(2, 3), "ids are unique"),
                arguments("a host twice", trio, add(3, 1), "hosts are unique"),
                arguments("one that is not expected", trio, add(3, 4), "only expected members are added"),
                arguments(
                        "a former standalone",
                        pod(0).replicas(2).set("0 PRIMARY").peer(1, holdsData()),
                        add(1, 1),
                        "data of its own is not added"),
                arguments("an eighth vote", pod(0).replicas(8).set(eight), promote(7), "no more than 7 voters"),
                arguments("a vote for one that does not join", trio, promote(1), "only a joining member"),
                arguments("a vote for one that is no member", trio, promote(3), "only a joining member"),
                arguments(
                        "a vote taken without Kubernetes",
                        trio.replicas(4),
                        demote(9),
                        "members leave only when Kubernetes says so"),
                arguments(
                        "a member taken out without Kubernetes",
                        trio,
                        remove(2),
                        "members leave only when Kubernetes says so"),
                arguments("an expected member taken out", shrinking, remove(0), "an expected member never leaves"),
                arguments("an expected member's vote taken", shrinking, demote(0), "an expected member never leaves"),
                arguments("a voter taken out", shrinking, remove(1), "only a member without a vote is removed"),
                arguments(
                        "one outside the StatefulSet taken out",
                        shrinking,
                        change(new ConfigChange.Remove(HostAddress.parse("10.0.0.9"))),
                        "only the StatefulSet's members leave"),
                arguments(
                        "a set that is scaled to zero",
                        pod(0).set("0 PRIMARY", "1 SECONDARY novote").kubernetes(0),
                        remove(1),
                        "scaled to zero"),
                arguments(
                        "a name that another member has",
                        trio,
                        change(new ConfigChange.Rename(2, NAMING.address(2), NAMING.address(1))),
                        "a member's new host is not another member's"),
                arguments(
                        "the vote of a member that has its data",
                        trio,
                        change(new ConfigChange.TakeEmptyVote(NAMING.address(1), "a")),
                        "only a member without data loses its vote for that"),
                arguments(
                        "the vote of one of two without data, of three",
                        pod(0).kubernetes(3)
                                .set("0 PRIMARY", "1 STARTUP2", "2 STARTUP2")
                                .peer(1, World.cloning(1, "a")),
                        change(new ConfigChange.TakeEmptyVote(NAMING.address(1), "a")),
                        "are a majority without it"),
                arguments(
                        "a vote given back that Muster did not take for lost data",
                        pod(0).kubernetes(2).set("0 PRIMARY", "1 STARTUP2 joining"),
                        change(new ConfigChange.ReturnVote(NAMING.address(1), "a")),
                        "only a vote that Muster took is given back"),
                arguments(
                        "a mark removed that is not there",
                        trio,
                        change(new ConfigChange.ForgetEmptied(NAMING.address(1))),
                        "only a mark that is there is removed"),
                arguments(
                        "a person's heartbeat interval",
                        trio,
                        change(new ConfigChange.RestoreHeartbeat()),
                        "an operator's heartbeat interval"));
    }

    private static World foreign() {
        return pod(0).set("0 PRIMARY").record(new SetRecord.Formed(OTHER_ID));
    }

    private static Step add(int id, int ordinal) {
        return change(new ConfigChange.Add(id, NAMING.address(ordinal)));
    }

    private static Step promote(int ordinal) {
        return change(new ConfigChange.Promote(NAMING.address(ordinal)));
    }

    private static Step demote(int ordinal) {
        return change(new ConfigChange.Demote(NAMING.address(ordinal)));
    }

    private static Step remove(int ordinal) {
        return change(new ConfigChange.Remove(NAMING.address(ordinal)));
    }

    private static Step change(ConfigChange change) {
        return new Step.Reconfigure(change, 5, 1);
    }

    static Stream<Arguments> others() {
        World secondary = pod(1).set("0 PRIMARY", "1 SECONDARY");
        Step handOver = new Step.HandOver(NAMING.address(1));
        Step syncFrom = new Step.SyncFrom(NAMING.address(0));
        return Stream.of(
                arguments("a user made by a secondary", secondary, new Step.CreateRootUser(), PRIMARY),
                arguments("a password set by a secondary", secondary, new Step.UpdateRootPassword(), PRIMARY),
                arguments("handed over by a secondary", secondary, handOver, PRIMARY),
                arguments("handed over by another set's primary", foreign(), handOver, FOREIGN),
                arguments(
                        "another set recorded", foreign(), FORMED, "a record that names a set is never written again"),
                arguments("a member that does not clone", secondary, syncFrom, "never redirected"),
                arguments(
                        "a clone that copies",
                        pod(1).set("0 PRIMARY", "1 STARTUP2 joining").cloning("", 1, 0),
                        syncFrom,
                        "a clone that has copied data is never redirected"),
                arguments(
                        "a server that may not clone from the primary, directed there",
                        pod(1).set("0 PRIMARY", "1 STARTUP2 joining")
                                .cloning("", 0, 0)
                                .prefers(SourcePreference.SECONDARY_ONLY),
                        syncFrom,
                        "can abort when it is directed"),
                arguments("a force that nobody approved", lost(new Approval.None()), FORCE, APPROVED),
                arguments(
                        "a force without a record",
                        lost(new Approval.None()).record(new SetRecord.Absent()),
                        FORCE,
                        APPROVED),
                arguments("a force by another survivor", lost(force(OUR_ID, 5, 1, 1)), FORCE, APPROVED),
                arguments("a force on another version", lost(force(OUR_ID, 4, 1, 0)), FORCE, APPROVED),
                arguments("a force after another election", lost(force(OUR_ID, 5, 2, 0)), FORCE, APPROVED),
                arguments("a force on another set", lost(force(OTHER_ID, 5, 1, 0)), FORCE, APPROVED),
                arguments(
                        "a force that takes the vote of a member that the operator did not see down",
                        lost(World.force(0, 1)),
                        FORCE,
                        APPROVED),
                arguments(
                        "a force that was approved ten minutes ago",
                        lost(new Approval.ForceReconfig(
                                World.incident(0, 1, 2), World.NOW.minus(Duration.ofMinutes(10)))),
                        FORCE,
                        APPROVED),
                arguments(
                        "a new set that was approved an hour ago",
                        alone(new SetRecord.Formed(OUR_ID, World.newSet(OUR_ID), Duration.ofHours(1))),
                        INTEND,
                        "a recorded set is not initiated again"),
                arguments(
                        "an approval that may still be carried out, withdrawn without a primary",
                        lost(World.force(0, 1, 2)),
                        new Step.WithdrawApproval(World.force(0, 1, 2)),
                        PRIMARY),
                arguments(
                        "an approval that is not in the record",
                        pod(0).set("0 PRIMARY").record(new SetRecord.Formed(OUR_ID, World.newSet(OUR_ID))),
                        new Step.WithdrawApproval(World.force(0, 1, 2)),
                        "only an approval that is in the record is withdrawn"),
                arguments(
                        "a force where there is a primary",
                        pod(0).set("0 SECONDARY", "1 PRIMARY")
                                .record(new SetRecord.Formed(OUR_ID, World.force(0, 1, 2))),
                        FORCE,
                        APPROVED));
    }

    private static World lost(Approval approval) {
        return pod(0).set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down")
                .record(new SetRecord.Formed(OUR_ID, approval));
    }

    private static Approval force(String id, long version, long term, int survivor) {
        return new Approval.ForceReconfig(
                new Approval.Incident(id, version, term, survivor, List.of(NAMING.address(1), NAMING.address(2))),
                World.NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isMade(String situation, World world, Step step) {
        assertThatCode(() -> Invariants.check(world.look(), step)).as(situation).doesNotThrowAnyException();
    }

    static Stream<Arguments> isMade() {
        String[] fortyNine = IntStream.range(0, 49)
                .mapToObj(i -> i == 0 ? "0 PRIMARY" : i + " SECONDARY novote")
                .toArray(String[]::new);
        String[] seven = IntStream.range(0, 7)
                .mapToObj(i -> i == 0 ? "0 PRIMARY" : i + " SECONDARY" + (i == 6 ? " joining" : ""))
                .toArray(String[]::new);
        return Stream.of(
                arguments("a set of one", pod(0).replicas(1), INITIATE),
                arguments(
                        "from the data that an operator named",
                        pod(1).kubernetes(2)
                                .local(World.ownData())
                                .record(World.seedApproved(1))
                                .peer(0, empty()),
                        INTEND),
                arguments(
                        "the same in the place of a recorded set that the approval names",
                        pod(1).kubernetes(2)
                                .local(World.ownData())
                                .record(new SetRecord.Formed(OUR_ID, World.seed(1, OUR_ID)))
                                .peer(0, empty()),
                        INTEND),
                arguments(
                        "an intent of our own",
                        alone(new SetRecord.Intended("this-pod", true, Duration.ZERO)),
                        INITIATE),
                arguments(
                        "an old intent taken over",
                        alone(new SetRecord.Intended("another-pod", false, BootstrapRules.OTHERS_INTENT)),
                        INTEND),
                arguments("a fiftieth member", pod(0).replicas(50).set(fortyNine), add(49, 49)),
                arguments("a seventh vote", pod(0).replicas(7).set(seven), promote(6)),
                arguments("an approved force", lost(World.force(0, 1, 2)), FORCE),
                arguments(
                        "an expired approval, withdrawn without a primary",
                        lost(World.force(0, 1, 2))
                                .record(new SetRecord.Formed(OUR_ID, World.force(0, 1, 2), Duration.ofMinutes(10))),
                        new Step.WithdrawApproval(World.force(0, 1, 2))));
    }
}
