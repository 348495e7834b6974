package dev.muster.sim;

import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.ConfigDocuments;
import dev.muster.plan.Decision;
import dev.muster.plan.LivenessPromises;
import dev.muster.plan.Planner;
import dev.muster.sim.cluster.KubernetesObjects.Pod;
import dev.muster.sim.cluster.KubernetesObjects.Slice;
import dev.muster.sim.cluster.KubernetesObjects.Versioned;
import dev.muster.sim.cluster.RecordData;
import dev.muster.sim.engine.Network;
import dev.muster.sim.mongod.Configuration;
import dev.muster.sim.mongod.MongodListener;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at each moment, in the words of the design's invariants, judged by what is true in the simulated
 * world and not by what some sidecar believes.
 */
final class Checks implements MongodListener {
    /** {@code mongod} stops within 15 s; the rest of a pod's grace period is for a slow disk. */
    private static final Duration LEFT_FOR_MONGOD = Duration.ofSeconds(25);

    /** An intent of which nothing has come for that long is taken over. */
    private static final Duration TAKEN_OVER_AFTER = Duration.ofSeconds(15);

    /** For as long a sidecar asks an API server that does not answer. */
    private static final Duration ASKS_FOR = Duration.ofSeconds(20);

    /** Two requests, one after the other, of which each may just have begun to wait for an answer that does not come. */
    private static final Duration TOLD_AFTER = Duration.ofSeconds(8);

    private final SimulatedWorld world;
    private final Intent intent;
    private final ConfigurationChecks configurations;
    private final WriteChecks writes;
    private final EndState endState;
    private final Map<String, String> told = new HashMap<>();
    private final Map<String, Elected> primaries = new HashMap<>();
    private final Set<MongodProcess> inOffice = new HashSet<>();
    private final Set<String> ours = new TreeSet<>();
    private final Set<String> givenUp = new TreeSet<>();
    private final Set<String> madeTooLate = new TreeSet<>();
    private final Map<PodRun, Duration> untold = new HashMap<>();
    private final Set<HandMade> handMade = new HashSet<>();
    private final List<ApprovedForce> approvedForces = new ArrayList<>();
    private final List<ApprovedForce> onceApproved = new ArrayList<>();
    /** The ordinals with whose data a person wanted the set to begin. */
    private final Set<Integer> seeds = new HashSet<>();

    private boolean recordTamperedWith;
    /** A set that was never recorded, as another one is beside it, is known to nobody once its ordinals are not wanted. */
    private boolean wasRecorded;

    private boolean allWereRestored;
    private boolean serviceMayGoBack;
    private String sliceSet = "";
    private long sliceTerm = -1;

    Checks(SimulatedWorld world) {
        this.world = world;
        intent = new Intent(world);
        configurations = new ConfigurationChecks(world, intent);
        writes = new WriteChecks(world, this::isLiving);
        endState = new EndState(world, intent);
        world.server().watch(kind -> {
            switch (kind) {
                case STATEFUL_SET -> intent.changed();
                case SLICE -> sliceChanged();
                case CLAIMS -> writes.claimsChanged();
                case RECORD -> adopted();
                case PODS, EVENTS, SERVER -> {}
            }
        });
    }

    EndState endState() {
        return endState;
    }

    WriteChecks writes() {
        return writes;
    }

    private void note(MongodProcess by, String what) {
        world.transcript().note(world.nameOf(by) + " mongod", what);
    }

    /** A person sends this configuration: the rules for Muster do not bind a person. */
    void byHand(BsonDocument config) {
        handMade.add(HandMade.of(ConfigDocuments.read(config, false)));
    }

    /** A person deleted the record or put an old one in its place: it no longer proves anything. */
    void recordTamperedWith() {
        recordTamperedWith = true;
    }

    /** A person put an old disk back. */
    void restored(Volume volume) {
        allWereRestored = false;
        serviceMayGoBack = true;
        writes.restored(volume);
    }

