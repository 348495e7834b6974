package dev.muster.sim;

import dev.muster.control.Approvals;
import dev.muster.control.ControlAnswer;
import dev.muster.model.ConfigMember;
import dev.muster.model.InitialSync;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetConfig;
import dev.muster.model.Snapshot;
import dev.muster.plan.Reason;
import dev.muster.plan.SeedPlan;
import dev.muster.sidecar.Wiring;
import dev.muster.sim.cluster.KubernetesObjects.Kind;
import dev.muster.sim.cluster.RecordData;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.sim.trouble.Setting;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** A person, who interferes while there is trouble, and after it does what only a person can. */
final class Person {
    private static final int MOST_REPLICAS = 5;

    /** A set of which nobody has the data, or only members that had left it, is a person's to bring back or give up. */
    private static final Duration GIVES_UP_AFTER = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration UNTIL_CLONED = Duration.ofSeconds(60);

    private final SimulatedWorld world;
    private final List<RecordData> oldRecords = new ArrayList<>();
    private boolean beginsAnew;
    private boolean deletedTheRecord;
    private boolean movedTheStart;

    Person(SimulatedWorld world) {
        this.world = world;
        world.server().watch(kind -> {
            if (kind == Kind.RECORD) {
                world.server().record().ifPresent(record -> oldRecords.add(record.content()));
            }
        });
    }

    /** Makes a set of all pods by {@code rs.initiate}, before there are sidecars. */
    void makesTheSet() {
        Setting setting = world.setting();
        int last = setting.firstOrdinal() + setting.replicas() - 1;
        BsonArray members = new BsonArray();
        for (int ordinal = setting.firstOrdinal(); ordinal <= last; ordinal++) {
            int port = SimulatedWorld.NAMING.port();
            String host = switch (setting.before()) {
                case SHORT_NAMES ->
                    SimulatedWorld.NAMING.podName(ordinal) + "." + SimulatedWorld.NAMING.service() + ":" + port;
                case OTHER_NAMES -> "db" + ordinal + SimulatedWorld.OTHER_DOMAIN + ":" + port;
                case STABLE_NAMES, NOTHING, A_STANDALONE ->
                    SimulatedWorld.NAMING.address(ordinal).toString();
            };
            members.add(new BsonDocument("_id", new BsonInt32(ordinal + 4)).append("host", new BsonString(host)));
        }
        BsonDocument config =
                new BsonDocument("_id", new BsonString(SimulatedWorld.SET_NAME)).append("members", members);
        while (world.primary().isEmpty()) {
            world.scheduler().run(LOOK);
            world.run(last).flatMap(PodRun::mongod).ifPresent(mongod -> mongod.initiate(config, answer -> {}));
        }
        world.scheduler().run(UNTIL_CLONED);
    }

    /** Puts the volume of a standalone in the place of an ordinal's own. */
    void bringsDataOfAStandalone(int ordinal) {
        while (world.run(ordinal).isEmpty()) {
            world.scheduler().run(LOOK);
        }
        world.run(ordinal).ifPresent(run -> world.replaceVolume(run, Volume.ofStandalone(-1)));
    }

    /** Approves that a set from another place gets the names of this one. */
    void approvesNewNames(int ordinal, String id, long version) {
        world.run(ordinal)
                .flatMap(PodRun::sidecar)
                .ifPresent(sidecar -> sidecar.run("approve", command -> {
                    ControlAnswer answer = command.approvals().renameSet(List.of(id, Long.toString(version), "yes"));
                    world.transcript().note("PERSON", "approves new names, and is told: " + answer.sentence());
                }));
    }

    /** Has the set begin with the data of that ordinal, as its sidecar advises. */
    void approvesASeed(int ordinal) {
        String recorded = world.server()
                .record()
                .map(record -> record.content().replicaSetId())
                .filter(id -> !id.isEmpty())
                .orElse(Approvals.NO_ID);
        world.run(ordinal)
                .flatMap(PodRun::sidecar)
                .ifPresent(sidecar -> sidecar.run("approve", command -> {
                    // Before it is sent: an answer that is lost may have been an approval.
                    world.checks().seedApproved(ordinal);
                    ControlAnswer answer =
                            command.approvals().seed(List.of(Integer.toString(ordinal), recorded, "yes"));
                    world.transcript().note("PERSON", "approves a seed, and is told: " + answer.sentence());
                }));
    }

