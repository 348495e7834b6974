package dev.muster.sim;

import dev.muster.config.Settings;
import dev.muster.dns.Names;
import dev.muster.kube.Kubernetes;
import dev.muster.loop.TurnedSidecar;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.PeerConnector;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One process of the sidecar: the real loop, planner and step runner, on simulated ports. */
final class SidecarRun {
    /** The ports of one sidecar, made for one process of it. */
    record Ports(Mongod local, Names names, PeerConnector connector, Kubernetes kubernetes) {
        Ports with(Mongod other) {
            return new Ports(other, names, connector, kubernetes);
        }

        Ports with(PeerConnector other) {
            return new Ports(local, names, other, kubernetes);
        }

        Ports with(Kubernetes other) {
            return new Ports(local, names, connector, other);
        }
    }

    private final Scheduler scheduler;
    private final String name;
    private final Signal wake;
    private final Fragile fragile;
    private final TurnedSidecar sidecar;
    private final Ports ports;
    private final List<Fiber> fibers = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();
    private TurnedSidecar.@Nullable Turn last;
    private Duration cycleBegan = Duration.ZERO;
    private boolean ended;
    private boolean frozen;

    /**
     * A process that does nothing yet.
     *
     * @param ports makes the ports; what it is given wakes the loop: for a change in Kubernetes
     * @param died called when a fault kills it in the middle of a write
     */
    SidecarRun(
            Scheduler scheduler,
            String name,
            Settings settings,
            Function<SidecarRun, Ports> ports,
            Clock clock,
            BooleanSupplier paused,
            Consumer<TurnedSidecar.Turn> seen,
            Runnable died) {
        this.scheduler = scheduler;
        this.name = name;
        this.wake = new Signal(scheduler);
        this.fragile = new Fragile(() -> {
            died.run();
            kill();
        });
        this.ports = ports.apply(this);
        this.sidecar = new TurnedSidecar(
                settings,
                fragile.port(Mongod.class, this.ports.local()),
                this.ports.names(),
                this.ports.connector(),
                fragile.port(Kubernetes.class, this.ports.kubernetes()),
                clock,
                scheduler::pause,
                paused,
                turn -> {
                    last = turn;
                    seen.accept(turn);
                });
    }

    void start() {
        fibers.add(scheduler.start(name, () -> {
            while (true) {
                cycleBegan = scheduler.elapsed();
                wake.await(sidecar.turn());
            }
        }));
        fibers.add(scheduler.start(name + " announces", () -> {
            while (true) {
                Duration due = sidecar.announce(scheduler.elapsed().toNanos());
                scheduler.pause(due.compareTo(LOOK_FOR_NEWS) < 0 ? due : LOOK_FOR_NEWS);
            }
        }));
    }

    /** News reach the announcer's thread at once; here within this time, which saves most of its wake-ups. */
    private static final Duration LOOK_FOR_NEWS = Duration.ofMillis(250);

    /** Something in Kubernetes changed. */
    void wake() {
        wake.raise();
    }

    /** The local member's role changed. */
    void wakeForRole(boolean primary) {
        scheduler.after(TurnedSidecar.afterRoleChange(primary), wake::raise);
    }

    /**
     * The call of the preStop hook.
     *
     * @param answered told, once, what is answered; empty text where nobody can answer any more
     */
    void hold(Consumer<String> answered) {
        if (ended) {
            answered.accept("");
            return;
        }
        AtomicBoolean told = new AtomicBoolean();
        Consumer<String> once = answer -> {
            if (told.compareAndSet(false, true)) {
                answered.accept(answer);
            }
        };
        onEnd.add(() -> once.accept(""));
        fibers.add(scheduler.start(name + " holds", () -> once.accept(sidecar.hold())));
    }

    /** Runs something beside the loop, as a command of a person does. */
    void run(String what, Consumer<TurnedSidecar> command) {
        fibers.add(scheduler.start(name + " " + what, () -> command.accept(sidecar)));
    }

    /** It will die at its next write. */
    void dieAt(Fragile.Death death) {
        fragile.dieAt(death);
    }

    void freeze() {
        frozen = true;
        if (ports.kubernetes() instanceof SimulatedKubernetes kubernetes) {
            kubernetes.freeze();
        }
        fibers.forEach(Fiber::freeze);
    }

    void thaw() {
        frozen = false;
        if (ports.kubernetes() instanceof SimulatedKubernetes kubernetes) {
            kubernetes.thaw();
        }
        fibers.forEach(Fiber::thaw);
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Ends it, as SIGKILL does. */
    void kill() {
        if (ended) {
            return;
        }
        ended = true;
        ports.kubernetes().close();
        Fiber own = scheduler.running();
        onEnd.forEach(Runnable::run);
        fibers.stream().filter(fiber -> fiber != own).forEach(Fiber::kill);
        if (own != null && fibers.contains(own)) {
            own.kill();
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** When its last cycle began, or the one that runs. */
    Duration cycleBegan() {
        return cycleBegan;
    }

    /** What its last cycle came to. */
    Optional<TurnedSidecar.Turn> last() {
        return Optional.ofNullable(last);
    }
}