    /** A person put the old disks of all members back, at once: terms and elections count from theirs again. */
    void restoredAll() {
        allWereRestored = true;
        serviceMayGoBack = true;
        endState.changesMayBeGone();
        writes.restoredAll(world.volumes()
                .flatMap(volume -> Optional.ofNullable(volume.config()).stream())
                .mapToLong(Configuration::version));
    }

    @Override
    public void votedAgain(MongodProcess voter, String replicaSetId, long term) {
        note(voter, "votes again in term " + term + ", as its disk was restored");
        world.counts().add("votes cast again");
        primaries.keySet().removeIf(election -> election.startsWith(electionOf(replicaSetId, term)));
        if (!allWereRestored) {
            writes.votedAgain();
        }
    }

    private static String electionOf(String replicaSetId, long term) {
        return replicaSetId + " " + term + " ";
    }

    /** A person gave that set up. */
    void gaveUp(String replicaSetId) {
        givenUp.add(replicaSetId);
        endState.changesMayBeGone();
        writes.givenUp();
    }

    /** Muster may come to the same members by itself, in another version. */
    private record HandMade(long version, List<ConfigMember> members) {
        static HandMade of(SetConfig config) {
            return new HandMade(config.version(), config.members());
        }
    }

    /**
     * What a person saw and approved a forced reconfiguration for. It is for that one event.
     *
     * @param down the voters that did not answer
     */
    record ApprovedForce(String replicaSetId, long configVersion, long electionTerm, Set<HostAddress> down) {
        ApprovedForce {
            down = Set.copyOf(down);
        }
    }

    /** A person approved one forced reconfiguration. */
    void approved(ApprovedForce force) {
        approvedForces.add(force);
        onceApproved.add(force);
    }

    /** A person approved that the set begins with the data of that ordinal. */
    void seedApproved(int ordinal) {
        seeds.add(ordinal);
    }

    /** An operator restored an old record, and with it the approval that it may hold. */
    void recordPutBack() {
        recordTamperedWith();
        approvedForces.addAll(onceApproved);
    }

    /** A person took back whatever had been approved. */
    void withdrawn() {
        approvedForces.clear();
    }

    /** What was forced, as one would have to approve it. */
    private static ApprovedForce forced(MongodProcess by, SetConfig before, SetConfig after) {
        Set<HostAddress> lost = before.members().stream()
                .filter(member -> member.votes() > 0)
                .map(ConfigMember::host)
                .filter(host ->
                        after.member(host).filter(member -> member.votes() > 0).isEmpty())
                .collect(Collectors.toSet());
        return new ApprovedForce(before.replicaSetId(), before.version(), by.term(), lost);
    }

    // 1: one set.

    @Override
    public void renamed(MongodProcess by, String before, String after) {
        note(by, "has new names for the set %s, which is %s now".formatted(before, after));
        boolean isApproved = world.server()
                .record()
                .filter(record -> record.content().approval() instanceof Approval.RenameSet approval
                        && approval.replicaSetId().equals(before)
                        && approval.newId().equals(after))
                .isPresent();
        if (!isApproved) {
            Violation.because("%s gave the set new names that nobody approved", world.nameOf(by));
        }
        ours.add(after);
        givenUp.add(before);
        writes.ledger().renamed(before, after);
    }

