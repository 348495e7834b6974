package dev.muster.sim;

import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.start.HeldStart;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The containers of one pod: a sidecar and a {@code mongod}, each restarted by its kubelet when it dies. */
final class PodRun {
    /** How the answer to the preStop hook begins when the member may stop. */
    static final String MAY_STOP = "may stop";

    /** How often the container looks for that file. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration RESTART_FIRST = Duration.ofMillis(300);
    private static final Duration RESTART_LAST = Duration.ofSeconds(4);

    private final SimulatedWorld world;
    private final Pod pod;
    private Volume volume;
    private @Nullable MongodProcess mongod;
    private @Nullable SidecarRun sidecar;
    private Duration mongodSince = Duration.ZERO;
    private boolean beganWithoutData;
    private Duration hookCalled = Duration.ZERO;
    private @Nullable Runnable ended;
    private @Nullable Duration pausedSince;
    private boolean mayStart;
    private boolean wrongKeyfile;
    private boolean stopping;
    private boolean poweredOff;
    private boolean over;

    PodRun(SimulatedWorld world, Pod pod, Volume volume) {
        this.world = world;
        this.pod = pod;
        this.volume = volume;
    }

    Pod pod() {
        return pod;
    }

    Volume volume() {
        return volume;
    }

    /** Its {@code mongod}; empty while it is down. */
    Optional<MongodProcess> mongod() {
        return Optional.ofNullable(mongod);
    }

    /** Its sidecar; empty while it is down. */
    Optional<SidecarRun> sidecar() {
        return Optional.ofNullable(sidecar);
    }

    /** Whether its {@code mongod} has run for at least that long. */
    boolean hasRunFor(Duration time) {
        return mongod != null
                && mongodSince.plus(time).compareTo(world.scheduler().elapsed()) <= 0;
    }

    /** Whether its {@code mongod} had no data, or not all of it, when it started. */
    boolean beganWithoutData() {
        return beganWithoutData;
    }

    boolean isOver() {
        return over;
    }

    boolean isStopping() {
        return stopping;
    }

    /** When its preStop hook was called; zero before. */
    Duration hookCalled() {
        return hookCalled;
    }

    /** A file in a volume of the pod: a restart of the sidecar does not end it. */
    void pause() {
        pausedSince = world.scheduler().elapsed();
    }

    void resume() {
        pausedSince = null;
    }

    boolean isPaused() {
        return pausedSince != null;
    }

    /** Whether the pause that there is had begun by then. */
    boolean wasPausedAt(Duration time) {
        return pausedSince != null && pausedSince.compareTo(time) < 0;
    }

    /** With which keyfile its {@code mongod} is started from now on. */
    void wrongKeyfile(boolean wrong) {
        wrongKeyfile = wrong;
    }

    boolean hasWrongKeyfile() {
        return wrongKeyfile;
    }

    void start() {
        startSidecar();
    }

    /** The file that {@code mongod}'s container waits for. */
    HeldStart heldStart() {
        return new HeldStart() {
            @Override
            public boolean isHeld() {
                return !mayStart;
            }

            @Override
            public void begin() {
                PodRun.this.begin();
            }
        };
    }

    /** Lets {@code mongod} start, on the volume that was never used. */
    void begin() {
        world.startsEmpty(this);
        mayStart = true;
        world.scheduler().after(world.scheduler().between(Duration.ZERO, POLL), this::startMongod);
    }

    private boolean runs() {
        return !over && !poweredOff;
    }

    void startSidecar() {
        if (!world.sidecarsRun() || !world.setting().kubernetes() || volume.isUsed()) {
            mayStart = true;
        }
        if (runs() && sidecar == null && world.sidecarsRun()) {
            sidecar = world.sidecarOf(this);
            sidecar.start();
        }
        startMongod();
    }

    private void startMongod() {
        if (runs() && mayStart && !stopping && mongod == null) {
            mongod = world.mongodOf(this);
            mongodSince = world.scheduler().elapsed();
            beganWithoutData = volume.isEmpty() || volume.isCloneUnfinished();
            mongod.start();
        }
    }

    private void later(Runnable restart) {
        world.scheduler().after(world.scheduler().between(RESTART_FIRST, RESTART_LAST), restart);
    }

    void killSidecar() {
        SidecarRun killed = sidecar;
        if (killed != null) {
            sidecar = null;
            later(this::startSidecar);
            killed.kill();
        }
    }

    /** It died by itself, in the middle of a write: its process is ended by whoever tells this. */
    void sidecarDied() {
        sidecar = null;
        later(this::startSidecar);
    }

    void killMongod() {
        if (mongod != null) {
            mongod.kill();
            mongodEnded();
        }
    }

    /** Its {@code mongod} is ended and finds another disk when it is started again. */
    void replaceVolume(Volume other) {
        volume = other;
        if (mongod != null) {
            killMongod();
        }
    }

    /** Its {@code mongod} gave up by itself, or was killed. */
    void mongodEnded() {
        mongod = null;
        if (stopping) {
            finish();
        } else {
            later(this::startMongod);
        }
    }

    /** As the kubelet stops a pod: the hook, the database, and its sidecar last. */
    void stop(Runnable whenEnded) {
        stopping = true;
        hookCalled = world.scheduler().elapsed();
        ended = whenEnded;
        SidecarRun holder = sidecar;
        if (!runs() || mongod == null) {
            finish();
        } else if (holder == null) {
            terminate();
        } else if (!world.sabotage().holds()) {
            held(MAY_STOP);
        } else {
            holder.hold(this::held);
        }
    }

    private void held(String answer) {
        world.checks().stops(this, answer);
        terminate();
    }

    private void terminate() {
        MongodProcess running = mongod;
        if (running == null) {
            finish();
            return;
        }
        running.terminate(() -> {
            mongod = null;
            finish();
        });
    }

    private void finish() {
        kill();
        Runnable whenEnded = ended;
        if (whenEnded != null) {
            ended = null;
            whenEnded.run();
        }
    }

    /** SIGKILL to all, for good. */
    void kill() {
        over = true;
        end();
    }

    private void end() {
        if (mongod != null) {
            mongod.kill();
            mongod = null;
        }
        SidecarRun killed = sidecar;
        if (killed != null) {
            sidecar = null;
            killed.kill();
        }
    }

    /** Power loss: everything ends, and comes back only with the node. */
    void powerOff() {
        poweredOff = true;
        // That file is in memory.
        mayStart = false;
        end();
    }

    void powerOn() {
        poweredOff = false;
        if (!over) {
            start();
        }
    }
}
