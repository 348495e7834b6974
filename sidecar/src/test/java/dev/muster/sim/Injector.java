package dev.muster.sim;

import dev.muster.sim.cluster.ApiFaults;
import dev.muster.sim.cluster.ClusterDns;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.engine.Network;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.sim.trouble.Fault;
import dev.muster.sim.trouble.Fragile;
import dev.muster.sim.trouble.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Makes the faults happen, and ends them all. */
final class Injector {
    /** Where the clients are. */
    static final int CLIENTS = 1000;

    private static final Duration SNAPSHOT_AGE = Duration.ofSeconds(5);
    /** The others stand for primary ten seconds after they last heard of one. */
    private static final Duration NEXT_ELECTION = Duration.ofSeconds(13);

    /** A primary that lost its majority steps down after ten seconds. */
    private static final Duration PERSON_COMES = Duration.ofSeconds(15);

    private static final Duration MOMENT = Duration.ofMillis(600);

    private static final long LOADED_BYTES = 500_000_000;

    private static final Duration MAJORITY_AWAY = Duration.ofSeconds(25);
    /** Within this time after power is back, one mongod after the other is heard again, and a primary elected. */
    private static final Duration COMING_BACK = Duration.ofSeconds(12);

    private final SimulatedWorld world;
    private final TreeSet<Integer> poweredOff = new TreeSet<>();
    private final Person person;
    private Trouble trouble = new Trouble(Duration.ZERO, Duration.ZERO);
    private int deedsUnderWay;

    Injector(SimulatedWorld world, Person person) {
        this.world = world;
        this.person = person;
    }

    void plan(List<Fault> faults, Trouble during) {
        trouble = during;
        faults.forEach(fault -> world.scheduler().after(trouble.at(fault), () -> {
            if (inject(fault)) {
                world.counts().add("fault " + fault.kind());
                world.transcript().note("FAULT", fault.toString());
            }
        }));
    }

    /** A person who paused a sidecar may forget it for hours, and an approval with it. */
    private Duration paused(Fault fault) {
        return trouble.at(fault).equals(fault.at()) && fault.number() / 10 % 2 == 0
                ? fault.lasting().plus(trouble.quiet())
                : fault.lasting();
    }

    private void lasting(Fault fault, Runnable end) {
        world.scheduler().after(fault.lasting(), end);
    }

    private Optional<PodRun> run(Fault fault) {
        return world.run(fault.ordinal());
    }

    private boolean onRun(Fault fault, Consumer<PodRun> what) {
        Optional<PodRun> run = run(fault);
        run.ifPresent(what);
        return run.isPresent();
    }

    private boolean onSidecar(Fault fault, Consumer<SidecarRun> what) {
        Optional<SidecarRun> sidecar = run(fault).flatMap(PodRun::sidecar);
        sidecar.ifPresent(what);
        return sidecar.isPresent();
    }

    private boolean onMongod(Fault fault, Consumer<MongodProcess> what) {
        Optional<MongodProcess> mongod = run(fault).flatMap(PodRun::mongod);
        mongod.ifPresent(what);
        return mongod.isPresent();
    }

