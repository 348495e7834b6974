package dev.muster.sim;

import dev.muster.model.SetConfig;
import dev.muster.sim.cluster.KubernetesObjects.Claim;
import dev.muster.sim.mongod.Configuration;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Whether acknowledged writes are where they must be. What a person does to MongoDB (disks that are deleted, disks of
 * long ago, a side chosen by force) takes writes too, and nobody promised those.
 */
final class WriteChecks {
    private final SimulatedWorld world;
    private final Predicate<String> isLiving;
    private final Ledger ledger = new Ledger();
    private int forgiven;
    private Set<String> claims = new TreeSet<>();
    private String forcedSet = "";
    private final TreeSet<Long> forcedVersions = new TreeSet<>();
    private boolean bothSidesWrite;
    private final Set<Long> termsOfTwo = new TreeSet<>();
    private boolean twoLines;
    private boolean hadTwoLines;

    /** @param isLiving whether a replica set id is of the set that is meant */
    WriteChecks(SimulatedWorld world, Predicate<String> isLiving) {
        this.world = world;
        this.isLiving = isLiving;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Has the clients' history begin again where some of what was acknowledged can no longer be kept. */
    private void forgive() {
        if (ledger.givenUp() > forgiven) {
            forgiven = ledger.givenUp();
            world.clients().forgive();
        }
    }

    /** What clients saw until there is a second line is judged first: nothing forgives that. */
    private void secondLine() {
        world.clients().forgive();
        twoLines = true;
        hadTwoLines = true;
    }

    /** Every disk has the configuration of the one that is elected, so there is one line of writes again. */
    private void oneLineAgain() {
        givenUp();
        world.clients().forgive();
        twoLines = false;
    }

    /** Whether a person made a second majority by an old disk: each has terms and writes of its own. */
    boolean hasTwoLines() {
        return twoLines;
    }

    void acknowledged(MongodProcess by, long id) {
        if (!counts(by)) {
            return;
        }
        if (bothSidesWrite) {
            ledger.acknowledgedInVain();
        } else {
            ledger.acknowledged(id, by.volume().replicaSetId());
        }
    }

    /**
     * A client read these at a primary, with majority or linearizable concern: they must be there from now on.
     *
     * @return whether what that primary says counts
     */
    boolean seen(MongodProcess at, List<Long> ids) {
        boolean counts = counts(at) && !bothSidesWrite;
        if (counts) {
            ids.forEach(id -> ledger.seen(id, at.volume().replicaSetId()));
        }
        return counts;
    }

    /** Whether what it says can be held to: its set is the one that is meant, and its disk was not given up. */
    private boolean counts(MongodProcess process) {
        boolean hasClaim = world.volumes().anyMatch(volume -> volume == process.volume());
        return isLiving.test(process.volume().replicaSetId())
                && hasClaim
                && isOfTheChosenLine(process)
                && !termsOfTwo.contains(process.term())
                && (!twoLines || hasTheNewestConfiguration(process));
    }

    /** An old disk may be a majority in its old configuration, until it hears of the newer one. */
    private boolean hasTheNewestConfiguration(MongodProcess process) {
        Configuration own = process.volume().config();
        return own != null
                && world.volumes()
                        .flatMap(volume -> Optional.ofNullable(volume.config()).stream())
                        .filter(config -> config.replicaSetId().equals(own.replicaSetId()))
                        .noneMatch(config -> config.isNewerThan(own));
    }

    private boolean haveAllTheConfigurationOf(MongodProcess process) {
        Configuration own = process.volume().config();
        return own != null
                && world.volumes()
                        .allMatch(volume -> volume.config() != null
                                && volume.config().version() == own.version()
                                && volume.config().replicaSetId().equals(own.replicaSetId()));
    }

    /**
     * Where a person chose one side by force, what the other does is not kept: the person was told so. When the two meet,
     * the newest forced configuration is the one that stays.
     */
    private boolean isOfTheChosenLine(MongodProcess process) {
        return process.setConfig()
                .filter(config -> !config.replicaSetId().equals(forcedSet) || lineOf(config) == newestForced())
                .isPresent();
    }

    /**
     * The first write that must be there and is not on that disk. Where a person made two primaries, they may be of one
     * term, and write entries of the same time: the server takes them for the same, and never copies one over the other.
     */
    Optional<Long> missingOn(Volume volume) {
        return missingOn(volume, replicaSetId -> true);
    }

    private Optional<Long> missingOn(Volume volume, Predicate<String> replicaSetIds) {
        Optional<Long> missing = ledger.missingOn(volume, replicaSetIds);
        while (missing.isPresent() && isHidden(missing.get(), volume)) {
            ledger.giveUp(missing.get());
            missing = ledger.missingOn(volume, replicaSetIds);
        }
        forgive();
        return missing;
    }

    private boolean isHidden(long id, Volume volume) {
        boolean mayBe = hadTwoLines || !forcedVersions.isEmpty();
        return (mayBe && world.volumes().anyMatch(other -> volume.hidesTheLackOf(id, other)))
                // The pods of the other line are gone: only disks have what was written there.
                || (twoLines
                        && world.processes().stream()
                                .noneMatch(process -> process.volume().holds(id)));
    }

    /** The version of the forced configuration that a process has, or that is followed by what it has; 0 without. */
    long lineOf(MongodProcess process) {
        return process.setConfig().map(this::lineOf).orElse(0L);
    }

    private long lineOf(SetConfig config) {
        Long version = config.replicaSetId().equals(forcedSet) ? forcedVersions.floor(config.version()) : null;
        return version == null ? 0 : version;
    }

    private long newestForced() {
        return forcedVersions.isEmpty() ? 0 : forcedVersions.last();
    }

    void rolledBack(MongodProcess by, List<Long> ids) {
        if (twoLines) {
            // Both lines may have a primary of one term: which one's writes stay is chance.
            ids.forEach(ledger::giveUp);
            forgive();
            return;
        }
        ledger.amongKept(ids)
                .ifPresent(id -> Violation.because(
                        "%s rolled back write %d, which a majority had acknowledged", world.nameOf(by), id));
    }

    void elected(MongodProcess process) {
        if (!isLiving.test(process.volume().replicaSetId())) {
            return;
        }
        if (!isOfTheChosenLine(process)) {
            bothSidesWrite();
            return;
        }
        if (bothSidesWrite && isOtherSideOver()) {
            // It has been decided which of the two goes on.
            bothSidesWrite = false;
        }
        if (bothSidesWrite) {
            return;
        }
        if (twoLines && haveAllTheConfigurationOf(process)) {
            oneLineAgain();
            return;
        }
        if (twoLines) {
            // The side that has the old disk is elected while nobody sees the other, or the other way round.
            givenUp();
            return;
        }
        // An operator who puts an old record back may have another set recorded, which acknowledges writes of its own.
        missingOn(process.volume(), process.volume().replicaSetId()::equals)
                .ifPresent(id -> Violation.because(
                        "%s was elected without write %d, which a majority had acknowledged",
                        world.nameOf(process), id));
    }

    /** At the end the primary has every write. */
    void end() {
        world.primary()
                .map(PodRun::volume)
                .flatMap(this::missingOn)
                .ifPresent(id -> Violation.because("write %d, which a majority had acknowledged, is gone", id));
    }

    /** Nobody can keep what there was. */
    void givenUp() {
        ledger.disksLost(List.of(), 1);
        forgive();
    }

    /** A person chose this process's data: what only the others have is given up, now and once. */
    void forced(MongodProcess survivor, SetConfig before, SetConfig after) {
        // What clients saw until then is judged first: nothing forgives that.
        world.clients().forgive();
        boolean anotherWasChosen = before.replicaSetId().equals(forcedSet) && lineOf(before) != newestForced();
        boolean anotherIsPrimary =
                world.processes().stream().anyMatch(process -> process != survivor && process.isWritablePrimary());
        if (!forcedSet.equals(after.replicaSetId())) {
            forcedSet = after.replicaSetId();
            forcedVersions.clear();
        }
        forcedVersions.add(after.version());
        ledger.chosen(survivor.volume());
        if (anotherWasChosen || anotherIsPrimary) {
            bothSidesWrite();
        }
    }

    /**
     * Members that the person gave up are back without the survivor, and have a primary of their own. The person was told
     * not to let that happen: which side's writes are kept is chance, until all have the forced configuration and one of
     * them was elected in it.
     */
    private void bothSidesWrite() {
        bothSidesWrite = true;
        givenUp();
    }

    private boolean isOtherSideOver() {
        return world.volumes()
                .flatMap(volume -> Optional.ofNullable(volume.config()).stream())
                .noneMatch(config -> config.replicaSetId().equals(forcedSet) && config.version() < newestForced());
    }

    /** Claims came or went. */
    void claimsChanged() {
        Set<String> present = world.server().claims().values().stream()
                .map(Claim::uid)
                .collect(Collectors.toCollection(TreeSet::new));
        boolean lost = !present.containsAll(claims);
        claims = present;
        if (lost) {
            claimsLost();
        }
    }

    /**
     * Members lost their volumes. While the set is recorded, such a member votes only when that can cost no write: one disk
     * that has the write is enough.
     */
    void claimsLost() {
        lost(world.isRecorded() ? _ -> 1 : WriteChecks::everyMajorityMeets);
    }

    /** As many disks have to have a write, so that every majority meets one of them. */
    private static int everyMajorityMeets(int voters) {
        return voters - (voters / 2 + 1) + 1;
    }

    /**
     * Disks are gone; who still has what decides what can be demanded from now on. An empty disk forgets which
     * configuration it had agreed to, so a majority of each one that some disk still has may come together.
     */
    void disksLost() {
        lost(WriteChecks::everyMajorityMeets);
    }

    /** @param needed on how many disks a write has to be, for that many voters */
    private void lost(IntUnaryOperator needed) {
        List<Configuration> configs = world.volumes()
                .flatMap(volume -> Optional.ofNullable(volume.config()).stream())
                .filter(config -> isLiving.test(config.replicaSetId()))
                .toList();
        if (configs.isEmpty()) {
            givenUp();
            return;
        }
        forgetForcesThatNoDiskHas(configs);
        for (Configuration config : configs) {
            List<Volume> left = config.members().stream()
                    .filter(Configuration.Member::isVoter)
                    .flatMap(member ->
                            SimulatedWorld.ordinalOf(member.host()).stream().boxed())
                    .flatMap(ordinal -> world.volumeOf(ordinal).stream())
                    .toList();
            ledger.disksLost(left, needed.applyAsInt(config.voters()));
        }
        forgive();
    }

    /** No disk has the forced configuration any more, so it no longer decides which writes count. */
    private void forgetForcesThatNoDiskHas(List<Configuration> configs) {
        long newest = configs.stream()
                .filter(config -> config.replicaSetId().equals(forcedSet))
                .mapToLong(Configuration::version)
                .max()
                .orElse(0);
        if (newestForced() > newest) {
            forcedVersions.tailSet(newest, false).clear();
            bothSidesWrite = false;
            givenUp();
        }
    }

    /** Two were elected in one term, as a person had made two lines: whose writes are kept is chance. */
    void twoElectedIn(long term) {
        termsOfTwo.add(term);
        givenUp();
    }

    /** A member voted a second time, as a person had put its disk back: two may be elected in one term. */
    void votedAgain() {
        twoLines = true;
        hadTwoLines = true;
    }

    /**
     * Every disk is one of a while ago. What was acknowledged since is given up, as with each {@link #disksLost}; no
     * process has anything else, so there is one line of writes.
     *
     * @param versions of the configurations on the disks
     */
    void restoredAll(LongStream versions) {
        forcedVersions.tailSet(versions.min().orElse(0), false).clear();
    }

    /** A disk of long ago has a configuration of long ago, and may be a majority in it. */
    void restored(Volume volume) {
        Configuration old = volume.config();
        boolean isOld = old != null
                && world.volumes()
                        .flatMap(other -> Optional.ofNullable(other.config()).stream())
                        .anyMatch(other -> other.version() != old.version());
        if (isOld) {
            secondLine();
            ledger.chosen(volume);
            world.checks().endState().changesMayBeGone();
        }
    }
}
