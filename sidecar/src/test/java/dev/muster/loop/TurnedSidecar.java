package dev.muster.loop;

import dev.muster.act.HandOver;
import dev.muster.act.Sleeper;
import dev.muster.act.StepRunner;
import dev.muster.config.RootUserSource;
import dev.muster.config.Settings;
import dev.muster.control.Approvals;
import dev.muster.control.TerminationHold;
import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.model.Snapshot;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import dev.muster.observe.SnapshotReader;
import dev.muster.plan.Decision;
import dev.muster.plan.Outcome;
import dev.muster.tell.Announcement;
import dev.muster.tell.CycleReport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One sidecar as {@link Sidecar} puts it together, but on ports that are given to it, and turned from outside: one cycle
 * after another, without a thread of its own.
 */
public final class TurnedSidecar {
    /** How the answer to the preStop hook begins when the member may stop. */
    public static final String MAY_STOP = "may stop";

    private final ControlLoop loop;
    private final Announcement announcement;
    private final TerminationHold hold;
    private final Approvals approvals;

    /**
     * A sidecar.
     *
     * @param seen told of the end of each cycle, and before the write of one that writes
     */
    public TurnedSidecar(
            Settings settings,
            Mongod local,
            Names names,
            PeerConnector connector,
            Kubernetes kubernetes,
            Clock clock,
            Sleeper sleeper,
            BooleanSupplier paused,
            Consumer<Turn> seen) {
        HandOver handOver = new HandOver(local, names, connector, sleeper);
        hold = new TerminationHold(kubernetes, clock, sleeper);
        SnapshotReader reader = new SnapshotReader(
                settings, local, names, connector, new Inline(), paused, kubernetes, hold::isLeaving, clock);
        StepRunner runner = new StepRunner(local, settings.rootUser().map(RootUserSource::new), handOver, kubernetes);
        loop = new ControlLoop(reader, runner, clock, report -> seen.accept(Turn.of(report)));
        announcement = new Announcement(kubernetes);
        approvals = new Approvals(loop, kubernetes);
    }

    /**
     * What a cycle saw and came to.
     *
     * @param outcome of an act; empty before it is made, and for every other decision
     */
    public record Turn(Snapshot snapshot, Decision decision, Optional<Outcome> outcome, boolean ready) {
        static Turn of(CycleReport report) {
            return new Turn(
                    report.snapshot(),
                    report.decision(),
                    report.outcome(),
                    report.readiness().ready());
        }
    }

    /** One cycle; returns when the next is due. */
    public Duration turn() {
        return loop.turn();
    }

    /** How long after a change of the local member's role the next cycle begins. */
    public static Duration afterRoleChange(boolean primary) {
        return primary ? Duration.ZERO : Pacing.LEAVE_ALONE;
    }

    /** Tells Kubernetes how things are; returns when that is due again. */
    public Duration announce(long nowNanos) {
        return loop.report().map(report -> announcement.tell(report, nowNanos)).orElse(Announcement.RETRY);
    }

    /** What the preStop hook waits for. */
    public String hold() {
        return hold.hold(loop);
    }

    /** {@code muster approve new-set}. */
    public void approveNewSet(String replicaSetId) {
        approvals.newSet(List.of(replicaSetId, "yes"));
    }

    /** {@code muster approve force-reconfig}. */
    public void approveForce(String replicaSetId, long version) {
        approvals.forceReconfig(List.of(replicaSetId, Long.toString(version), "yes"));
    }

    /** Runs a task where it is submitted: peers are asked one after the other. */
    private static final class Inline extends AbstractExecutorService {
        /** An error is not kept in the future: it ends the thread, as a kill does. */
        @Override
        public <T> Future<T> submit(Callable<T> task) {
            try {
                return CompletableFuture.completedFuture(task.call());
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