    @Override
    public void initiated(MongodProcess by, String replicaSetId) {
        note(by, "initiates the set " + replicaSetId);
        if (!world.sidecarsRun()) {
            // By a person, before there was a Muster.
            ours.add(replicaSetId);
            return;
        }
        world.counts().add("sets made");
        endState.changesMayBeGone();
        Optional<RecordData> record = world.server().record().map(Versioned::content);
        Optional<PodRun> maker = world.runs().stream()
                .filter(run -> run.mongod().filter(by::equals).isPresent())
                .findFirst();
        if (world.setting().kubernetes() && !recordTamperedWith) {
            boolean isIntendedByIt = record.filter(data -> data.phase() == RecordData.Phase.INTENDED
                            && maker.filter(run -> run.pod().uid().equals(data.holderUid()))
                                    .isPresent())
                    .isPresent();
            if (!isIntendedByIt
                    && maker.filter(this::isOfAProcessThatStoodStill).isPresent()) {
                world.counts().add("sets made too late");
                madeTooLate.add(replicaSetId);
                return;
            }
            if (!isIntendedByIt) {
                Violation.because("%s made a set while the record says %s", world.nameOf(by), record);
            }
        }
        if (!by.volume().ownWrites().isEmpty()) {
            madeFromData(by);
        } else if (IntStream.range(0, Intent.ORDINALS)
                .filter(intent::wasFirstLately)
                .mapToObj(SimulatedWorld.NAMING::podName)
                .noneMatch(world.nameOf(by)::equals)) {
            Violation.because("%s made the set, which only the first ordinal may", world.nameOf(by));
        }
        boolean mayBeKnown = (wasRecorded || !world.setting().kubernetes()) && !recordTamperedWith;
        for (int ordinal = 0; ordinal < Intent.ORDINALS; ordinal++) {
            boolean expected = intent.asksFor(ordinal);
            Optional<Volume> volume = world.volumeOf(ordinal);
            if (volume.isPresent()
                    && volume.get() != by.volume()
                    && (expected || mayBeKnown)
                    && isLiving(volume.get().replicaSetId())) {
                Violation.because(
                        "%s made a second set while the volume of ordinal %d holds %s",
                        world.nameOf(by), ordinal, volume.get().replicaSetId());
            }
        }
        for (int ordinal = 0; ordinal < Intent.ORDINALS; ordinal++) {
            // What the StatefulSet did not ask for in that cycle was not looked at. Its data stays where it is.
            Duration lately = world.scheduler().elapsed().minus(Intent.IN_FLIGHT);
            if (intent.asksFor(ordinal)
                    && !intent.wasScaledAwaySince(ordinal, lately)
                    && !SimulatedWorld.NAMING.podName(ordinal).equals(world.nameOf(by))
                    && holdsDataSinceTheCycleBegan(by, ordinal)) {
                Violation.because(
                        "%s made a set while the volume of ordinal %d holds data of its own",
                        world.nameOf(by), ordinal);
            }
        }
        if (recordTamperedWith) {
            // The disks of members that were scaled away are all that is left of the set before, and nobody knows of
            // them.
            writes.givenUp();
        }
        ours.add(replicaSetId);
    }

    /** What the one member had is the set's from now on. */
    private void madeFromData(MongodProcess by) {
        boolean isApproved = IntStream.concat(
                        seeds.stream().mapToInt(ordinal -> ordinal),
                        world.setting().kubernetes() ? IntStream.empty() : world.setting().seed().stream())
                .mapToObj(SimulatedWorld.NAMING::podName)
                .anyMatch(world.nameOf(by)::equals);
        if (!isApproved) {
            Violation.because("%s made a set from data that nobody approved", world.nameOf(by));
        }
        world.counts().add("sets made from data");
        String set = by.volume().replicaSetId();
        by.volume().ownWrites().forEach(id -> writes.ledger().seen(id, set));
    }

    /**
     * What no look at the record can prevent: a sidecar stands still between its last look and the initiate, for so
     * long that another pod takes over. Its pod is not the one of its name any more. What it made stays as it is: alone,
     * in no record and behind no Service.
     */
    private boolean isOfAProcessThatStoodStill(PodRun run) {
        return world.server().pod(run.pod()).isEmpty()
                && run.sidecar()
                        .filter(sidecar -> sidecar.hasStoodStillFor(TAKEN_OVER_AFTER))
                        .isPresent();
    }

    /**
     * Whether data that no set made could be seen at an ordinal in the cycle in which the sidecar beside a mongod
     * came to what it does. A disk that a person puts there between the look and the write is not seen.
     */
    private boolean holdsDataSinceTheCycleBegan(MongodProcess by, int ordinal) {
        Optional<Duration> began = world.runs().stream()
                .filter(run -> run.volume() == by.volume())
                .findFirst()
                .flatMap(PodRun::sidecar)
                .map(SidecarRun::cycleBegan);
        return world.run(ordinal)
                .flatMap(PodRun::mongod)
                .filter(process -> process.volume().holdsDataOfItsOwn())
                .filter(process -> began.isPresent() && process.startedAt().compareTo(began.get()) < 0)
                .isPresent();
    }

