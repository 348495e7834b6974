package dev.muster.plan;

import static dev.muster.plan.World.OUR_ID;
import static dev.muster.plan.World.empty;
import static dev.muster.plan.World.pod;
import static dev.muster.plan.World.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.RootUser;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How the rules work together: each has a table of its own, named for its class. */
class PlannerTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"aWaitIsNoBan", "pausing"})
    void decides(String situation, World world, String expected) {
        Rows.check(situation, world, expected);
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
                        "they end early where mongod is slow to answer",
                        pod(0).forming(Duration.ofSeconds(2))
                                .observedIn(Duration.ofSeconds(1))
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .peer(2, empty()),
                        "act HEARTBEAT restore_heartbeat"),
                arguments(
                        "they go on while it answers in time",
                        pod(0).forming(Duration.ofSeconds(2))
                                .observedIn(Duration.ofMillis(999))
                                .set("0 PRIMARY", "1 STARTUP2 joining")
                                .peer(2, empty()),
                        "wait AWAIT_PREDECESSOR"),
                arguments(
                        "nothing can be done: what was noted first is the decision",
                        pod(0).kubernetes(2).record(recorded).set("0 PRIMARY", "1 SECONDARY down", "2 SECONDARY"),
                        "wait LEAVE_HELD"));
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

        assertThat(Planner.judge(snapshot, setbacks).aside()).hasSize(said.size() - 1);
        assertThat(String.join("; ", said)).as(situation).isEqualTo(expected);
        assertThat(decision.message()).contains("failed 3 times, and is tried again after 8 s: no (code 93)");
    }

    /** The record is read in this step: until then another pod may have initiated a set. */
    @Test
    void aSetThatWasJustInitiatedGetsNothingUntilTheRecordNamesIt() {
        Snapshot snapshot = pod(0).kubernetes(2)
                .record(new SetRecord.Intended("this-pod", true, Duration.ofSeconds(20)))
                .rootUser(RootUser.MISSING)
                .set("0 PRIMARY")
                .peer(1, empty())
                .look();

        Judgement judgement =
                Planner.judge(snapshot, Setbacks.NONE.with(new Step.RecordFormed(World.OUR_ID), failed(3)));

        assertThat(judgement.decision().reason()).isEqualTo(Reason.STEP_FAILED);
        assertThat(judgement.waiting())
                .extracting(Decision.Wait::reason)
                .containsExactly(Reason.STEP_FAILED, Reason.RECORD_SET);
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
        assertThat(decision.message()).endsWith("done 4 times without effect, and is tried again after 2 s");
    }

    @ParameterizedTest(name = "{0} ms are left: tried again in {1} ms at the latest")
    @CsvSource({"5, 5", "249, 249", "250, 250", "251, 250", "5000, 250"})
    void aStepThatGivesWayIsLookedAtAgainWhenItsPauseEndsAndNeverLater(long left, long retryAfter) {
        Snapshot snapshot = pod(0).replicas(1).look();
        Decision.Act act = (Decision.Act) Planner.plan(snapshot);
        Setback setback = new Setback(
                1, new Outcome.Stale("somebody else wrote"), Duration.ofSeconds(5), Duration.ofMillis(left));

        Decision.Wait waits = setback.waiting(act);

        assertThat(waits.retryAfter()).isEqualTo(Duration.ofMillis(retryAfter));
        assertThat(waits.reason()).isEqualTo(Reason.INITIATE);
        assertThat(waits.message()).isEqualTo(act.message() + "; not yet: somebody else wrote");
    }

    @Test
    void aStepThatFailsIsTheDecisionThoughAWaitCameBeforeIt() {
        Snapshot snapshot = pod(0).kubernetes(3)
                .record(new SetRecord.Formed(OUR_ID))
                .set("0 PRIMARY", "1 SECONDARY joining lag=60", "2 SECONDARY joining")
                .look();
        Step promote = ((Decision.Act) Planner.plan(snapshot)).step();

        Judgement judgement = Planner.judge(snapshot, Setbacks.NONE.with(promote, failed(1)));

        assertThat(judgement.waiting())
                .extracting(Decision.Wait::reason)
                .startsWith(Reason.AWAIT_CATCH_UP, Reason.STEP_FAILED);
        assertThat(judgement.decision()).isEqualTo(judgement.waiting().get(1));
        assertThat(judgement.aside()).containsExactly(promote);
    }

    @Test
    void whatEndsTheRulesIsToldBesideTheStepThatFails() {
        Snapshot snapshot = pod(3).replicas(4)
                .set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY", "3 STARTUP2 joining")
                .cloning(World.host(0), 0, 0)
                .look();
        Step direct = ((Decision.Act) Planner.plan(snapshot)).step();

        Judgement judgement = Planner.judge(snapshot, Setbacks.NONE.with(direct, failed(1)));

        assertThat(judgement.waiting())
                .extracting(Decision.Wait::reason)
                .containsExactly(Reason.STEP_FAILED, Reason.RECOVERING);
        assertThat(judgement.decision()).isEqualTo(judgement.waiting().getFirst());
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource
    void explains(World world, String rule, String why) {
        assertThat(Planner.judge(world.look(), Setbacks.NONE).explanation())
                .filteredOn(said -> said.rule().equals(rule))
                .extracting(Judgement.Explanation::why)
                .containsExactly(why);
    }

    /** What a rule says that lets the next ones decide, as {@code muster explain} prints it. */
    static Stream<Arguments> explains() {
        String joins = "join in order";
        return Stream.of(
                arguments(
                        pod(0).set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY"),
                        "promote members that have caught up",
                        "no joining member is SECONDARY"),
                arguments(
                        pod(0).set("0 PRIMARY")
                                .peer(1, World.unknown(Cause.TIMEOUT))
                                .peer(2, empty()),
                        joins,
                        "waits for mongo-1, which joins next: it did not answer in time (test)"),
                arguments(
                        pod(0).kubernetes(3)
                                .terminating(1)
                                .set("0 PRIMARY")
                                .peer(1, empty())
                                .peer(2, empty()),
                        joins,
                        "waits for the pod that replaces mongo-1, which is terminating"));
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
}
