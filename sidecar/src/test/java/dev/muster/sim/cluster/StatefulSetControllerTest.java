package dev.muster.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How pods come and go, with containers that start and stop at once unless a test says otherwise. */
class StatefulSetControllerTest {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Scheduler scheduler = new Scheduler(7);
    private final Network network = new Network(scheduler);
    private final ApiServer server = new ApiServer(scheduler);
    private final Kubectl kubectl = new Kubectl(server);
    private final List<String> story = new ArrayList<>();
    private final Set<Integer> unready = new HashSet<>();
    private final Set<Integer> deaf = new HashSet<>();
    private final Map<Integer, Runnable> stopping = new HashMap<>();
    private final Nodes nodes = new Nodes(server, network, new Containers() {
        @Override
        public void started(Pod pod) {
            story.add("start " + pod.ordinal());
        }

        @Override
        public void stopping(Pod pod, Instant killedAt, Runnable ended) {
            story.add("stop " + pod.ordinal());
            if (deaf.contains(pod.ordinal())) {
                stopping.put(pod.ordinal(), ended);
            } else {
                ended.run();
            }
        }

        @Override
        public void killed(Pod pod) {
            story.add("kill " + pod.ordinal());
        }

        @Override
        public boolean isReady(Pod pod) {
            return !unready.contains(pod.ordinal());
        }
    });

    StatefulSetControllerTest() {
        new StatefulSetController(server, nodes);
    }

    private void running(int replicas, Policy policy) {
        assertThat(kubectl.createStatefulSet(replicas, 0, policy, GRACE)).isTrue();
        scheduler.run(Duration.ofSeconds(60));
        assertThat(server.pods()).hasSize(replicas).allSatisfy((ordinal, pod) -> {
            assertThat(pod.ready()).isTrue();
            assertThat(pod.hasAddress()).isTrue();
        });
        story.clear();
    }

    private Pod pod(int ordinal) {
        return server.pod(ordinal).orElseThrow();
    }

    @Test
    void inParallelAllPodsAreMadeAtOnceReadyOrNot() {
        unready.addAll(List.of(0, 1, 2));
        kubectl.createStatefulSet(3, 0, Policy.PARALLEL, GRACE);
        scheduler.run(LONG);
        assertThat(story).containsExactlyInAnyOrder("start 0", "start 1", "start 2");
        assertThat(server.claims().keySet()).containsExactly(0, 1, 2);
    }

    @Test
    void inOrderThePodAfterOneThatIsNotReadyIsNotMade() {
        unready.add(1);
        kubectl.createStatefulSet(3, 0, Policy.ORDERED_READY, GRACE);
        scheduler.run(LONG);
        assertThat(story).containsExactly("start 0", "start 1");
        unready.clear();
        scheduler.run(LONG);
        assertThat(story).containsExactly("start 0", "start 1", "start 2");
    }

    @Test
    void theFirstOrdinalNeedNotBeZero() {
        kubectl.createStatefulSet(2, 5, Policy.PARALLEL, GRACE);
        scheduler.run(LONG);
        assertThat(server.pods().keySet()).containsExactly(5, 6);
    }

