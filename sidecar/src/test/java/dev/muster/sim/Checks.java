package dev.muster.sim;

import dev.muster.loop.TurnedSidecar;
import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.ConfigDocuments;
import dev.muster.plan.Decision;
import dev.muster.plan.Planner;
import dev.muster.sim.KubernetesObjects.Slice;
import dev.muster.sim.KubernetesObjects.Versioned;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at each moment, in the words of the design's invariants, judged by what is true in the simulated world and
 * not by what some sidecar believes.
 */
final class Checks implements MongodListener {
    /** A write that was sent before the intent changed may still take effect: the longest that one takes. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(15);

    /** The lag that a promotion may have in truth: the bound, and what may happen while it is under way. */
    private static final Duration LAG = World.MAX_LAG.plus(IN_FLIGHT);

    private final World world;
    private final Ledger ledger = new Ledger();
    private final Map<String, String> told = new HashMap<>();
    private final Map<String, String> primaries = new HashMap<>();
    private final Set<MongodProcess> inOffice = new HashSet<>();
    private final Map<Integer, Duration> lastExpected = new TreeMap<>();
    private final Map<Integer, Duration> lastUp = new TreeMap<>();
    private final Map<Integer, Duration> lastScaledAway = new TreeMap<>();
    private final Set<String> ours = new TreeSet<>();
    private final Set<String> givenUp = new TreeSet<>();
    private final Set<List<ConfigMember>> handMade = new HashSet<>();
    private Set<String> claims = new TreeSet<>();
    private long forcedVersion;
    /** A person made a second majority, by force or by an old disk: each has terms and writes of its own. */
    private boolean twoLines;

    private int approvedForces;
    private boolean recordTamperedWith;
    private String sliceSet = "";
    private long sliceTerm = -1;

    Checks(World world) {
        this.world = world;
        world.server().watch(kind -> {
            switch (kind) {
                case STATEFUL_SET -> intentChanged();
                case SLICE -> sliceChanged();
                case CLAIMS -> claimsChanged();
                case RECORD -> adopted();
                case PODS, EVENTS, SERVER -> {}
            }
        });
    }

    Ledger ledger() {
        return ledger;
    }

    private static void fail(String what, Object... arguments) {
        throw new Violation(what.formatted(arguments));
    }

    private void note(MongodProcess by, String what) {
        world.transcript().note(world.nameOf(by) + " mongod", what);
    }

    /** A person sends this configuration: the rules for Muster do not bind a person. */
    void byHand(BsonDocument config) {
        handMade.add(ConfigDocuments.read(config, false).members());
    }

    /** A person deleted the record or put an old one in its place: it no longer proves anything. */
    void recordTamperedWith() {
        recordTamperedWith = true;
    }

    /** A person gave that set up. */
    void gaveUp(String replicaSetId) {
        givenUp.add(replicaSetId);
        ledger.disksLost(List.of(), 1);
    }

    /** A person approved one forced reconfiguration. */
    void approvedForce() {
        approvedForces++;
    }

    // Who is asked for, and since when not.

    private void intentChanged() {
        Duration now = world.scheduler().elapsed();
        for (int ordinal = 0; ordinal < 20; ordinal++) {
            Optional<KubernetesObjects.StatefulSet> set =
                    world.server().statefulSet().map(Versioned::content);
            if (set.isEmpty() || set.get().replicas() == 0) {
                // The set is stopped as it is: nobody is asked for, and nobody is to go.
                return;
            }
            boolean expected = set.get().asksFor(ordinal);
            boolean was = lastExpected.getOrDefault(ordinal, Duration.ZERO).equals(STILL);
            if (expected) {
                lastExpected.put(ordinal, STILL);
                if (lastScaledAway.getOrDefault(ordinal, STILL).equals(STILL)) {
                    lastScaledAway.put(ordinal, now);
                }
            } else {
                if (was) {
                    lastExpected.put(ordinal, now);
                }
                lastScaledAway.put(ordinal, STILL);
            }
        }
    }