    /** A set that the record names is this one, whoever made it. */
    private void adopted() {
        world.server()
                .record()
                .map(record -> record.content().replicaSetId())
                .filter(id -> !id.isEmpty())
                .ifPresent(id -> {
                    if (madeTooLate.contains(id)) {
                        Violation.because("the record names the set %s, which was made too late", id);
                    }
                    wasRecorded = true;
                    boolean isAnother = ours.add(id);
                    if (isAnother && recordTamperedWith) {
                        // An old intent says of whatever set its pod has by now that the pod has just made it.
                        writes.givenUp();
                    }
                });
    }

    /** Whether a primary of that set is the primary: without a record whichever set there is. */
    boolean isMeant(String replicaSetId) {
        return !world.setting().kubernetes() || isLiving(replicaSetId);
    }

    /** Whether that set was made here, or adopted, and nobody gave it up. */
    boolean isLiving(String replicaSetId) {
        return ours.contains(replicaSetId) && !givenUp.contains(replicaSetId);
    }

    @Override
    public void aborted(MongodProcess process, String assertion) {
        Violation.because("the mongod of %s aborted: %s", world.nameOf(process), assertion);
    }

    // 2 to 6, 8, 9: changes of the configuration.

    /** Whether the others have elected another one, which it has not heard: what it changes is undone. */
    private boolean isDeposed(MongodProcess primary) {
        return world.processes().stream()
                .anyMatch(other ->
                        other.volume().replicaSetId().equals(primary.volume().replicaSetId())
                                && other.term() > primary.term());
    }

    @Override
    public void reconfigured(MongodProcess by, SetConfig before, SetConfig after, boolean forced) {
        note(
                by,
                "%s configuration %d: %s"
                        .formatted(forced ? "forces" : "has", after.version(), ConfigurationChecks.describe(after)));
        if (handMade.contains(HandMade.of(after))) {
            if (isDeposed(by)) {
                endState.changesMayBeGone();
            } else if (isMeant(before.replicaSetId())) {
                endState.changedByHand(before, after);
            }
            return;
        }
        if (madeTooLate.contains(before.replicaSetId())) {
            Violation.because("the set that %s made too late was changed", world.nameOf(by));
        }
        if (forced) {
            ApprovedForce force = forced(by, before, after);
            if (!approvedForces.remove(force)) {
                Violation.because(
                        "%s forced a configuration that nobody approved: %s is not among %s",
                        world.nameOf(by), force, approvedForces);
            }
            configurations.checkForced(before, after);
            writes.forced(by, before, after);
            // Its survivor may never have had a change that somebody made by hand.
            endState.continuesFrom(before);
            return;
        }
        boolean anotherIsRecorded = world.server()
                .record()
                .filter(record -> record.content().phase() == RecordData.Phase.FORMED)
                .isPresent();
        if (!isLiving(before.replicaSetId()) && anotherIsRecorded) {
            Violation.because("the configuration of another set was changed, %s", before.replicaSetId());
        }
        after.members().stream()
                .filter(member -> before.member(member.host()).isEmpty())
                .forEach(added -> SimulatedWorld.ordinalOf(added.host())
                        .ifPresent(ordinal -> checkHoldsNothingOfItsOwn(by, before, ordinal)));
        configurations.check(before, after);
    }

    /** Its initial sync would drop it. A member that gets a new name is the same one, under two. */
    private void checkHoldsNothingOfItsOwn(MongodProcess by, SetConfig before, int ordinal) {
        boolean isMember = world.run(ordinal)
                .map(run -> run.volume().replicaSetId().equals(before.replicaSetId()))
                .orElse(false);
        if (!isMember && holdsDataSinceTheCycleBegan(by, ordinal)) {
            Violation.because("ordinal %d was added, and its volume holds data of its own", ordinal);
        }
    }