    /** Whether there was something to happen to. */
    private boolean inject(Fault fault) {
        int place = placeOf(fault.ordinal());
        int other = placeOf(fault.other());
        return switch (fault.kind()) {
            case PARTITION -> place != other && cut(fault, place, List.of(other), true);
            case ONE_WAY_PARTITION -> place != other && cut(fault, place, List.of(other), false);
            case CUT_OFF_FROM_PEERS -> cut(fault, place, otherPlaces(place), true);
            case ISOLATED -> cut(fault, place, everywhereBut(place), true);
            case NO_API -> cut(fault, place, List.of(Network.API_SERVER), true);
            case NO_DNS -> cut(fault, place, List.of(Network.NAME_SERVER), true);
            case API_SERVER_DOWN -> {
                world.server().faults().down(fault.number() % 2 == 0 ? ApiFaults.Down.REFUSES : ApiFaults.Down.SILENT);
                lasting(fault, () -> world.server().faults().down(ApiFaults.Down.NO));
                yield true;
            }
            case ANSWERS_LOST -> {
                world.server().faults().loseAnswers(0.5);
                lasting(fault, () -> world.server().faults().loseAnswers(0));
                yield true;
            }
            case RIGHTS_TAKEN -> {
                Kind kind = List.of(Kind.STATEFUL_SET, Kind.PODS, Kind.CLAIMS, Kind.RECORD, Kind.SLICE)
                        .get(fault.number() % 5);
                world.server().faults().forbid(kind);
                lasting(fault, () -> world.server().faults().allow(kind));
                yield true;
            }
            case DNS_FAILS -> {
                world.nameServer().fault(ClusterDns.Fault.FAILING);
                lasting(fault, () -> world.nameServer().fault(ClusterDns.Fault.NONE));
                yield true;
            }
            case NAME_MISSING ->
                name(fault, fault.number() % 2 == 0 ? ClusterDns.Fault.NO_SUCH_NAME : ClusterDns.Fault.NO_ADDRESS);
            case NAME_LEFT_OUT -> {
                world.nameServer()
                        .leaveOut(SimulatedWorld.NAMING.address(fault.ordinal()).host());
                yield true;
            }
            case NAME_STALE -> name(fault, ClusterDns.Fault.STALE);
            case SIDECAR_KILLED -> onRun(fault, PodRun::killSidecar);
            case SIDECAR_KILLED_BEFORE_A_WRITE ->
                onSidecar(fault, sidecar -> sidecar.dieAt(Fragile.Death.BEFORE_A_WRITE));
            case SIDECAR_KILLED_AFTER_A_WRITE ->
                onSidecar(fault, sidecar -> sidecar.dieAt(Fragile.Death.AFTER_A_WRITE));
            case SIDECAR_FROZEN ->
                onSidecar(fault, sidecar -> {
                    sidecar.freeze();
                    lasting(fault, sidecar::thaw);
                });
            case PAUSED ->
                onRun(fault, run -> {
                    run.pause();
                    world.scheduler().after(paused(fault), run::resume);
                });
            case MONGOD_KILLED -> onRun(fault, PodRun::killMongod);
            case KEYFILE_WRONG ->
                onRun(fault, run -> {
                    run.wrongKeyfile(true);
                    run.killMongod();
                    lasting(fault, () -> {
                        run.wrongKeyfile(false);
                        run.killMongod();
                    });
                });
            case MONGOD_FROZEN ->
                onMongod(fault, mongod -> {
                    mongod.freeze();
                    lasting(fault, mongod::thaw);
                });
            case ELECTION_CALLED -> onMongod(fault, mongod -> mongod.stepUp(elected -> {}));
            case NODE_LOST -> powerLoss(List.of(place), fault.lasting());
            case ALL_NODES_LOST -> powerLoss(places(), fault.lasting());
            case POD_DELETED -> world.kubectl().deletePod(fault.ordinal(), false);
            case VOLUME_LOST -> person.deletesTheVolume(fault.ordinal());
            case ALL_VOLUMES_LOST -> world.setting().kubernetes() && person.deletesAllVolumes(fault.number() % 2 == 0);
            case VOLUME_FOREIGN ->
                onRun(
                        fault,
                        run -> replaceVolume(run, ForeignVolume.make(run.pod().ordinal(), fault.number())));
            case VOLUME_OF_A_STANDALONE ->
                onRun(fault, run -> replaceVolume(run, Volume.ofStandalone(-1 - fault.number())));
            case VOLUME_RESTORED ->
                onRun(fault, run -> {
                    Volume snapshot = run.volume().copy();
                    if (!snapshot.isCloneUnfinished() && !snapshot.isEmpty()) {
                        world.scheduler().after(SNAPSHOT_AGE, () -> {
                            snapshot.restored();
                            replaceVolume(run, snapshot);
                            world.checks().restored(snapshot);
                        });
                    }
                });
            case ALL_VOLUMES_RESTORED -> restoreAll();
            case SECOND_POD -> secondPod(fault);
            case CLOCK_JUMPS -> {
                world.clockError(place, Duration.ofSeconds(fault.number() % 7200 - 3600));
                yield true;
            }
            case DISK_SLOW -> {
                world.slowDisk(place, 20);
                lasting(fault, () -> world.slowDisk(place, 1));
                yield true;
            }
            case DATA_LOADED -> {
                List<Volume> filled =
                        world.volumes().filter(volume -> !volume.isEmpty()).toList();
                filled.forEach(volume -> volume.resize(LOADED_BYTES * (1 + fault.number() % 4)));
                yield !filled.isEmpty();
            }
            case OPLOG_SHORT -> {
                world.mongods().oplogsReachBack(SHORTEST_OPLOG + fault.number() % MORE_ENTRIES);
                yield true;
            }
            case SCALED -> world.setting().kubernetes() && person.scales(fault.number());
            case SCALED_AND_BACK -> scaledAndBack(fault);
            case START_MOVED -> startMoved(fault);
            case CLAIMS_DELETED_WHEN_SCALED ->
                world.setting().kubernetes() && world.kubectl().deleteClaimsWhenScaled();
            case SCALED_TO_ZERO ->
                world.setting().kubernetes() && world.kubectl().scale(0);
            case ROLLOUT -> world.kubectl().rolloutRestart();
            case RECORD_DELETED -> person.deletesTheRecord();
            case RECORD_ROLLED_BACK -> person.putsBackAnOldRecord(fault.number());
            case RECONFIGURED_BY_HAND -> person.reconfigures(fault.number());
            case FORCE_APPROVED -> approveForce(fault);
        };
    }