    /** As a time: now, and until it ends. */
    private static final Duration STILL = Duration.ofDays(1);

    private boolean recently(Map<Integer, Duration> last, HostAddress host) {
        Duration now = world.scheduler().elapsed();
        return World.NAMING.ordinalOf(host).stream()
                .anyMatch(ordinal -> last.getOrDefault(ordinal, IN_FLIGHT.negated())
                                .plus(IN_FLIGHT)
                                .compareTo(now)
                        >= 0);
    }

    // 1: one set.

    @Override
    public void initiated(MongodProcess by, String replicaSetId) {
        note(by, "makes the set " + replicaSetId);
        world.counts().add("sets made");
        Optional<RecordData> record = world.server().record().map(Versioned::content);
        if (world.setting().kubernetes() && !recordTamperedWith) {
            if (record.filter(data -> data.phase() == RecordData.Phase.INTENDED).isEmpty()) {
                fail("%s made a set while the record says %s", world.nameOf(by), record);
            }
        }
        if (!world.nameOf(by).equals(World.NAMING.podName(world.setting().firstOrdinal()))) {
            fail("%s made the set, which only the first ordinal may", world.nameOf(by));
        }
        for (int ordinal = world.setting().firstOrdinal(); ordinal < 20; ordinal++) {
            boolean expected = lastExpected.getOrDefault(ordinal, Duration.ZERO).equals(STILL);
            Optional<Volume> volume = world.volumeOf(ordinal);
            if (volume.isPresent()
                    && volume.get() != by.volume()
                    && (expected || !recordTamperedWith)
                    && isLiving(volume.get().replicaSetId())) {
                fail(
                        "%s made a second set while the volume of ordinal %d holds %s",
                        world.nameOf(by), ordinal, volume.get().replicaSetId());
            }
        }
        if (recordTamperedWith) {
            // The disks of members that were scaled away are all that is left of the set before, and nobody knows of
            // them.
            ledger.disksLost(List.of(), 1);
        }
        ours.add(replicaSetId);
    }

    /** A set that the record names is this one, whoever made it. */
    private void adopted() {
        world.server()
                .record()
                .map(record -> record.content().replicaSetId())
                .filter(id -> !id.isEmpty())
                .ifPresent(ours::add);
    }

    /** Whether a primary of that set is the primary: without a record whichever set there is. */
    boolean isMeant(String replicaSetId) {
        return !world.setting().kubernetes() || isLiving(replicaSetId);
    }

    /** Whether that set was made here, or adopted, and nobody gave it up. */
    boolean isLiving(String replicaSetId) {
        return ours.contains(replicaSetId) && !givenUp.contains(replicaSetId);
    }

    // 2 to 6, 8, 9: changes of the configuration.

    @Override
    public void reconfigured(MongodProcess by, SetConfig before, SetConfig after, boolean forced) {
        note(by, "%s configuration %d: %s".formatted(forced ? "forces" : "has", after.version(), describe(after)));
        if (handMade.contains(after.members())) {
            return;
        }
        if (forced) {
            if (approvedForces-- <= 0) {
                fail("%s forced a configuration that nobody approved", world.nameOf(by));
            }
            forcedVersion = after.version();
            twoLines = true;
            ledger.chosen(by.volume());
            return;
        }
        boolean anotherIsRecorded = world.server()
                .record()
                .filter(record -> record.content().phase() == RecordData.Phase.FORMED)
                .isPresent();
        if (!isLiving(before.replicaSetId()) && anotherIsRecorded) {
            fail("the configuration of another set was changed, %s", before.replicaSetId());
        }
        limits(after);
        if (after.voters() < before.voters()
                || after.members().size() < before.members().size()) {
            leaves(after);
        }
        Map<Integer, ConfigMember> old = byId(before);
        Map<Integer, ConfigMember> now = byId(after);
        int votes = 0;
        for (ConfigMember member : after.members()) {
            ConfigMember was = old.get(member.id());
            if (was == null) {
                added(member);
                votes += member.votes();
            } else {
                votes += Math.abs(member.votes() - was.votes());
                changed(was, member);
            }
        }
        for (ConfigMember member : before.members()) {
            if (!now.containsKey(member.id())) {
                votes += member.votes();
                if (!recently(lastScaledAway, member.host())) {
                    fail("%s was removed, which nobody asked for", member.host());
                }
            }
        }
        if (votes > 1) {
            fail("the votes of %d members changed at once: %s, then %s", votes, describe(before), describe(after));
        }
        if (before.members().equals(after.members())
                && before.heartbeatIntervalMillis() == after.heartbeatIntervalMillis()) {
            fail("configuration %d changes nothing", after.version());
        }
        if (!before.replicaSetId().equals(after.replicaSetId())) {
            fail("the configuration's replica set id changed");
        }
    }