    /**
     * A preStop hook was answered: a member that goes for good has given up its vote, if its sidecar says that it may
     * stop, or if it could have been held for longer.
     *
     * @param answer empty text where the sidecar ended
     */
    void stops(PodRun run, String answer) {
        Optional<SetConfig> config = world.configOfPrimary();
        boolean isMember = isLiving(run.volume().replicaSetId())
                && run.mongod().flatMap(MongodProcess::setConfig).isPresent();
        if (intent.scalesAway(run.pod().ordinal())
                && isMember
                && config.isPresent()
                && (answer.startsWith(PodRun.MAY_STOP) || couldBeHeldForLonger(run))) {
            config.get()
                    .member(SimulatedWorld.NAMING.address(run.pod().ordinal()))
                    .filter(member -> member.votes() > 0)
                    .ifPresent(member -> Violation.because(
                            "%s was let go with its vote, and its hook answered: %s", member.host(), answer));
        }
    }

    /**
     * Whether its sidecar lets a member go too early: while its grace period is not nearly over, and before the API
     * server was asked in vain for as long as a hand-over may last. A sidecar whose clock is wrong cannot know when the
     * grace period is over.
     */
    private boolean couldBeHeldForLonger(PodRun run) {
        Duration now = world.scheduler().elapsed();
        boolean hasTimeLeft = world.server()
                .pod(run.pod())
                .flatMap(Pod::killedAt)
                .filter(killedAt -> killedAt.minus(LEFT_FOR_MONGOD)
                        .isAfter(world.scheduler().now()))
                .isPresent();
        Duration lastUntold = untold.getOrDefault(run, run.hookCalled());
        boolean wasTold = lastUntold.plus(TOLD_AFTER).compareTo(now) < 0;
        boolean waitedInVain = run.hookCalled().plus(ASKS_FOR).compareTo(now) <= 0 && !wasTold;
        return hasTimeLeft
                && run.sidecar().isPresent()
                && world.hasRightClock(run.pod().place())
                && !waitedInVain;
    }

    /** Until when the sidecars of pods that are being stopped could not learn anything from the API server. */
    private void lookForUntold(PodRun run) {
        int place = run.pod().place();
        boolean isTold = world.server().faults().tellsOfPods()
                && world.network().connects(place, Network.API_SERVER)
                && run.sidecar().filter(sidecar -> !sidecar.isFrozen()).isPresent();
        if (!isTold) {
            untold.put(run, world.scheduler().elapsed());
        }
    }

    // 7: the same snapshot, the same decision. And what people get to see.

    /** A sidecar's cycle. */
    void turned(PodRun run, CycleReport turn) {
        Decision decision = turn.decision();
        world.counts().add("cycles");
        if (turn.judgement().aside().isEmpty() && !Planner.plan(turn.snapshot()).equals(decision)) {
            Violation.because("%s: the same snapshot gave another decision", SimulatedWorld.name(run.pod()));
        }
        if (turn.judgement().aside().isEmpty()) {
            LivenessPromises.brokenByWaiting(turn.snapshot(), decision)
                    .forEach(promise -> Violation.because("%s: broken: %s", SimulatedWorld.name(run.pod()), promise));
        }
        boolean isPaused = run.sidecar()
                .filter(sidecar -> run.wasPausedAt(sidecar.cycleBegan()))
                .isPresent();
        if (decision instanceof Decision.Act act && isPaused) {
            Violation.because(
                    "%s is paused and would %s",
                    SimulatedWorld.name(run.pod()), act.step().operation());
        }
        if (decision instanceof Decision.Act act && turn.outcome().isPresent()) {
            world.counts()
                    .add("step " + act.step().operation() + " "
                            + turn.outcome().get().word());
        }
        world.counts().add("reason " + decision.reason());
        String words = "%s %s: %s%s"
                .formatted(
                        decision.kind(),
                        decision.reason(),
                        decision.message(),
                        turn.outcome()
                                .map(outcome -> " [" + outcome.words() + "]")
                                .orElse(""));
        boolean isNews = !words.equals(told.put(run.pod().uid(), words));
        if (isNews && (!(decision instanceof Decision.Act) || turn.outcome().isPresent())) {
            world.transcript().note(SimulatedWorld.name(run.pod()), words);
        }
    }

