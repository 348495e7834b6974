package dev.muster.sim.cluster;

import dev.muster.contract.ContractZoneWithFaults;
import dev.muster.dns.Names;
import dev.muster.model.Naming;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.StatefulSet;
import dev.muster.sim.engine.Network;
import dev.muster.sim.engine.Scheduler;
import dev.muster.sim.trouble.Fault;
import java.net.InetAddress;
import java.time.Duration;

/** The simulated name server for the contract. */
final class SimulatedZone implements ContractZoneWithFaults {
    private static final Naming NAMING = new Naming("mongo", "mongo", "default", "cluster.local", 27017);
    private static final int CUT_OFF = 7;

    private final Scheduler scheduler = new Scheduler(3);
    private final Network network = new Network(scheduler);
    private final ApiServer server = new ApiServer(scheduler);
    private final ClusterDns names = new ClusterDns(server, network, NAMING);
    private final Duration latest;

    SimulatedZone(Duration latest) {
        this.latest = latest;
        names.latest(latest);
        network.cut(Network.NAME_SERVER, CUT_OFF);
    }

    @Override
    public Names names() {
        return new SimulatedNames(names, 0, timeout());
    }

    @Override
    public Names namesOfNobody() {
        return new SimulatedNames(names, CUT_OFF, timeout());
    }

    @Override
    public Duration timeout() {
        return Duration.ofMillis(300);
    }

    @Override
    public String service() {
        return NAMING.serviceName();
    }

    @Override
    public void publish(int ordinal, InetAddress address) {
        withdraw(ordinal);
        StatefulSet.Template template = new StatefulSet.Template(1, Duration.ZERO);
        server.createPod(Pod.fresh(ordinal, server.nextUid(), address, ordinal, "", template)
                .at(address));
        scheduler.run(Duration.ZERO);
    }

    @Override
    public void withdraw(int ordinal) {
        server.pod(ordinal).ifPresent(server::removePod);
        scheduler.run(Duration.ZERO);
    }

    @Override
    public void fault(String name, Fault fault) {
        names.fault(
                name,
                switch (fault) {
                    case NO_SUCH_NAME -> ClusterDns.Fault.NO_SUCH_NAME;
                    case NO_ADDRESS -> ClusterDns.Fault.NO_ADDRESS;
                    case FAILING -> ClusterDns.Fault.FAILING;
                    case SILENT -> ClusterDns.Fault.SILENT;
                });
    }

    @Override
    public Duration latest() {
        return latest.plusSeconds(1);
    }

    @Override
    public void pause(Duration time) {
        scheduler.run(time);
    }

    @Override
    public Duration elapsed() {
        return scheduler.elapsed();
    }

    @Override
    public void close() {}
}
