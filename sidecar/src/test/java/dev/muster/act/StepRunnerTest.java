package dev.muster.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetRecord;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.plan.Planner;
import dev.muster.plan.Step;
import dev.muster.plan.World;
import dev.muster.start.HeldStart;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read again directly before a write. */
class StepRunnerTest {
    private static final Outcome DONE = new Outcome.Done();
    private static final KubernetesFacts.Known THREE = new KubernetesFacts.Known(3, 0, new TreeMap<>());
    private static final KubernetesFacts.Known TWO = new KubernetesFacts.Known(2, 0, new TreeMap<>());
    private static final SetRecord INTENDED = new SetRecord.Intended("another-pod", false, Duration.ofSeconds(20));
    private static final SetRecord FORMED = new SetRecord.Formed(World.OUR_ID);
    private static final Kubernetes.OwnPod STAYING = new Kubernetes.Staying();

    private static <T> T answering(Class<T> port, Map<String, ?> answers) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (_, method, _) -> {
            if (!answers.containsKey(method.getName())) {
                throw new UnsupportedOperationException(method.getName());
            }
            return answers.get(method.getName());
        }));
    }

    private static World set(String... members) {
        return World.pod(0).kubernetes(THREE).record(FORMED).set(members);
    }

    private static Step planned(Snapshot seen) {
        return Planner.plan(seen) instanceof Decision.Act act ? act.step() : fail(seen);
    }

    private static Step fail(Snapshot seen) {
        throw new AssertionError("nothing is done: " + Planner.plan(seen));
    }

    private static Outcome run(Step step, Snapshot seen, Snapshot now, Kubernetes.OwnPod ownPod) {
        Kubernetes kubernetes = answering(
                Kubernetes.class,
                Map.of(
                        "factsNow",
                        now.kubernetes(),
                        "ownPod",
                        ownPod,
                        "recordNow",
                        now.record(),
                        "useUp",
                        DONE,
                        "recordIntended",
                        DONE));
        Mongod local = answering(
                Mongod.class,
                Map.of(
                        "reconfigure",
                        DONE,
                        "initiate",
                        DONE,
                        "forceReconfigure",
                        DONE,
                        "checkForce",
                        DONE,
                        "observe",
                        now.local()));
        Elections elections = new Elections(
                local, answering(Names.class, Map.of()), answering(PeerConnector.class, Map.of()), _ -> {});
        return new StepRunner(local, HeldStart.NEVER, Optional.empty(), elections, kubernetes).run(step, seen);
    }

    @Test
    void aPodThatWasReplacedAddsNobodyToASetThatTheRecordDoesNotName() {
        World seen = missing();
        Step add = planned(seen.look());
        Kubernetes.OwnPod replaced = new Kubernetes.NotKnown("the API server's pod mongo-0 has another address");

        Snapshot formed = seen.look();
        assertThat(run(add, formed, formed, replaced))
                .as("the record names the set, whatever the API server says of the pod")
                .isEqualTo(DONE);
        Snapshot intended = seen.record(INTENDED).look();
        assertThat(run(add, intended, intended, replaced)).isInstanceOf(Outcome.Failed.class);
        assertThat(run(add, intended, intended, STAYING)).isEqualTo(DONE);
        assertThat(run(new Step.CreateRootUser(), intended, intended, replaced))
                .as("nor does it give that set a user")
                .isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aSetOfAnotherVolumeGetsNoMemberAndNoUserWhileTheWatchOfTheRecordIsBehind() {
        World world = missing();
        Step add = planned(world.look());
        Snapshot now = world.record(new SetRecord.Formed("another set")).look();
        for (SetRecord before : List.of(new SetRecord.Absent(), INTENDED)) {
            Snapshot seen = world.record(before).look();
            assertThat(run(add, seen, seen, STAYING)).as("nothing changed").isEqualTo(DONE);
            assertThat(run(add, seen, now, STAYING)).isInstanceOf(Outcome.Stale.class);
            assertThat(run(new Step.CreateRootUser(), seen, now, STAYING)).isInstanceOf(Outcome.Stale.class);
        }
    }

    /** The first ordinal was moved, or the set scaled, and the watch has not shown it yet. */
    @Test
    void nothingIsInitiatedWhereTheStatefulSetHasChanged() {
        World empty = World.pod(0)
                .kubernetes(THREE)
                .record(new SetRecord.Absent())
                .peer(1, new PeerMongod.NotYetInitialized())
                .peer(2, new PeerMongod.NotYetInitialized());
        Snapshot seen = empty.look();
        Snapshot intended = empty.record(INTENDED).look();
        for (KubernetesFacts other : List.of(
                new KubernetesFacts.Known(3, 1, new TreeMap<>()), new KubernetesFacts.Known(4, 0, new TreeMap<>()))) {
            assertThat(run(planned(seen), seen, empty.kubernetes(other).look(), STAYING))
                    .isInstanceOf(Outcome.Stale.class);
            assertThat(run(planned(intended), intended, empty.kubernetes(other).look(), STAYING))
                    .isInstanceOf(Outcome.Stale.class);
        }
        assertThat(run(planned(seen), seen, seen, STAYING)).isEqualTo(DONE);
        assertThat(run(planned(intended), intended, intended, STAYING)).isEqualTo(DONE);
    }

    private static World held() {
        return World.pod(1).kubernetes(THREE).local(new LocalMongod.NotStarted());
    }

    static Stream<Arguments> starts() {
        SetRecord absent = new SetRecord.Absent();
        SetRecord away = new SetRecord.Unavailable("away");
        Outcome failed = new Outcome.Failed(1, "no");
        return Stream.of(
                arguments("a new set waits for nothing else", absent, absent, failed, DONE, true),
                arguments(
                        "the watch was behind",
                        absent,
                        FORMED,
                        DONE,
                        new Outcome.Stale("the record names a set now"),
                        false),
                arguments("the record cannot be read", absent, away, DONE, new Outcome.Failed(-1, "away"), false),
                arguments("a member of a recorded set takes back that it is held", FORMED, FORMED, DONE, DONE, true),
                arguments("where that fails, it does not start", FORMED, FORMED, failed, failed, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void starts(String name, SetRecord seen, SetRecord now, Outcome told, Outcome expected, boolean begins) {
        AtomicBoolean begun = new AtomicBoolean();
        assertThat(start(held().record(seen), now, told, () -> begun.set(true))).isEqualTo(expected);
        assertThat(begun.get()).as("mongod was let start").isEqualTo(begins);
    }

    @Test
    void aNewSetsPodThatSaidThatItIsHeldTakesItBackFirst() {
        NavigableMap<Integer, KubernetesFacts.Pod> pods = new TreeMap<>();
        pods.put(1, new KubernetesFacts.Pod(Optional.empty(), Optional.of("this-pod")));
        World seen = held().record(new SetRecord.Absent()).kubernetes(new KubernetesFacts.Known(3, 0, pods));
        Outcome failed = new Outcome.Failed(1, "no");
        assertThat(start(seen, new SetRecord.Absent(), failed, () -> fail(seen.look())))
                .isEqualTo(failed);
    }

    @Test
    void aStartThatCannotBeWrittenFails() {
        assertThat(start(held().record(new SetRecord.Absent()), new SetRecord.Absent(), DONE, () -> {
                    throw new IOException("disk full");
                }))
                .isEqualTo(new Outcome.Failed(-1, "disk full"));
    }

    private interface Begin {
        void run() throws IOException;
    }

    private static Outcome start(World world, SetRecord recordNow, Outcome told, Begin begin) {
        Mongod local = answering(Mongod.class, Map.of());
        Elections elections = new Elections(
                local, answering(Names.class, Map.of()), answering(PeerConnector.class, Map.of()), _ -> {});
        HeldStart start = new HeldStart() {
            @Override
            public boolean isHeld() {
                return true;
            }

            @Override
            public void begin() throws IOException {
                begin.run();
            }
        };
        Kubernetes kubernetes =
                answering(Kubernetes.class, Map.of("recordNow", recordNow, "tellStarted", told, "tellHeld", told));
        return new StepRunner(local, start, Optional.empty(), elections, kubernetes)
                .run(new Step.StartMongod(), world.look());
    }

    private static World joining() {
        return set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY joining");
    }

    private static World leaving() {
        return set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY").kubernetes(TWO);
    }

    private static World left() {
        return joining().kubernetes(TWO);
    }

    private static World missing() {
        return set("0 PRIMARY", "1 SECONDARY").peer(2, new PeerMongod.NotYetInitialized());
    }

    static Stream<Arguments> outdated() {
        return Stream.of(
                arguments(
                        "the member to promote lost its volume", joining(), "0 PRIMARY/1 SECONDARY/2 STARTUP2 joining"),
                arguments("it fell behind", joining(), "0 PRIMARY/1 SECONDARY/2 SECONDARY joining lag=11"),
                arguments("it is down", joining(), "0 PRIMARY/1 SECONDARY/2 SECONDARY joining down"),
                arguments("there is another primary", joining(), "0 SECONDARY/1 PRIMARY/2 SECONDARY joining"),
                arguments("a remaining member is down", leaving(), "0 PRIMARY/1 SECONDARY down/2 SECONDARY"),
                arguments("the member to remove has a vote again", left(), "0 PRIMARY/1 SECONDARY/2 SECONDARY"),
                arguments("the member to add is there", missing(), "0 PRIMARY/1 SECONDARY/2 SECONDARY joining"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void outdated(String name, World world, String members) {
        Snapshot seen = world.look();
        Step step = planned(seen);

        assertThat(run(step, seen, seen, STAYING)).as("nothing changed").isEqualTo(DONE);
        assertThat(run(step, seen, world.set(members.split("/")).look(), STAYING))
                .isInstanceOf(Outcome.Stale.class);
    }

    @Test
    void aForceThatWasApprovedBeforeAnElectionIsNotMade() {
        World world = set("0 SECONDARY", "1 SECONDARY down", "2 SECONDARY down")
                .record(new SetRecord.Formed(World.OUR_ID, World.force(0, 1, 2)));
        Snapshot seen = world.look();
        Step force = planned(seen);

        assertThat(force).isInstanceOf(Step.ForceReconfigure.class);
        assertThat(run(force, seen, seen, STAYING)).as("nothing changed").isEqualTo(DONE);
        assertThat(run(
                        force,
                        seen,
                        world.set("0 PRIMARY", "1 SECONDARY", "2 SECONDARY down")
                                .look(),
                        STAYING))
                .isInstanceOf(Outcome.Stale.class);
    }

    @Test
    void aMemberThatIsAskedForAgainStays() {
        World world = leaving();
        Snapshot seen = world.look();

        assertThat(run(planned(seen), seen, world.kubernetes(THREE).look(), STAYING))
                .isInstanceOf(Outcome.Stale.class);
    }
}