    // 11: no acknowledged majority write is lost.

    @Override
    public void acknowledged(MongodProcess by, long id) {
        writes.acknowledged(by, id);
    }

    @Override
    public void rolledBack(MongodProcess by, List<Long> ids) {
        note(by, "rolls back " + ids.size() + " writes");
        world.counts().add("rollbacks");
        configurations.rolledBack(by);
        writes.rolledBack(by, ids);
    }

    /** Looks after each event whether somebody came into office, or left it. */
    void look() {
        for (PodRun run : world.runs()) {
            @Nullable MongodProcess process = run.mongod().orElse(null);
            if (process == null) {
                continue;
            }
            configurations.isUp(run.pod().ordinal());
            if (run.isStopping()) {
                lookForUntold(run);
            }
            if (process.state() != MemberState.PRIMARY) {
                inOffice.remove(process);
            } else if (inOffice.add(process)) {
                elected(process);
            }
        }
    }

    /**
     * One that was elected.
     *
     * @param voters the disks of those that could vote: without them nobody knows of that election
     */
    private record Elected(String name, List<Volume> voters) {
        boolean isKnown(SimulatedWorld world) {
            return world.volumes().anyMatch(volume -> voters.stream().anyMatch(voter -> voter == volume));
        }
    }

    private List<Volume> votersOf(MongodProcess process) {
        List<Volume> voters = new ArrayList<>(List.of(process.volume()));
        String own = world.nameOf(process);
        for (ConfigMember member : process.setConfig().map(SetConfig::members).orElse(List.of())) {
            OptionalInt ordinal = SimulatedWorld.ordinalOf(member.host());
            if (member.votes() > 0
                    && ordinal.isPresent()
                    && !SimulatedWorld.NAMING.podName(ordinal.getAsInt()).equals(own)) {
                world.volumeOf(ordinal.getAsInt()).ifPresent(voters::add);
            }
        }
        return voters;
    }

    private void elected(MongodProcess process) {
        note(process, "is elected in term " + process.term());
        world.counts().add("elections");
        // The side that a person did not choose by force counts its terms on its own.
        String election = electionOf(process.volume().replicaSetId(), process.term()) + writes.lineOf(process);
        @Nullable Elected before = primaries.put(election, new Elected(world.nameOf(process), votersOf(process)));
        if (before != null && before.isKnown(world) && !writes.hasTwoLines()) {
            Violation.because(
                    "%s and %s were both elected in term %d", before.name(), world.nameOf(process), process.term());
        }
        if (before != null) {
            writes.twoElectedIn(process.term());
        }
        writes.elected(process);
        endState.elected();
        process.setConfig().filter(config -> isLiving(config.replicaSetId())).ifPresent(endState::continuesFrom);
    }

    void end() {
        world.counts().add("runs");
        world.configOfPrimary().ifPresent(endState::check);
        writes.end();
    }

    // One primary, one address.

    private void sliceChanged() {
        Optional<Slice> slice = world.server().slice().map(Versioned::content);
        if (slice.isEmpty()) {
            sliceTerm = -1;
            return;
        }
        if (madeTooLate.contains(slice.get().replicaSetId())) {
            Violation.because("the primary's Service leads to a set that was made too late");
        }
        // A new set begins to count anew.
        if (!slice.get().replicaSetId().equals(sliceSet)) {
            sliceSet = slice.get().replicaSetId();
            sliceTerm = -1;
        }
        if (slice.get().term() < sliceTerm) {
            if (!serviceMayGoBack) {
                Violation.because(
                        "the primary's Service went back from the election of term %d to %d",
                        sliceTerm, slice.get().term());
            }
            // Once for each disk that a person put back.
            serviceMayGoBack = false;
            world.counts().add("Services taken over");
        }
        sliceTerm = slice.get().term();
    }
}
