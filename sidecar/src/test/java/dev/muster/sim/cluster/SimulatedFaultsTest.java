package dev.muster.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.dns.Names.Addresses;
import dev.muster.dns.Names.NoSuchName;
import dev.muster.kube.Kubernetes;
import dev.muster.model.KubernetesFacts;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.model.SetRecord;
import dev.muster.plan.Outcome;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes wrong in the simulated Kubernetes, and what a sidecar sees of it. */
class SimulatedFaultsTest {
    private static final String ID = "66000000000000000000aaaa";
    private static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    private static final SetRecord ABSENT = new SetRecord.Absent();

    private final Scheduler scheduler = new Scheduler(11);
    private final Network network = new Network(scheduler);
    private final ApiServer server = new ApiServer(scheduler);
    private final Kubectl kubectl = new Kubectl(server);
    private final Nodes nodes = new Nodes(server, network, new Containers() {
        @Override
        public void started(Pod pod) {}

        @Override
        public void stopping(Pod pod, Instant killedAt, Runnable ended) {
            ended.run();
        }

        @Override
        public void killed(Pod pod) {}

        @Override
        public boolean isReady(Pod pod) {
            return true;
        }
    });
    private final ClusterDns nameServer = new ClusterDns(server, network, NAMING);

    SimulatedFaultsTest() {
        new StatefulSetController(server, nodes);
        kubectl.createStatefulSet(3, 0, Policy.PARALLEL, Duration.ofSeconds(30));
        scheduler.run(Duration.ofSeconds(60));
    }

    private SimulatedKubernetes sidecar(int ordinal) {
        Pod pod = server.pod(ordinal).orElseThrow();
        SimulatedKubernetes kubernetes = new SimulatedKubernetes(
                server, network, new Self(ordinal, NAMING, "rs0"), pod.address(), pod.place(), () -> {});
        scheduler.run(Duration.ofSeconds(1));
        return kubernetes;
    }

    private static int replicas(Kubernetes kubernetes) {
        return kubernetes.facts(Set.of()) instanceof KubernetesFacts.Known known ? known.replicas() : -1;
    }