    /** Within the time in which the sidecars hear of the first change and act on it. */
    private boolean scaledAndBack(Fault fault) {
        int before = world.replicas();
        if (!world.setting().kubernetes() || before == 0 || !person.scales(fault.number())) {
            return false;
        }
        Duration moment = Duration.ofMillis(fault.number() / 10 % MOMENT.toMillis());
        takesBack(moment, () -> world.kubectl().scale(before));
        return true;
    }

    private boolean startMoved(Fault fault) {
        int before = world.firstOrdinal();
        if (!world.setting().kubernetes() || !person.movesTheStart(before + 1 + fault.number() % 2)) {
            return false;
        }
        if (fault.number() / 10 % 2 == 0) {
            takesBack(fault.lasting(), () -> world.kubectl().startAt(before));
        }
        return true;
    }

    private void takesBack(Duration after, Runnable deed) {
        deedsUnderWay++;
        world.scheduler().after(after, () -> {
            deedsUnderWay--;
            deed.run();
        });
    }

    private int placeOf(int ordinal) {
        return world.run(ordinal).map(run -> run.pod().place()).orElse(ordinal);
    }

    private List<Integer> places() {
        TreeSet<Integer> places = new TreeSet<>();
        world.runs().forEach(run -> places.add(run.pod().place()));
        return List.copyOf(places);
    }

    private List<Integer> otherPlaces(int place) {
        return places().stream().filter(one -> one != place).toList();
    }

    private List<Integer> everywhereBut(int place) {
        List<Integer> all = new ArrayList<>(otherPlaces(place));
        all.addAll(List.of(Network.API_SERVER, Network.NAME_SERVER, CLIENTS));
        return all;
    }

    private boolean cut(Fault fault, int place, List<Integer> others, boolean bothWays) {
        cut(place, others, bothWays);
        lasting(fault, () -> heal(place, others, bothWays));
        return !others.isEmpty();
    }

    private void cut(int place, List<Integer> others, boolean bothWays) {
        for (int other : others) {
            world.network().cut(place, other);
            if (bothWays) {
                world.network().cut(other, place);
            }
        }
    }

    private void heal(int place, List<Integer> others, boolean bothWays) {
        for (int other : others) {
            world.network().heal(place, other);
            if (bothWays) {
                world.network().heal(other, place);
            }
        }
    }

    private static final int SHORTEST_OPLOG = 20;
    private static final int MORE_ENTRIES = 200;

    /** Who is told something wrong of a name: everybody, or one of the two resolvers in each pod. */
    private static final List<Set<ClusterDns.Asker>> WRONGLY_TOLD = List.of(
            Set.of(ClusterDns.Asker.values()), Set.of(ClusterDns.Asker.SIDECAR), Set.of(ClusterDns.Asker.MONGOD));

    private boolean name(Fault fault, ClusterDns.Fault what) {
        String host = SimulatedWorld.NAMING.address(fault.ordinal()).host();
        Set<ClusterDns.Asker> askers = WRONGLY_TOLD.get(fault.number() / 2 % WRONGLY_TOLD.size());
        world.nameServer().fault(host, what, askers);
        lasting(fault, () -> world.nameServer().fault(host, ClusterDns.Fault.NONE, askers));
        return true;
    }

    private boolean powerLoss(List<Integer> places, Duration lasting) {
        for (int place : places) {
            powerOff(place);
            world.scheduler().after(lasting, () -> powerOn(place));
        }
        return !places.isEmpty();
    }

    private void powerOff(int place) {
        poweredOff.add(place);
        world.nodes().lose(place);
        world.runs().stream().filter(run -> run.pod().place() == place).forEach(PodRun::powerOff);
    }

    /** The kubelet starts again what the API server still has, and forgets the rest. */
    private void powerOn(int place) {
        if (poweredOff.remove(place)) {
            world.nodes().back(place);
            world.runs().stream()
                    .filter(run -> run.pod().place() == place)
                    .filter(run -> world.server()
                            .pod(run.pod())
                            .filter(pod -> !pod.isTerminating())
                            .isPresent())
                    .forEach(PodRun::powerOn);
        }
    }

    private void replaceVolume(PodRun run, Volume volume) {
        if (run.isOver() || run.isStopping()) {
            return;
        }
        world.replaceVolume(run, volume);
    }

