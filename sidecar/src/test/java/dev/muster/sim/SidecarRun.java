package dev.muster.sim;

import dev.muster.config.Settings;
import dev.muster.kube.Kubernetes;
import dev.muster.mongo.Mongod;
import dev.muster.sidecar.Wiring;
import dev.muster.sim.cluster.SimulatedKubernetes;
import dev.muster.sim.engine.Fiber;
import dev.muster.sim.engine.InlineExecutor;
import dev.muster.sim.engine.Scheduler;
import dev.muster.sim.engine.Signal;
import dev.muster.sim.trouble.Fragile;
import dev.muster.tell.Announcement;
import dev.muster.tell.CycleReport;
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
    /** What was under way when it stood still ends within this time: no request waits longer. */
    private static final Duration JUST_THAWED = Duration.ofSeconds(5);

    private final Scheduler scheduler;
    private final String name;
    private final Signal wake;
    private final Fragile fragile;
    private final Wiring wiring;
    private final Announcement announcement;
    private final Wiring.Ports ports;
    /** Without what makes it fragile. */
    private final Kubernetes real;

    private final List<Fiber> fibers = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();
    private @Nullable CycleReport last;
    private Duration cycleBegan = Duration.ZERO;
    private boolean ended;
    private boolean frozen;
    private Duration frozeAt = Duration.ZERO;
    private Duration thawedAt = Duration.ZERO;

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
            Function<SidecarRun, Wiring.Ports> ports,
            Clock clock,
            BooleanSupplier paused,
            Consumer<CycleReport> seen,
            Runnable died) {
        this.scheduler = scheduler;
        this.name = name;
        this.wake = new Signal(scheduler);
        this.fragile = new Fragile(() -> {
            died.run();
            kill();
        });
        Wiring.Ports own = ports.apply(this);
        this.ports = own.with(fragile.port(Mongod.class, own.local()))
                .with(fragile.port(Kubernetes.class, own.kubernetes()));
        this.real = own.kubernetes();
        this.wiring =
                new Wiring(settings, this.ports, new InlineExecutor(), clock, scheduler::pause, paused, report -> {
                    last = report;
                    seen.accept(report);
                });
        this.announcement = new Announcement(
                this.ports.kubernetes(), clock, () -> scheduler.elapsed().toNanos());
    }

    void start() {
        fibers.add(scheduler.start(name, () -> {
            while (true) {
                cycleBegan = scheduler.elapsed();
                wake.await(wiring.loop().turn());
            }
        }));
        fibers.add(scheduler.start(name + " announces", () -> {
            while (true) {
                Duration due = wiring.loop().report().map(announcement::tell).orElse(Announcement.RETRY);
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
        scheduler.after(wiring.delayAfterRoleChange(primary), wake::raise);
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
        fibers.add(scheduler.start(name + " holds", () -> once.accept(wiring.hold())));
    }

    /** Runs something beside the loop, as a command of a person does. */
    void run(String what, Consumer<Wiring> command) {
        fibers.add(scheduler.start(name + " " + what, () -> command.accept(wiring)));
    }

    /** It will die at its next write. */
    void dieAt(Fragile.Death death) {
        fragile.dieAt(death);
    }

    void freeze() {
        frozen = true;
        frozeAt = scheduler.elapsed();
        if (real instanceof SimulatedKubernetes kubernetes) {
            kubernetes.freeze();
        }
        fibers.forEach(Fiber::freeze);
    }

    void thaw() {
        frozen = false;
        thawedAt = scheduler.elapsed();
        if (real instanceof SimulatedKubernetes kubernetes) {
            kubernetes.thaw();
        }
        fibers.forEach(Fiber::thaw);
    }

    /** Whether it has just gone on, with what it was about to do, after it stood still for at least that long. */
    boolean hasStoodStillFor(Duration time) {
        return !frozen
                && thawedAt.minus(frozeAt).compareTo(time) >= 0
                && thawedAt.plus(JUST_THAWED).compareTo(scheduler.elapsed()) >= 0;
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
        real.close();
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
    Optional<CycleReport> last() {
        return Optional.ofNullable(last);
    }
}