    /** A change that takes somebody out leaves a healthy majority, unless a voter fell at that very moment. */
    private void leaves(SetConfig after) {
        long up = after.members().stream()
                .filter(member -> member.votes() > 0)
                .filter(member -> !isDownForLong(member.host()))
                .count();
        if (2 * up <= after.voters()) {
            fail("%d of %d voters are up after somebody was let go: %s", up, after.voters(), describe(after));
        }
    }

    private boolean isDownForLong(HostAddress host) {
        Duration now = world.scheduler().elapsed();
        return World.NAMING.ordinalOf(host).stream()
                .mapToObj(ordinal -> lastUp.getOrDefault(ordinal, Duration.ZERO))
                .anyMatch(up -> up.plus(IN_FLIGHT).compareTo(now) < 0);
    }

    private static void limits(SetConfig config) {
        Set<Integer> ids = new HashSet<>();
        Set<HostAddress> hosts = new HashSet<>();
        config.members().forEach(member -> {
            if (!ids.add(member.id()) || !hosts.add(member.host())) {
                fail("a member is twice in %s", describe(config));
            }
        });
        if (config.voters() > SetConfig.MAX_VOTERS || config.members().size() > SetConfig.MAX_MEMBERS) {
            fail("too many members: %s", describe(config));
        }
    }

    private void added(ConfigMember member) {
        if (!recently(lastExpected, member.host())) {
            fail("%s was added, which nobody asked for", member.host());
        }
        if (member.votes() > 0) {
            fail("%s was added with a vote", member.host());
        }
    }

    /** One member, before and after: only its vote and its host may change, each only for its reason. */
    private void changed(ConfigMember was, ConfigMember is) {
        if (was.arbiterOnly() != is.arbiterOnly() || was.hidden() != is.hidden() || was.delayed() != is.delayed()) {
            fail("what a person set of %s was changed", was.host());
        }
        if (is.votes() > was.votes()) {
            promoted(was);
        } else if (is.votes() < was.votes()) {
            if (!recently(lastScaledAway, was.host())) {
                fail("%s lost its vote, which nobody asked for", was.host());
            }
        } else if (was.priority() != is.priority()) {
            fail("the priority of %s was changed from %s to %s", was.host(), was.priority(), is.priority());
        }
    }

    private void promoted(ConfigMember member) {
        if (!member.joining()) {
            fail("%s got a vote that a person had taken", member.host());
        }
        Optional<MongodProcess> process = World.NAMING.ordinalOf(member.host()).stream()
                .boxed()
                .flatMap(ordinal -> world.run(ordinal).stream())
                .filter(run -> run.hasRunFor(IN_FLIGHT))
                .flatMap(run -> run.mongod().stream())
                .findFirst();
        if (process.isEmpty()) {
            return;
        }
        if (process.get().volume().isCloneUnfinished()) {
            fail("%s got its vote while it clones", member.host());
        }
        Optional<Duration> behind = world.primary()
                .flatMap(PodRun::mongod)
                .flatMap(MongodProcess::lastApplied)
                .flatMap(ahead -> process.get().lastApplied().map(applied -> applied.behind(ahead)));
        if (behind.filter(lag -> lag.compareTo(LAG) > 0).isPresent()) {
            fail("%s got its vote %d s behind", member.host(), behind.get().toSeconds());
        }
    }