    /** Whether a person will still change something: until then the set cannot have settled. */
    boolean isAtWork() {
        return deedsUnderWay > 0;
    }

    /** Between the snapshots and their return there are two elections, where nothing else is wrong. */
    private boolean restoreAll() {
        Map<String, Volume> snapshots = person.snapshots();
        Optional<PodRun> primary = world.primary();
        if (snapshots.isEmpty() || primary.isEmpty()) {
            return false;
        }
        // The terms have to go back by more than the one of the election that follows.
        deedsUnderWay++;
        primary.get().killMongod();
        world.scheduler().after(NEXT_ELECTION, () -> world.primary().ifPresent(PodRun::killMongod));
        world.scheduler().after(NEXT_ELECTION.multipliedBy(2).plus(SNAPSHOT_AGE), () -> {
            deedsUnderWay--;
            if (person.restoresAllVolumes(snapshots)) {
                world.counts().add("all volumes restored");
            }
        });
        return true;
    }

    /** Its node falls silent; a person has the pod replaced. Where no set exists yet, both pods can act. */
    private boolean secondPod(Fault fault) {
        Optional<PodRun> run = run(fault);
        if (run.isEmpty() || !world.setting().kubernetes()) {
            return false;
        }
        int place = run.get().pod().place();
        boolean formed = run.get().volume().config() != null;
        // Two members of one name that both hear the others would vote twice: MongoDB's affair, not Muster's.
        List<Integer> unheard = formed ? everywhereBut(place) : List.of();
        world.nodes().lose(place);
        cut(place, unheard, true);
        world.kubectl().deleteClaim(fault.ordinal());
        world.kubectl().deletePod(fault.ordinal(), true);
        lasting(fault, () -> {
            world.nodes().back(place);
            world.runs().stream()
                    .filter(old -> old.pod().place() == place
                            && world.server().pod(old.pod()).isEmpty())
                    .forEach(old -> world.killed(old.pod()));
            heal(place, unheard, true);
        });
        return true;
    }

    /**
     * Majority gone: a person waits until nobody is primary, and approves at whom it can reach. As the runbook says. A
     * third of them have second thoughts, and pause the sidecar until the others are just coming back. Another third
     * withdraw the approval a moment later.
     */
    private boolean approveForce(Fault fault) {
        List<Integer> lost = otherPlaces(placeOf(fault.ordinal()));
        boolean formed = run(fault).filter(run -> run.volume().config() != null).isPresent();
        if (lost.isEmpty() || !formed || !world.setting().kubernetes()) {
            return false;
        }
        Duration away = MAJORITY_AWAY.plus(fault.lasting());
        powerLoss(lost, away);
        boolean hesitates = fault.number() % 3 == 1;
        world.scheduler().after(PERSON_COMES, () -> person.approvesAForce(fault.ordinal(), hesitates));
        if (hesitates) {
            Duration comingBack = Duration.ofMillis(fault.number() % COMING_BACK.toMillis());
            Duration forgotten = paused(fault).minus(fault.lasting());
            world.scheduler()
                    .after(
                            away.plus(comingBack).plus(forgotten),
                            () -> run(fault).ifPresent(PodRun::resume));
        }
        if (fault.number() % 3 == 2) {
            Duration moment = Duration.ofMillis(fault.number() / 10 % MOMENT.toMillis());
            world.scheduler().after(PERSON_COMES.plus(moment), () -> person.withdrawsTheApproval(fault.ordinal()));
        }
        return true;
    }

    /** Whatever was wrong is so no longer. */
    void heal() {
        world.transcript().note("HEALED", "whatever was wrong is so no longer");
        world.network().healAll();
        world.server().faults().heal();
        world.nameServer().heal();
        world.nameServer().latest(Duration.ofSeconds(5));
        for (int place : List.copyOf(poweredOff)) {
            powerOn(place);
        }
        for (PodRun run : world.runs()) {
            world.nodes().back(run.pod().place());
            if (world.server().pod(run.pod()).isEmpty()) {
                world.killed(run.pod());
                continue;
            }
            if (run.hasWrongKeyfile()) {
                run.wrongKeyfile(false);
                run.killMongod();
            }
            run.resume();
            run.mongod().filter(MongodProcess::isFrozen).ifPresent(MongodProcess::thaw);
            run.sidecar().filter(SidecarRun::isFrozen).ifPresent(SidecarRun::thaw);
            run.sidecar().ifPresent(sidecar -> sidecar.dieAt(Fragile.Death.NEVER));
            world.slowDisk(run.pod().place(), 1);
        }
    }
}