    /** Deletes the claim and the pod; the StatefulSet makes both anew. */
    boolean deletesTheVolume(int ordinal) {
        return deletesTheVolume(ordinal, false);
    }

    private boolean deletesTheVolume(int ordinal, boolean hastily) {
        boolean deleted = world.kubectl().deleteClaim(ordinal);
        if (deleted && hastily) {
            world.kubectl().deletePodHastily(ordinal);
        } else if (deleted) {
            world.kubectl().deletePod(ordinal, false);
        }
        return deleted;
    }

    /**
     * The same with all of them, at the same moment.
     *
     * @param hastily with a grace period in which no pod waits for another
     */
    boolean deletesAllVolumes(boolean hastily) {
        boolean deleted = false;
        for (int ordinal : List.copyOf(world.server().claims().keySet())) {
            deleted |= deletesTheVolume(ordinal, hastily);
        }
        return deleted;
    }

    /**
     * Puts a disk of a while ago in the place of each one there is, at once. Only where they are all there is of the
     * set, and nothing of it is about to stop: what a person does who follows the documentation of backups.
     *
     * @param snapshots by the uid of the claim
     * @return whether it was done
     */
    boolean restoresAllVolumes(Map<String, Volume> snapshots) {
        List<PodRun> runs = world.runs();
        boolean areAll = runs.size() == snapshots.size()
                && world.server().claims().size() == snapshots.size()
                && runs.stream()
                        .allMatch(run -> snapshots.containsKey(run.pod().claimUid())
                                && world.server().pod(run.pod()).isPresent()
                                && !run.isOver()
                                && !run.isStopping());
        if (!areAll) {
            return false;
        }
        world.transcript().note("PERSON", "restores all volumes from their snapshots");
        runs.forEach(run -> {
            Volume snapshot =
                    Objects.requireNonNull(snapshots.get(run.pod().claimUid())).copy();
            snapshot.restored();
            world.replaceVolume(run, snapshot);
        });
        world.checks().restoredAll();
        return true;
    }

    /** The disks of all members, by the uid of their claims; empty unless each holds data of the one set there is. */
    Map<String, Volume> snapshots() {
        Map<String, Volume> snapshots = new TreeMap<>();
        Set<String> sets = new TreeSet<>();
        for (PodRun run : world.runs()) {
            Volume snapshot = run.volume().copy();
            sets.add(snapshot.isCloneUnfinished() || snapshot.isEmpty() ? "" : snapshot.replicaSetId());
            snapshots.put(run.pod().claimUid(), snapshot);
        }
        return sets.size() == 1 && sets.stream().allMatch(world.checks()::isLiving) ? snapshots : Map.of();
    }

    /** To as many members as that number says. */
    boolean scales(int number) {
        return world.kubectl().scale(1 + number % MOST_REPLICAS);
    }

    /** Not after the first ordinal was changed: then nothing tells of the former members' volumes, as the guarantees say. */
    boolean deletesTheRecord() {
        boolean deleted = !movedTheStart && world.kubectl().deleteRecord();
        if (deleted) {
            deletedTheRecord = true;
            world.checks().recordTamperedWith();
        }
        return deleted;
    }

    /** Not while there is no record: see {@link #deletesTheRecord}. */
    boolean movesTheStart(int first) {
        boolean unrecorded = deletedTheRecord && world.server().record().isEmpty();
        boolean moved = !unrecorded && world.kubectl().startAt(first);
        movedTheStart |= moved;
        return moved;
    }