    /** A sidecar let its member stop: one that goes for good has given up its vote. */
    void stops(PodRun run) {
        boolean isStopped = world.server()
                .statefulSet()
                .filter(set -> set.content().replicas() > 0)
                .isEmpty();
        boolean isScaledAway = !isStopped
                && lastScaledAway
                        .getOrDefault(run.pod().ordinal(), Duration.ZERO)
                        .equals(STILL);
        Optional<SetConfig> config = world.primary().flatMap(PodRun::mongod).flatMap(MongodProcess::setConfig);
        boolean isMember = isLiving(run.volume().replicaSetId())
                && run.mongod().flatMap(MongodProcess::setConfig).isPresent();
        if (isScaledAway && isMember && config.isPresent()) {
            config.get()
                    .member(World.NAMING.address(run.pod().ordinal()))
                    .filter(member -> member.votes() > 0)
                    .ifPresent(member -> fail("%s was let go with its vote", member.host()));
        }
    }

    private static Map<Integer, ConfigMember> byId(SetConfig config) {
        Map<Integer, ConfigMember> members = new TreeMap<>();
        config.members().forEach(member -> members.put(member.id(), member));
        return members;
    }

    private static String describe(SetConfig config) {
        StringBuilder text = new StringBuilder();
        config.members()
                .forEach(member -> text.append(text.isEmpty() ? "" : ", ")
                        .append(World.NAMING.ordinalOf(member.host()).stream()
                                .mapToObj(World.NAMING::podName)
                                .findFirst()
                                .orElse(member.host().toString()))
                        .append(member.votes() == 0 ? " without a vote" : ""));
        return text.toString();
    }

    // 7: the same snapshot, the same decision. And what people get to see.

    /** A sidecar's cycle. */
    void turned(PodRun run, TurnedSidecar.Turn turn) {
        Decision decision = turn.decision();
        world.counts().add("cycles");
        if (!Planner.plan(turn.snapshot()).equals(decision)) {
            fail("%s: the same snapshot gave another decision", World.name(run.pod()));
        }
        if (decision instanceof Decision.Act act && !turn.outcome().isEmpty()) {
            String word = turn.outcome().startsWith("done")
                    ? "done"
                    : turn.outcome().startsWith("failed") ? "failed" : "stale";
            world.counts().add("step " + act.step().operation() + " " + word);
        }
        world.counts().add("reason " + decision.reason());
        String words = "%s %s: %s%s"
                .formatted(
                        decision.kind(),
                        decision.reason(),
                        decision.message(),
                        turn.outcome().isEmpty() ? "" : " [" + turn.outcome() + "]");
        boolean isNews = !words.equals(told.put(run.pod().uid(), words));
        if (isNews && (!(decision instanceof Decision.Act) || !turn.outcome().isEmpty())) {
            world.transcript().note(World.name(run.pod()), words);
        }
    }

    // 11: no acknowledged majority write is lost.

    @Override
    public void acknowledged(MongodProcess by, long id) {
        boolean hasClaim = world.volumes().anyMatch(volume -> volume == by.volume());
        if (isLiving(by.volume().replicaSetId()) && hasClaim && isOfTheChosenLine(by)) {
            ledger.acknowledged(id);
        }
    }

    /** Where a person chose one side by force, what the other did is not kept: the person was told so. */
    private boolean isOfTheChosenLine(MongodProcess process) {
        return process.setConfig()
                .filter(config -> config.version() >= forcedVersion)
                .isPresent();
    }

