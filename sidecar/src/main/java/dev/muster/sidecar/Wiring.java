package dev.muster.sidecar;

import static java.util.Objects.requireNonNull;

import dev.muster.act.Elections;
import dev.muster.act.Sleeper;
import dev.muster.act.StepRunner;
import dev.muster.config.Settings;
import dev.muster.control.Approvals;
import dev.muster.control.OperatorCommands;
import dev.muster.control.Pause;
import dev.muster.control.TerminationHold;
import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.loop.ControlLoop;
import dev.muster.model.CloneOrder;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.mongo.PortWatcher;
import dev.muster.observe.SnapshotReader;
import dev.muster.secrets.RootUserSource;
import dev.muster.start.HeldStart;
import dev.muster.tell.CycleListener;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;

/**
 * Assembles one sidecar on given ports. The product calls it with the real ones and the simulation with simulated ones,
 * so that the simulation tests the product. It starts no thread, and closes none of the ports.
 */
public final class Wiring implements AutoCloseable {
    /**
     * How long the sidecar waits after a change of the local member's role. A new member chooses its clone source
     * within some 20 ms, or a second later if its heartbeats came too late. With few cores, a sidecar that starts work
     * in that moment doubles the chance that they do.
     */
    private static final Duration LEAVE_ALONE = Duration.ofMillis(80);

    private final Settings settings;
    private final SnapshotReader reader;
    private final Elections elections;
    private final ControlLoop loop;
    private final TerminationHold hold;
    private final Approvals approvals;

    /** Everything outside that a sidecar uses. */
    public record Ports(
            Mongod local,
            HeldStart start,
            Names names,
            PeerConnector connector,
            PortWatcher watcher,
            Kubernetes kubernetes) {
        public Ports {
            requireNonNull(local, "local is null");
            requireNonNull(start, "start is null");
            requireNonNull(names, "names is null");
            requireNonNull(connector, "connector is null");
            requireNonNull(watcher, "watcher is null");
            requireNonNull(kubernetes, "kubernetes is null");
        }

        public Ports with(Mongod other) {
            return new Ports(other, start, names, connector, watcher, kubernetes);
        }

        public Ports with(HeldStart other) {
            return new Ports(local, other, names, connector, watcher, kubernetes);
        }

        public Ports with(PeerConnector other) {
            return new Ports(local, start, names, other, watcher, kubernetes);
        }

        public Ports with(Kubernetes other) {
            return new Ports(local, start, names, connector, watcher, other);
        }
    }

    /**
     * A sidecar that does nothing until its loop runs.
     *
     * @param threads asks the peers, all at once
     * @param sleeper waits between two tries
     * @param paused whether an operator paused it
     * @param listener gets the report of each cycle
     */
    public Wiring(
            Settings settings,
            Ports ports,
            ExecutorService threads,
            Clock clock,
            Sleeper sleeper,
            BooleanSupplier paused,
            CycleListener listener) {
        this.settings = settings;
        Optional<RootUserSource> rootUser =
                settings.rootUser().map(files -> new RootUserSource(files.name(), files.password()));
        hold = new TerminationHold(ports.kubernetes(), settings.self().ordinal(), clock, sleeper);
        elections = new Elections(ports.local(), ports.names(), ports.connector(), sleeper);
        reader = new SnapshotReader(
                settings,
                ports.local(),
                ports.start(),
                ports.names(),
                ports.connector(),
                ports.watcher(),
                threads,
                rootUser,
                paused,
                ports.kubernetes(),
                hold::isLeaving,
                clock);
        StepRunner runner = new StepRunner(ports.local(), ports.start(), rootUser, elections, ports.kubernetes());
        loop = new ControlLoop(reader, runner, clock, listener);
        approvals = new Approvals(loop, ports.kubernetes(), runner, paused, clock);
    }

    public ControlLoop loop() {
        return loop;
    }

    public Approvals approvals() {
        return approvals;
    }

    /** Waits as the preStop hook does; see {@link TerminationHold#hold}. One thread at a time. */
    public String hold() {
        return hold.hold(loop);
    }

    /** The commands of an operator in the container. */
    public OperatorCommands commands(Pause pause) {
        return new OperatorCommands(loop, pause, elections, approvals);
    }

    /**
     * How long after a change of the local member's role the next cycle begins.
     *
     * @param primary whether it is the primary now
     */
    public Duration delayAfterRoleChange(boolean primary) {
        // With Kubernetes the StatefulSet says which ordinal is the first, not an option.
        int first =
                loop.report().map(report -> report.snapshot().firstOrdinal()).orElseGet(settings::firstOrdinal);
        boolean needsDirecting =
                CloneOrder.hasChoiceOfSecondaries(settings.self().ordinal() - first);
        return primary || needsDirecting ? Duration.ZERO : LEAVE_ALONE;
    }

    /** Closes the connections to peers. */
    @Override
    public void close() {
        reader.close();
    }
}