    boolean putsBackAnOldRecord(int number) {
        boolean restored =
                !oldRecords.isEmpty() && world.kubectl().restoreRecord(oldRecords.get(number % oldRecords.size()));
        if (restored) {
            world.checks().recordPutBack();
        }
        return restored;
    }

    /** By {@code rs.reconfig}: another priority, a hidden member, a vote taken, a setting of their own. */
    boolean reconfigures(int number) {
        Optional<MongodProcess> primary = world.primary().flatMap(PodRun::mongod);
        Optional<BsonDocument> config = primary.flatMap(MongodProcess::configDocument);
        if (config.isEmpty()) {
            return false;
        }
        BsonDocument edited = config.get();
        BsonArray members = edited.getArray("members");
        BsonDocument member = members.get(number % members.size()).asDocument();
        switch (number / 10 % 4) {
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

    /** At the sidecar of that ordinal, one of those that are left, for what it shows at that moment. */
    void approvesAForce(int ordinal) {
        approvesAForce(ordinal, false);
    }

    /**
     * The same.
     *
     * @param thenPauses whether the person pauses that sidecar as soon as it has answered
     */
    void approvesAForce(int ordinal, boolean thenPauses) {
        Optional<PodRun> run = world.run(ordinal);
        run.flatMap(PodRun::sidecar)
                .ifPresent(sidecar -> sidecar.run("approve", command -> {
                    Optional<LocalMongod.InSet> seen = command.loop()
                            .report()
                            .flatMap(report -> report.snapshot().inSet());
                    seen.ifPresent(set -> approveForce(command, set));
                    if (thenPauses) {
                        run.get().pause();
                    }
                }));
    }

    /** At the sidecar of that ordinal. */
    void withdrawsTheApproval(int ordinal) {
        world.run(ordinal)
                .flatMap(PodRun::sidecar)
                .ifPresent(sidecar -> sidecar.run("approve", command -> {
                    ControlAnswer answer = command.approvals().withdraw(List.of());
                    world.transcript().note("PERSON", "withdraws the approval, and is told: " + answer.sentence());
                    if (answer.sentence().startsWith("Withdrew")) {
                        world.checks().withdrawn();
                    }
                }));
    }

    private void approveForce(Wiring command, LocalMongod.InSet set) {
        world.transcript().note("PERSON", "approves a forced reconfiguration");
        // Before it is sent: an answer that is lost may have been an approval.
        world.checks()
                .approved(new Checks.ApprovedForce(
                        set.config().replicaSetId(),
                        set.config().version(),
                        set.status().term(),
                        set.config().members().stream()
                                .filter(member -> member.votes() > 0)
                                .map(ConfigMember::host)
                                .filter(host -> set.status()
                                        .member(host)
                                        .filter(MemberStatus::healthy)
                                        .isEmpty())
                                .collect(Collectors.toSet())));
        ControlAnswer answer = command.approvals()
                .forceReconfig(List.of(
                        set.config().replicaSetId(), Long.toString(set.config().version()), "yes"));
        world.transcript().note("PERSON", "is told: " + answer.sentence());
    }

    /** Whether the primary's set has a member, gone or not, that has not got its stable name. */
    private boolean isHalfAdopted() {
        return world.configOfPrimary().stream()
                .flatMap(config -> config.members().stream())
                .anyMatch(
                        member -> SimulatedWorld.NAMING.ordinalOf(member.host()).isEmpty());
    }

    /**
     * Members that went before they could give up their vote, as their sidecar was down, or before they had their
     * stable name, and those that may have initiated the set: they are asked for again.
     */
    private void bringBackWhoLeftTooSoon() {
        IntSummaryStatistics unknown = world.runs().stream()
                .flatMap(run -> run.sidecar().flatMap(SidecarRun::last).stream())
                .filter(turn -> turn.decision().reason() == Reason.PEERS_UNKNOWN)
                .flatMapToInt(turn -> turn.snapshot().otherOrdinals())
                .summaryStatistics();
        int first = Math.min(world.firstOrdinal(), unknown.getMin());
        int last = Math.max(-1, unknown.getMax());
        for (MongodProcess process : world.processes()) {
            for (ConfigMember member :
                    process.setConfig().map(SetConfig::members).orElse(List.of())) {
                int ordinal = SimulatedWorld.ordinalOf(member.host()).orElse(first);
                first = Math.min(first, ordinal);
                last = Math.max(last, ordinal);
            }
        }
        if (first < world.firstOrdinal()) {
            world.transcript().note("PERSON", "has the ordinals start at " + first);
            world.kubectl().startAt(first);
        }
        if (last - first + 1 > world.replicas()) {
            world.transcript().note("PERSON", "scales up to " + (last - first + 1));
            world.kubectl().scale(last - first + 1);
        }
    }

    /**
     * What only a person can do, and what the runbooks say: a volume of another set is replaced, a lost set given up.
     */
    void helps(Duration lasting) {
        if (beginsAnew) {
            beginAnewOnceAllHaveEnded();
            return;
        }
        List<PodRun> refusing = new ArrayList<>();
        for (PodRun run : world.runs()) {
            Optional<CycleReport> turn = run.sidecar().flatMap(SidecarRun::last);
            if (turn.isEmpty()) {
                continue;
            }
            Reason reason = turn.get().decision().reason();
            if (reason == Reason.AWAIT_CLONE_SOURCE && lasting.compareTo(GIVES_UP_AFTER) > 0) {
                world.transcript().note("PERSON", "lets " + SimulatedWorld.name(run.pod()) + " clone from the primary");
                world.letCloneFromAnyone(run);
                continue;
            }
            if (reason == Reason.SEED_EMPTY || reason == Reason.AWAIT_SEED) {
                helpWithoutASeed(run, reason);
            }
            String id = run.volume().replicaSetId();
            if (lasting.compareTo(GIVES_UP_AFTER) > 0
                    && world.primary().isEmpty()
                    && (reason == Reason.REMOVED
                            || clonesFromNobody(run, turn.get().snapshot()))) {
                refusing.add(run);
            }
            if (mayBecomeTheSeed(run, turn.get().snapshot(), lasting)) {
                hasTheSetBeginWith(run);
            } else if (turn.get().snapshot().local() instanceof LocalMongod.HoldsData
                    || reason == Reason.FOREIGN_SET
                    || (!id.isEmpty() && !world.checks().isLiving(id))) {
                refusing.add(run);
            } else if (reason == Reason.NEW_SET_NEEDS_APPROVAL) {
                world.transcript().note("PERSON", "approves a new set");
                world.server()
                        .record()
                        .map(record -> record.content().replicaSetId())
                        .ifPresent(old -> {
                            world.checks().gaveUp(old);
                            run.sidecar()
                                    .orElseThrow()
                                    .run(
                                            "approve",
                                            sidecar -> sidecar.approvals().newSet(List.of(old, "yes")));
                        });
            }
        }
        helpWhoIsTooStale(lasting).ifPresent(refusing::add);
        if (lasting.compareTo(GIVES_UP_AFTER) > 0) {
            oneOfTwoPrimaries().ifPresent(refusing::add);
        }
        if (lasting.compareTo(GIVES_UP_AFTER) > 0 && !refusing.isEmpty() && nobodyIsOfTheSet()) {
            world.transcript().note("PERSON", "scales to zero, to begin anew");
            beginsAnew = true;
            world.kubectl().scale(0);
            return;
        }
        if (lasting.compareTo(GIVES_UP_AFTER) > 0 && (world.primary().isEmpty() || isHalfAdopted())) {
            bringBackWhoLeftTooSoon();
        }
        refusing.forEach(run -> {
            world.transcript().note("PERSON", "replaces the volume of " + SimulatedWorld.name(run.pod()));
            world.kubectl().deleteClaim(run.pod().ordinal());
            world.kubectl().deletePod(run.pod().ordinal(), false);
        });
    }

    /**
     * One that needs a new volume, if there is a primary to clone from and no other clones: one at a time. Without a primary
     * all of them are restarted, as the one that is ahead of all others does not know that it lacks nothing.
     */
    private Optional<PodRun> helpWhoIsTooStale(Duration lasting) {
        List<PodRun> stale = inState(MemberState.RECOVERING);
        if (!stale.isEmpty() && world.primary().isEmpty() && lasting.compareTo(GIVES_UP_AFTER) > 0) {
            world.transcript().note("PERSON", "restarts the members that are too stale");
            stale.forEach(PodRun::killMongod);
        }
        return world.primary().isPresent() && inState(MemberState.STARTUP2).isEmpty()
                ? stale.stream().findFirst()
                : Optional.empty();
    }

    /** Two primaries that each say that one of them runs on a restored volume: the operator decides which one that is. */
    private Optional<PodRun> oneOfTwoPrimaries() {
        List<PodRun> waiting = inState(MemberState.PRIMARY).stream()
                .filter(run -> run.sidecar()
                        .flatMap(SidecarRun::last)
                        .filter(turn -> turn.decision().reason() == Reason.FOREIGN_PEER)
                        .isPresent())
                .toList();
        return waiting.size() < 2
                ? Optional.empty()
                : waiting.stream().max(Comparator.comparing(run -> run.volume().wasRestored()));
    }

    private List<PodRun> inState(MemberState state) {
        return world.runs().stream()
                .filter(run ->
                        run.mongod().filter(mongod -> mongod.state() == state).isPresent())
                .toList();
    }

    /** Of two kinds of operators, one has the set begin with the data, and the other does not need it. */
    private boolean mayBecomeTheSeed(PodRun run, Snapshot snapshot, Duration lasting) {
        boolean isWanted = run.volume().ownWrites().stream().anyMatch(id -> id % 2 != 0);
        return isWanted
                && world.setting().kubernetes()
                && lasting.compareTo(GIVES_UP_AFTER) <= 0
                && nobodyIsOfTheSet()
                && SeedPlan.of(snapshot) instanceof SeedPlan.Possible;
    }

    private void hasTheSetBeginWith(PodRun run) {
        world.server()
                .record()
                .map(record -> record.content().replicaSetId())
                .filter(id -> !id.isEmpty())
                .ifPresent(world.checks()::gaveUp);
        approvesASeed(run.pod().ordinal());
    }

    /** A seed that nobody has any more. */
    private void helpWithoutASeed(PodRun run, Reason reason) {
        if (world.runs().stream().anyMatch(other -> other.volume().holdsDataOfItsOwn())) {
            return;
        }
        if (world.setting().kubernetes()) {
            withdrawsTheApproval(run.pod().ordinal());
        } else if (reason == Reason.SEED_EMPTY) {
            world.transcript().note("PERSON", "restores the data of the standalone");
            world.replaceVolume(run, Volume.ofStandalone(-1));
        }
    }

    private boolean nobodyIsOfTheSet() {
        return world.runs().stream()
                .noneMatch(run -> world.checks().isLiving(run.volume().replicaSetId()));
    }

    private void beginAnewOnceAllHaveEnded() {
        if (world.server().pods().isEmpty()) {
            world.transcript().note("PERSON", "deletes all volumes, and scales up again");
            int first = world.firstOrdinal();
            for (int ordinal = first; ordinal < first + world.setting().replicas(); ordinal++) {
                world.kubectl().deleteClaim(ordinal);
            }
            world.kubectl().scale(world.setting().replicas());
            beginsAnew = false;
        }
    }

    /**
     * Whether the set is scaled to zero until all its members have ended. Members of another set that get new volumes one
     * by one come back as members of it.
     */
    boolean isBeginningAnew() {
        return beginsAnew;
    }

    /** A clone that copies is left alone, however long it takes. */
    private static boolean clonesFromNobody(PodRun run, Snapshot seen) {
        return run.volume().isCloneUnfinished()
                && seen.inSet()
                        .flatMap(set -> set.status().initialSync())
                        .flatMap(InitialSync::source)
                        .isEmpty();
    }
}