    @Test
    void aWriteWhoseAnswerIsLostHasTakenEffect() {
        Kubernetes sidecar = sidecar(0);
        server.faults().loseAnswers(1);
        assertThat(sidecar.recordFormed(ABSENT, ID))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(-1));
        assertThat(sidecar.recordNow()).isEqualTo(new SetRecord.Formed(ID));
    }

    @Test
    void aWriteOfWhichOnlyTheAnswerIsCutOffHasTakenEffectToo() {
        Kubernetes sidecar = sidecar(0);
        scheduler.start(
                "write", () -> assertThat(sidecar.recordFormed(ABSENT, ID)).isInstanceOf(Outcome.Failed.class));
        scheduler.afterEach(() -> {
            if (server.record().isPresent()) {
                network.cut(Network.API_SERVER, 0);
            }
        });
        scheduler.run(Duration.ofSeconds(5));
        assertThat(server.record()).isPresent();
    }

    @Test
    void whoIsCutOffGoesOnSeeingWhatItHeardLastAndAfterAWhileNothing() {
        Kubernetes sidecar = sidecar(0);
        network.cut(Network.API_SERVER, 0);
        kubectl.scale(5);
        scheduler.run(Duration.ofSeconds(70));
        assertThat(replicas(sidecar)).isEqualTo(3);
        assertThat(sidecar.factsNow()).isInstanceOf(KubernetesFacts.Unavailable.class);
        scheduler.run(Duration.ofSeconds(10));
        assertThat(replicas(sidecar)).isEqualTo(-1);
        network.healAll();
        scheduler.run(Duration.ofSeconds(10));
        assertThat(replicas(sidecar)).isEqualTo(5);
    }

    @Test
    void afterAServerThatRefusedItIsHeardWithinTheLongestRetry() {
        Kubernetes sidecar = sidecar(0);
        server.faults().down(ApiFaults.Down.REFUSES);
        scheduler.run(Duration.ofSeconds(30));
        assertThat(replicas(sidecar)).isEqualTo(3);
        server.faults().heal();
        kubectl.scale(4);
        scheduler.run(Duration.ofSeconds(6));
        assertThat(replicas(sidecar)).isEqualTo(4);
    }

    @Test
    void ofAFrozenProcessTheViewStaysAsItIsAndGrowsOld() {
        SimulatedKubernetes sidecar = sidecar(0);
        assertThat(sidecar.recordIntended(ABSENT)).isEqualTo(new Outcome.Done());
        scheduler.run(Duration.ofSeconds(5));
        sidecar.freeze();
        server.removeRecord();
        scheduler.run(Duration.ofSeconds(20));
        sidecar.thaw();
        assertThat(sidecar.record())
                .as("the first look after it")
                .isInstanceOfSatisfying(
                        SetRecord.Intended.class,
                        seen -> assertThat(seen.lasting()).isGreaterThan(Duration.ofSeconds(20)));
        scheduler.run(Duration.ofSeconds(1));
        assertThat(sidecar.record()).isEqualTo(ABSENT);
    }

    @Test
    void betweenTheReadAndTheWriteOfACompareAndSetAnotherMayWrite() {
        List<Outcome> outcomes = new ArrayList<>();
        List<Kubernetes> sidecars = List.of(sidecar(0), sidecar(1), sidecar(2));
        for (Kubernetes sidecar : sidecars) {
            assertThat(sidecar.ownPod()).isEqualTo(new Kubernetes.Staying());
        }
        for (Kubernetes sidecar : sidecars) {
            scheduler.start("write", () -> outcomes.add(sidecar.recordIntended(ABSENT)));
        }
        scheduler.run(Duration.ofSeconds(1));
        assertThat(outcomes)
                .as("one wrote; the others had read that there is none, and were refused")
                .containsExactlyInAnyOrder(
                        new Outcome.Done(),
                        new Outcome.Stale("configmaps already exists"),
                        new Outcome.Stale("configmaps already exists"));
    }

    @Test
    void aProcessOnALostNodeIsNotTakenForThePodThatReplacedIt() {
        Kubernetes old = sidecar(1);
        Pod before = server.pod(1).orElseThrow();
        nodes.lose(1);
        kubectl.deletePod(1, true);
        scheduler.run(Duration.ofSeconds(20));
        assertThat(server.pod(1).orElseThrow().uid()).isNotEqualTo(before.uid());
        assertThat(old.ownPod()).isInstanceOf(Kubernetes.NotKnown.class);
        assertThat(old.recordIntended(ABSENT)).isInstanceOf(Outcome.Failed.class);
        assertThat(sidecar(1).ownPod()).isEqualTo(new Kubernetes.Staying());
    }

    @Test
    void aSlowServersWritesTakeEffectAndTheirAnswersComeTooLate() {
        Kubernetes sidecar = sidecar(0);
        server.faults().slow(Duration.ofSeconds(60));
        List<Outcome> outcomes = new ArrayList<>();
        for (int attempt = 0; attempt < 20; attempt++) {
            outcomes.add(sidecar.event(false, "Test", "a test"));
        }
        assertThat(outcomes).anyMatch(Outcome.Failed.class::isInstance);
        assertThat(server.events()).hasSize(20);
    }

    @Test
    void aNameShowsTheAddressOfThePodBeforeOrIsLeftOutOfTheServicesAnswer() {
        String host = NAMING.address(1).host();
        SimulatedNames names = new SimulatedNames(nameServer, 0, Duration.ofSeconds(1));
        Pod before = server.pod(1).orElseThrow();
        kubectl.deletePod(1, false);
        scheduler.run(Duration.ofSeconds(90));
        Pod now = server.pod(1).orElseThrow();

        nameServer.leaveOut(host);
        assertThat(names.membersOf(NAMING.serviceName())).hasSize(2);
        assertThat(names.lookUp(NAMING.serviceName(), Set.of(host)))
                .isEqualTo(Map.of(host, new Addresses(List.of(now.address()))));
        nameServer.fault(host, ClusterDns.Fault.STALE);
        assertThat(names.lookUp(NAMING.serviceName(), Set.of(host)))
                .isEqualTo(Map.of(host, new Addresses(List.of(before.address()))));
        nameServer.fault(ClusterDns.Fault.NO_SUCH_NAME);
        assertThat(names.lookUp(NAMING.serviceName(), Set.of(host))).isEqualTo(Map.of(host, new NoSuchName()));
        assertThat(nameServer.resolve(NAMING.address(1), 2)).isEmpty();
        nameServer.heal();
        assertThat(nameServer.resolve(NAMING.address(1), 2)).contains(now.address());
        network.cut(2, Network.NAME_SERVER);
        assertThat(nameServer.resolve(NAMING.address(1), 2)).isEmpty();
    }

    @Test
    void aSeedGivesTheSameRunEachTime() {
        assertThat(run(5)).isEqualTo(run(5)).isNotEqualTo(run(6));
    }

    /** A run with a bit of everything; what happened in it, in order. */
    private static List<String> run(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed);
        List<String> story = new ArrayList<>();
        Kubernetes one = cluster.sidecar();
        Kubernetes other = cluster.sidecar();
        for (int round = 0; round < 10; round++) {
            cluster.scale(round % 5);
            story.addAll(
                    cluster
                            .atOnce(List.of(() -> one.recordIntended(ABSENT), () -> other.recordFormed(ABSENT, ID)))
                            .stream()
                            .map(Object::toString)
                            .toList());
            cluster.removeRecord();
            story.add(one.record() + " " + one.facts(Set.of(0, 1, 2)) + " " + cluster.elapsed());
        }
        return story;
    }
}
