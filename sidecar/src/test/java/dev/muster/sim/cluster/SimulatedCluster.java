package dev.muster.sim.cluster;

import dev.muster.contract.ContractCluster;
import dev.muster.kube.Kubernetes;
import dev.muster.model.Naming;
import dev.muster.model.Self;
import dev.muster.plan.Outcome;
import dev.muster.sim.cluster.KubernetesObjects.Event;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The simulated Kubernetes for the contract. */
final class SimulatedCluster implements ContractCluster {
    private static final Self SELF =
            new Self(0, new Naming("mongo", "mongo", "default", "cluster.local", 27017), "rs0");
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Scheduler scheduler;
    private final Network network;
    private final ApiServer server;
    private final Kubectl kubectl;
    private final AtomicInteger changes = new AtomicInteger();
    private final InetAddress address;
    private boolean deaf;

    SimulatedCluster(long seed) {
        scheduler = new Scheduler(seed);
        network = new Network(scheduler);
        server = new ApiServer(scheduler);
        kubectl = new Kubectl(server);
        server.faults().forbidOrdinalsFrom(5);
        new StatefulSetController(server, new Nodes(server, network, new Containers() {
            @Override
            public void started(Pod pod) {}

            @Override
            public void stopping(Pod pod, Instant killedAt, Runnable ended) {
                if (!deaf) {
                    ended.run();
                }
            }

            @Override
            public void killed(Pod pod) {}

            @Override
            public boolean isReady(Pod pod) {
                return false;
            }
        }));
        kubectl.createStatefulSet(3, 0, Policy.PARALLEL, Duration.ofMinutes(5));
        await(
                "pod mongo-0 has its address",
                () -> server.pod(0).filter(Pod::hasAddress).isPresent());
        address = pod().address();
    }

    private Pod pod() {
        return server.pod(0).orElseThrow();
    }

    @Override
    public Kubernetes sidecar() {
        return new SimulatedKubernetes(server, network, SELF, address, 0, changes::incrementAndGet);
    }

    @Override
    public Kubernetes sidecarWithoutRights() {
        EnumSet.allOf(Kind.class).forEach(server.faults()::forbid);
        return sidecar();
    }

    @Override
    public Kubernetes sidecarOfNobody() {
        server.faults().down(ApiFaults.Down.REFUSES);
        return sidecar();
    }

    @Override
    public Kubernetes sidecarOfTheSilent() {
        network.cut(Network.API_SERVER, 0);
        return sidecar();
    }

    @Override
    public int changes() {
        return changes.get();
    }

    @Override
    public void scale(int replicas) {
        kubectl.scale(replicas);
    }

    @Override
    public void removeStatefulSet() {
        kubectl.deleteStatefulSet(true);
    }

    @Override
    public void removeRecord() {
        kubectl.deleteRecord();
    }

    @Override
    public boolean podExists(int ordinal) {
        return server.pod(ordinal).isPresent();
    }

    @Override
    public void deleteLastingly() {
        deaf = true;
        kubectl.deletePod(0, false);
    }

    @Override
    public void moveAway() {
        server.changePod(pod(), pod -> pod.at(InetAddress.ofLiteral("10.255.255.254")));
    }

    @Override
    public void replacePod() {
        String before = podUid();
        kubectl.deletePod(0, true);
        await(
                "another pod",
                () -> server.pod(0)
                        .filter(pod -> pod.hasAddress() && !pod.uid().equals(before))
                        .isPresent());
        server.changePod(pod(), pod -> pod.at(address));
    }

    @Override
    public String podUid() {
        return pod().uid();
    }

    @Override
    public String podVersion() {
        return pod().toString();
    }

    @Override
    public String roleLabel() {
        return pod().role();
    }

    @Override
    public List<String> primaryAddresses() {
        return server.primaryEndpoint().stream()
                .map(endpoint -> endpoint.address().getHostAddress())
                .toList();
    }

    @Override
    public List<String> podsOfEvents(String reason) {
        return server.events().stream()
                .filter(event -> event.reason().equals(reason))
                .map(Event::podUid)
                .toList();
    }

    @Override
    public List<Outcome> atOnce(List<Supplier<Outcome>> writes) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Supplier<Outcome> write : writes) {
            // One place in the list for each: they end in any order.
            int place = outcomes.size();
            outcomes.add(new Outcome.Failed(-1, "has not ended yet"));
            scheduler.start("write-" + place, () -> outcomes.set(place, write.get()));
        }
        scheduler.run(SOON);
        return outcomes;
    }

    @Override
    public void await(String sentence, BooleanSupplier isSo) {
        Duration end = scheduler.elapsed().plus(SOON);
        while (!isSo.getAsBoolean()) {
            if (scheduler.elapsed().compareTo(end) > 0) {
                throw new AssertionError("not within %d s: %s".formatted(SOON.toSeconds(), sentence));
            }
            scheduler.run(Duration.ofMillis(20));
        }
    }

    @Override
    public Duration elapsed() {
        return scheduler.elapsed();
    }

    @Override
    public void close() {}
}