    @Test
    void inParallelAScaleDownStopsAllAtOnceAndKeepsTheClaims() {
        running(5, Policy.PARALLEL);
        deaf.addAll(List.of(2, 3, 4));
        kubectl.scale(2);
        scheduler.run(Duration.ofSeconds(3));
        assertThat(story).containsExactlyInAnyOrder("stop 4", "stop 3", "stop 2");
        stopping.values().forEach(Runnable::run);
        scheduler.run(LONG);
        assertThat(server.pods().keySet()).containsExactly(0, 1);
        assertThat(server.claims().keySet()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void inOrderAScaleDownStopsOneAfterTheOtherFromTheHighest() {
        running(4, Policy.ORDERED_READY);
        deaf.add(2);
        kubectl.scale(1);
        scheduler.run(Duration.ofSeconds(10));
        assertThat(story).containsExactly("stop 3", "stop 2");
        stopping.values().forEach(Runnable::run);
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 3", "stop 2", "stop 1");
        assertThat(server.pods().keySet()).containsExactly(0);
    }

    @Test
    void aPodThatIsDeletedComesAgainWithItsNameAndClaimAndAnotherUidAndAddress() {
        running(3, Policy.PARALLEL);
        Pod before = pod(1);
        kubectl.deletePod(1, false);
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 1", "start 1");
        assertThat(pod(1).uid()).isNotEqualTo(before.uid());
        assertThat(pod(1).address()).isNotEqualTo(before.address());
        assertThat(pod(1).claimUid()).isEqualTo(before.claimUid());
        assertThat(pod(1).place()).isEqualTo(before.place());
    }

    @Test
    void whoDoesNotStopIsKilledAfterItsGracePeriod() {
        running(1, Policy.PARALLEL);
        deaf.add(0);
        kubectl.deletePod(0, false);
        scheduler.run(Duration.ofSeconds(29));
        assertThat(story).containsExactly("stop 0");
        assertThat(pod(0).isTerminating()).isTrue();
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 0", "kill 0", "start 0");
    }

    @Test
    void onALostNodeAPodStaysTerminatingUntilTheNodeIsBack() {
        running(3, Policy.PARALLEL);
        nodes.lose(1);
        kubectl.deletePod(1, false);
        scheduler.run(Duration.ofMinutes(3));
        assertThat(story).isEmpty();
        assertThat(pod(1).isTerminating()).isTrue();
        nodes.back(1);
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 1", "start 1");
    }

    @Test
    void deletedByForceAPodOfALostNodeIsReplacedElsewhereWhileItsProcessesRunOn() {
        running(3, Policy.PARALLEL);
        Pod before = pod(1);
        nodes.lose(1);
        scheduler.run(LONG);
        kubectl.deletePod(1, true);
        scheduler.run(LONG);
        assertThat(story).containsExactly("start 1");
        assertThat(pod(1).place()).isNotEqualTo(before.place());
        assertThat(pod(1).claimUid()).isEqualTo(before.claimUid());
        nodes.back(1);
        scheduler.run(LONG);
        assertThat(story).as("the old one is ended late").containsExactly("start 1", "stop 1");
        assertThat(pod(1).ready()).as("the new one is left alone").isTrue();
    }

    @Test
    void aLostNodesPodsAreNotReadyAfterAWhileAndDeletedAfterALongerOne() {
        running(3, Policy.PARALLEL);
        nodes.lose(2);
        scheduler.run(Duration.ofSeconds(39));
        assertThat(pod(2).ready()).isTrue();
        scheduler.run(Duration.ofSeconds(2));
        assertThat(pod(2).ready()).isFalse();
        scheduler.run(Duration.ofMinutes(6));
        assertThat(pod(2).isTerminating()).isTrue();
    }

    @Test
    void aClaimIsDeletedOnceNoPodUsesItAndTheNextPodGetsANewOne() {
        running(2, Policy.PARALLEL);
        String before = pod(1).claimUid();
        kubectl.deleteClaim(1);
        scheduler.run(LONG);
        assertThat(server.claim(1).orElseThrow().uid()).isEqualTo(before);
        kubectl.deletePod(1, false);
        scheduler.run(LONG);
        assertThat(pod(1).claimUid()).isNotEqualTo(before);
        assertThat(server.claim(1).orElseThrow().uid()).isEqualTo(pod(1).claimUid());
    }

    @Test
    void aRolloutReplacesFromTheHighestOnEachWhenTheOneBeforeIsReady() {
        running(3, Policy.PARALLEL);
        kubectl.rolloutRestart();
        unready.add(1);
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 2", "start 2", "stop 1", "start 1");
        unready.clear();
        scheduler.run(LONG);
        assertThat(story).endsWith("stop 0", "start 0");
    }

    @Test
    void anOrphanedSetKeepsItsPodsAndANewOneAdoptsThem() {
        running(3, Policy.PARALLEL);
        kubectl.deleteStatefulSet(true);
        kubectl.deletePod(2, false);
        scheduler.run(LONG);
        assertThat(story).as("nobody makes it again").containsExactly("stop 2");
        kubectl.createStatefulSet(3, 0, Policy.ORDERED_READY, GRACE);
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 2", "start 2");
    }

    @Test
    void aSetThatIsRemovedTakesItsPodsAndLeavesTheClaims() {
        running(2, Policy.PARALLEL);
        kubectl.deleteStatefulSet(false);
        scheduler.run(LONG);
        assertThat(server.pods()).isEmpty();
        assertThat(server.claims()).hasSize(2);
    }

    @Test
    void withoutTheApiServerNothingHappensToPods() {
        running(2, Policy.PARALLEL);
        server.faults().down(ApiFaults.Down.SILENT);
        assertThat(kubectl.scale(1)).isFalse();
        server.faults().heal();
        assertThat(kubectl.scale(1)).isTrue();
        server.faults().down(ApiFaults.Down.REFUSES);
        scheduler.run(LONG);
        assertThat(story).isEmpty();
        server.faults().heal();
        scheduler.run(LONG);
        assertThat(story).containsExactly("stop 1");
    }
}