    @Override
    public void rolledBack(MongodProcess by, List<Long> ids) {
        note(by, "rolls back " + ids.size() + " writes");
        world.counts().add("rollbacks");
        ledger.amongKept(ids)
                .ifPresent(
                        id -> fail("%s rolled back write %d, which a majority had acknowledged", world.nameOf(by), id));
    }

    private void claimsChanged() {
        Set<String> present = new TreeSet<>();
        world.server().claims().values().forEach(claim -> present.add(claim.uid()));
        boolean lost = !present.containsAll(claims);
        claims = present;
        if (lost) {
            disksLost();
        }
    }

    /** Disks are gone; who still has what decides what can be demanded from now on. */
    void disksLost() {
        Configuration newest = null;
        for (int ordinal = 0; ordinal < 20; ordinal++) {
            Configuration config = world.volumeOf(ordinal).map(Volume::config).orElse(null);
            if (config != null && (newest == null || config.isNewerThan(newest)) && isLiving(config.replicaSetId())) {
                newest = config;
            }
        }
        if (newest == null) {
            ledger.disksLost(List.of(), 1);
            return;
        }
        List<Volume> left = newest.members().stream()
                .filter(Configuration.Member::isVoter)
                .flatMap(
                        member -> World.NAMING.ordinalOf(member.host()).stream().boxed())
                .flatMap(ordinal -> world.volumeOf(ordinal).stream())
                .toList();
        ledger.disksLost(left, newest.voters());
    }

    /** A disk of long ago has a configuration of long ago, and may be a majority in it: what a person does to MongoDB. */
    void restored(Volume volume) {
        Configuration old = volume.config();
        if (old != null
                && world.volumes()
                        .flatMap(other -> Optional.ofNullable(other.config()).stream())
                        .anyMatch(other -> other.version() != old.version())) {
            ledger.chosen(volume);
            twoLines = true;
        }
    }

    /** Looks after each event whether somebody came into office, or left it. */
    void look() {
        for (PodRun run : world.runs()) {
            @Nullable MongodProcess process = run.mongod().orElse(null);
            if (process == null) {
                continue;
            }
            lastUp.put(run.pod().ordinal(), world.scheduler().elapsed());
            if (process.state() != MemberState.PRIMARY) {
                inOffice.remove(process);
            } else if (inOffice.add(process)) {
                elected(process);
            }
        }
    }

    private void elected(MongodProcess process) {
        note(process, "is elected in term " + process.term());
        world.counts().add("elections");
        String place = process.volume().replicaSetId() + " " + process.term();
        String before = primaries.put(place, world.nameOf(process));
        if (before != null && !twoLines) {
            fail("%s and %s were both elected in term %d", before, world.nameOf(process), process.term());
        }
        if (!isLiving(process.volume().replicaSetId())) {
            return;
        }
        if (!isOfTheChosenLine(process)) {
            // The members that a person gave up came back while nobody saw the survivor.
            ledger.disksLost(List.of(), 1);
            return;
        }
        ledger.missingOn(process.volume())
                .ifPresent(id -> fail(
                        "%s was elected without write %d, which a majority had acknowledged",
                        world.nameOf(process), id));
    }

    /** At the end every member has every write. */
    void end() {
        world.counts().add("runs");
        world.primary()
                .map(PodRun::volume)
                .flatMap(ledger::missingOn)
                .ifPresent(id -> fail("write %d, which a majority had acknowledged, is gone", id));
    }

    // One primary, one address.

    private void sliceChanged() {
        Optional<Slice> slice = world.server().slice().map(Versioned::content);
        if (slice.isEmpty()) {
            sliceTerm = -1;
            return;
        }
        // A new set begins to count anew.
        if (!slice.get().replicaSetId().equals(sliceSet)) {
            sliceSet = slice.get().replicaSetId();
            sliceTerm = -1;
        }
        if (slice.get().term() < sliceTerm) {
            fail(
                    "the primary's Service went back from the election of term %d to %d",
                    sliceTerm, slice.get().term());
        }
        sliceTerm = slice.get().term();
    }
}
