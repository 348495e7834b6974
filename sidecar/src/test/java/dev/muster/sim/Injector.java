package dev.muster.sim;

import dev.muster.model.LocalMongod;
import dev.muster.sim.KubernetesObjects.Kind;
import dev.muster.sim.KubernetesObjects.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** Makes the faults happen, and ends them all. */
final class Injector {
    /** Where the clients are. */
    static final int CLIENTS = 1000;

    private static final Duration SNAPSHOT_AGE = Duration.ofSeconds(5);
    private static final int MOST_REPLICAS = 5;

    /** A primary that lost its majority steps down after ten seconds. */
    private static final Duration PERSON_COMES = Duration.ofSeconds(15);

    private static final Duration MAJORITY_AWAY = Duration.ofSeconds(25);

    private final World world;
    private final TreeSet<Integer> poweredOff = new TreeSet<>();
    private final List<Versioned<RecordData>> oldRecords = new ArrayList<>();

    Injector(World world) {
        this.world = world;
        world.server().watch(kind -> {
            if (kind == Kind.RECORD) {
                world.server().record().ifPresent(oldRecords::add);
            }
        });
    }

    void plan(List<Fault> faults) {
        faults.forEach(fault -> world.scheduler().after(fault.at(), () -> {
            if (inject(fault)) {
                world.counts().add("fault " + fault.kind());
                world.transcript().note("FAULT", fault.toString());
            }
        }));
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
            case PARTITION -> place != other && cut(fault, List.of(place), List.of(other), true);
            case ONE_WAY_PARTITION -> place != other && cut(fault, List.of(place), List.of(other), false);
            case CUT_OFF_FROM_PEERS -> cut(fault, List.of(place), otherPlaces(place), true);
            case ISOLATED -> cut(fault, List.of(place), everywhereBut(place), true);
            case NO_API -> cut(fault, List.of(place), List.of(Network.API_SERVER), true);
            case NO_DNS -> cut(fault, List.of(place), List.of(Network.NAME_SERVER), true);
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
                world.nameServer().fault(NameServer.Fault.FAILING);
                lasting(fault, () -> world.nameServer().fault(NameServer.Fault.NONE));
                yield true;
            }
            case NAME_MISSING ->
                name(fault, fault.number() % 2 == 0 ? NameServer.Fault.NO_SUCH_NAME : NameServer.Fault.NO_ADDRESS);
            case NAME_LEFT_OUT -> {
                world.nameServer()
                        .leaveOut(World.NAMING.address(fault.ordinal()).host());
                yield true;
            }
            case NAME_STALE -> name(fault, NameServer.Fault.STALE);
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
            case NODE_LOST -> powerLoss(fault, List.of(place));
            case ALL_NODES_LOST -> powerLoss(fault, places());
            case POD_DELETED -> world.kubectl().deletePod(fault.ordinal(), false);
            case VOLUME_LOST -> loseVolume(fault.ordinal());
            case ALL_VOLUMES_LOST ->
                world.setting().kubernetes()
                        && List.copyOf(world.server().claims().keySet()).stream()
                                .map(this::loseVolume)
                                .reduce(false, Boolean::logicalOr);
            case VOLUME_FOREIGN ->
                onRun(
                        fault,
                        run -> replaceVolume(run, ForeignVolume.make(run.pod().ordinal(), fault.number())));
            case VOLUME_RESTORED ->
                onRun(fault, run -> {
                    Volume snapshot = run.volume().copy();
                    if (!snapshot.isCloneUnfinished() && !snapshot.isEmpty()) {
                        world.scheduler().after(SNAPSHOT_AGE, () -> {
                            replaceVolume(run, snapshot);
                            world.checks().restored(snapshot);
                        });
                    }
                });
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
            case SCALED -> world.setting().kubernetes() && scale(fault.number());
            case SCALED_TO_ZERO ->
                world.setting().kubernetes() && world.kubectl().scale(0);
            case ROLLOUT -> world.kubectl().rolloutRestart();
            case RECORD_DELETED -> {
                boolean deleted = world.kubectl().deleteRecord();
                if (deleted) {
                    world.checks().recordTamperedWith();
                }
                yield deleted;
            }
            case RECORD_ROLLED_BACK -> {
                boolean restored = !oldRecords.isEmpty()
                        && world.kubectl()
                                .restoreRecord(oldRecords
                                        .get(fault.number() % oldRecords.size())
                                        .content());
                if (restored) {
                    world.checks().recordTamperedWith();
                }
                yield restored;
            }
            case RECONFIGURED_BY_HAND -> reconfigure(fault);
            case FORCE_APPROVED -> approveForce(fault);
        };
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

    private boolean cut(Fault fault, List<Integer> from, List<Integer> to, boolean bothWays) {
        for (int one : from) {
            for (int other : to) {
                world.network().cut(one, other);
                if (bothWays) {
                    world.network().cut(other, one);
                }
                lasting(fault, () -> world.network().heal(one, other));
            }
        }
        return !to.isEmpty();
    }

    private boolean name(Fault fault, NameServer.Fault what) {
        String host = World.NAMING.address(fault.ordinal()).host();
        world.nameServer().fault(host, what);
        lasting(fault, () -> world.nameServer().fault(host, NameServer.Fault.NONE));
        return true;
    }

    private boolean powerLoss(Fault fault, List<Integer> places) {
        for (int place : places) {
            powerOff(place);
            lasting(fault, () -> powerOn(place));
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

    /** A person deletes the claim and the pod, and the StatefulSet makes both anew. */
    private boolean loseVolume(int ordinal) {
        boolean deleted = world.kubectl().deleteClaim(ordinal);
        if (deleted) {
            world.kubectl().deletePod(ordinal, false);
        }
        return deleted;
    }

    private void replaceVolume(PodRun run, Volume volume) {
        if (run.isOver() || run.isStopping()) {
            return;
        }
        world.replaceVolume(run, volume);
    }

    /** Its node falls silent; a person has the pod replaced. Where no set exists yet, both pods can act. */
    private boolean secondPod(Fault fault) {
        Optional<PodRun> run = run(fault);
        if (run.isEmpty() || !world.setting().kubernetes()) {
            return false;
        }
        int place = run.get().pod().place();
        boolean formed = run.get().volume().config() != null;
        world.nodes().lose(place);
        if (formed) {
            // Two members of one name that both hear the others would vote twice: MongoDB's affair, not Muster's.
            cutForGood(place);
        }
        world.kubectl().deleteClaim(fault.ordinal());
        world.kubectl().deletePod(fault.ordinal(), true);
        lasting(fault, () -> {
            world.nodes().back(place);
            world.runs().stream()
                    .filter(old -> old.pod().place() == place
                            && world.server().pod(old.pod()).isEmpty())
                    .forEach(old -> world.killed(old.pod()));
            everywhereBut(place).forEach(other -> world.network().heal(place, other));
        });
        return true;
    }

    private void cutForGood(int place) {
        for (int other : everywhereBut(place)) {
            world.network().cut(place, other);
            world.network().cut(other, place);
        }
    }

    private boolean scale(int number) {
        return world.kubectl().scale(1 + number % MOST_REPLICAS);
    }

    /** What people do: another priority, a hidden member, a vote taken, a setting of their own. */
    private boolean reconfigure(Fault fault) {
        Optional<MongodProcess> primary = world.primary().flatMap(PodRun::mongod);
        Optional<BsonDocument> config = primary.flatMap(MongodProcess::configDocument);
        if (config.isEmpty()) {
            return false;
        }
        BsonDocument edited = config.get();
        BsonArray members = edited.getArray("members");
        BsonDocument member = members.get(fault.number() % members.size()).asDocument();
        switch (fault.number() / 10 % 4) {
            case 0 ->
                member.put(
                        "priority",
                        new BsonDouble(
                                member.getNumber("votes", new BsonInt32(1)).intValue() == 0 ? 0 : 2));
            case 1 -> {
                member.put("priority", new BsonDouble(0));
                member.put("hidden", BsonBoolean.TRUE);
            }
            case 2 -> {
                member.put("votes", new BsonInt32(0));
                member.put("priority", new BsonDouble(0));
            }
            default -> {
                BsonDocument tags = member.getDocument("tags", new BsonDocument());
                tags.put("datacenter", new BsonString("east"));
                member.put("tags", tags);
            }
        }
        edited.put("version", new BsonInt32(edited.getNumber("version").intValue() + 1));
        world.checks().byHand(edited);
        primary.get().reconfigure(edited, false, answer -> {});
        return true;
    }

    /** Majority gone: a person waits until nobody is primary, and approves at whom it can reach. As the runbook says. */
    private boolean approveForce(Fault fault) {
        List<Integer> lost = otherPlaces(placeOf(fault.ordinal()));
        boolean formed = run(fault).filter(run -> run.volume().config() != null).isPresent();
        if (lost.isEmpty() || !formed || !world.setting().kubernetes()) {
            return false;
        }
        Duration away = MAJORITY_AWAY.plus(fault.lasting());
        for (int place : lost) {
            powerOff(place);
            world.scheduler().after(away, () -> powerOn(place));
        }
        world.scheduler().after(PERSON_COMES, () -> approveAt(fault.ordinal()));
        return true;
    }

    private void approveAt(int ordinal) {
        Optional<SidecarRun> sidecar = world.run(ordinal).flatMap(PodRun::sidecar);
        Optional<LocalMongod.InSet> set = sidecar.flatMap(SidecarRun::last)
                .flatMap(turn -> turn.snapshot().inSet());
        if (set.isPresent()) {
            world.transcript().note("PERSON", "approves a forced reconfiguration");
            // Before it is sent: an answer that is lost may have been an approval.
            world.checks().approvedForce();
            sidecar.get()
                    .run(
                            "approve",
                            command -> command.approveForce(
                                    set.get().config().replicaSetId(),
                                    set.get().config().version()));
        }
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
            run.mongod().filter(MongodProcess::isFrozen).ifPresent(MongodProcess::thaw);
            run.sidecar().filter(SidecarRun::isFrozen).ifPresent(SidecarRun::thaw);
            run.sidecar().ifPresent(sidecar -> sidecar.dieAt(Fragile.Death.NEVER));
            world.slowDisk(run.pod().place(), 1);
        }
    }
}
