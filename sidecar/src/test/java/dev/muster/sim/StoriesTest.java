package dev.muster.sim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.ControlAnswer;
import dev.muster.model.Approval;
import dev.muster.model.ConfigMember;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.plan.Reason;
import dev.muster.sidecar.Wiring;
import dev.muster.sim.cluster.ClusterDns;
import dev.muster.sim.cluster.KubernetesObjects.Claim;
import dev.muster.sim.cluster.KubernetesObjects.Endpoint;
import dev.muster.sim.cluster.KubernetesObjects.Event;
import dev.muster.sim.cluster.KubernetesObjects.Policy;
import dev.muster.sim.cluster.RecordData;
import dev.muster.sim.engine.Network;
import dev.muster.sim.mongod.MongodProcess;
import dev.muster.sim.mongod.Volume;
import dev.muster.sim.trouble.Sabotage;
import dev.muster.sim.trouble.Setting;
import dev.muster.tell.CycleReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the simulation found wrong with Muster, each as a story with nothing in it but what it needs. The planner's
 * share of them stands in its tables too.
 */
class StoriesTest {
    /** Its number; the clients begin at 0. */
    private static final long THE_WRITE = 1_000_000;

    private SimulatedWorld world = three();

    private static SimulatedWorld three() {
        return new SimulatedWorld(7, Setting.fresh(3, Policy.PARALLEL), Sabotage.NONE);
    }

    @AfterEach
    void noInvariantWasBroken() {
        world.close();
    }

    private void passes(Duration time) {
        world.scheduler().run(time);
    }

    private void until(String what, Predicate<SimulatedWorld> holds) {
        for (int seconds = 0; seconds < 300; seconds++) {
            if (holds.test(world)) {
                return;
            }
            passes(Duration.ofSeconds(1));
        }
        throw new AssertionError(
                "never: " + what + "\n" + String.join("\n", world.transcript().lines()));
    }

    private void formed(int members) {
        until(
                members + " voters",
                now -> now.configOfPrimary()
                        .filter(config -> config.voters() == members)
                        .isPresent());
        passes(Duration.ofSeconds(5));
    }

    private PodRun run(int ordinal) {
        return world.run(ordinal).orElseThrow();
    }

    private String recordedId() {
        return world.server().record().orElseThrow().content().replicaSetId();
    }

    private Set<String> claims() {
        return world.server().claims().values().stream().map(Claim::uid).collect(Collectors.toSet());
    }

    private long term() {
        return run(1).mongod().orElseThrow().term();
    }

    /** Formed, and the first member is its primary for longer than an election timeout. */
    private PodRun oldPrimary() {
        formed(3);
        passes(Duration.ofSeconds(15));
        return world.primary().orElseThrow();
    }

    @Test
    void aPrimaryWhoseMongodEndsIsFollowedAtOnce() {
        oldPrimary().killMongod();
        passes(Duration.ofMillis(300));
        assertThat(world.primary()).isPresent();
        assertThat(term()).as("one election").isEqualTo(2);
        passes(Duration.ofSeconds(30));
        assertThat(term()).as("and no other").isEqualTo(2);
    }

    @Test
    void aPrimaryWhoseSidecarEndsWithItIsFollowedByTheOthers() {
        PodRun primary = oldPrimary();
        primary.killSidecar();
        primary.killMongod();
        passes(Duration.ofMillis(250));
        assertThat(world.primary()).as("its own sidecar would ask first").isEmpty();
        passes(Duration.ofMillis(750));
        assertThat(world.primary()).isPresent();
        passes(Duration.ofSeconds(30));
        assertThat(term()).as("one election").isEqualTo(2);
    }

    @Test
    void aPrimaryThatHangsIsLeftToTheElectionTimeout() {
        MongodProcess primary = oldPrimary().mongod().orElseThrow();
        primary.freeze();
        passes(Duration.ofSeconds(7));
        assertThat(term()).as("nobody calls an election").isEqualTo(1);
        primary.thaw();
        passes(Duration.ofSeconds(30));
        assertThat(term()).isEqualTo(1);
    }

    /** As where a query crashes each primary: otherwise there would be an election a second. */
    @Test
    void aPrimaryThatWasJustElectedIsLeftToTheElectionTimeout() {
        oldPrimary().killMongod();
        passes(Duration.ofSeconds(3));
        assertThat(term()).isEqualTo(2);
        world.primary().orElseThrow().killMongod();
        passes(Duration.ofSeconds(5));
        assertThat(term()).as("no election was called").isEqualTo(2);
        until("MongoDB elects one", now -> now.primary().isPresent());
    }

    /** Each pod stops when the one before it is back and has cloned, so the claims go one by one. */
    @Test
    void aSetSurvivesThatAllItsPodsAndClaimsAreDeletedAtOnce() {
        formed(3);
        String id = recordedId();
        Set<String> before = claims();
        new Person(world).deletesAllVolumes(false);

        until("three new claims", now -> claims().size() == 3 && Collections.disjoint(claims(), before));
        formed(3);
        assertThat(recordedId()).isEqualTo(id);
        assertThat(world.primary().orElseThrow().volume().replicaSetId()).isEqualTo(id);
    }

    @Test
    void theNewSetsPrimaryComesBehindTheServiceThoughTheOldSetHadSeenMoreElections() {
        formed(3);
        for (int election = 0; election < 3; election++) {
            world.primary().orElseThrow().killMongod();
            passes(Duration.ofSeconds(20));
        }
        String old = recordedId();
        new Person(world).deletesAllVolumes(true);
        until(
                "all are empty",
                now -> now.volumes().count() == 3 && now.volumes().allMatch(Volume::isEmpty));
        passes(Duration.ofSeconds(20));

        world.checks().gaveUp(old);
        run(0).sidecar()
                .orElseThrow()
                .run("approve", sidecar -> sidecar.approvals().newSet(List.of(old, "yes")));
        formed(3);

        assertThat(recordedId()).isNotEqualTo(old);
        String primary = world.primary().orElseThrow().pod().uid();
        until(
                "its primary is behind the Service",
                now -> now.server()
                        .primaryEndpoint()
                        .filter(endpoint -> endpoint.podUid().equals(primary))
                        .isPresent());
    }

    @Test
    void whoIsScaledAwayKeepsRunningUntilItsVoteIsGoneThoughItsWatchIsLate() {
        formed(3);
        world.server().faults().watchLag(Duration.ofSeconds(20));
        for (int round = 0; round < 5; round++) {
            // The checks fail when one is let go with its vote.
            world.kubectl().scale(1);
            until("one voter", now -> now.server().pods().size() == 1);
            assertThat(world.primary()).as("its majority was never lost").isPresent();
            world.kubectl().scale(3);
            formed(3);
        }
    }

    @Test
    void aMemberThatHangsForAMomentWhileItIsScaledAwayKeepsRunningUntilItsVoteIsGone() {
        world.kubectl().scale(2);
        formed(2);
        int primary = world.primary().orElseThrow().pod().ordinal();
        assertThat(primary).as("the one that stays").isZero();
        SidecarRun slow = run(0).sidecar().orElseThrow();
        slow.freeze();
        MongodProcess hung = run(1).mongod().orElseThrow();
        hung.freeze();

        // The checks fail when it is let go with its vote.
        world.kubectl().scale(1);
        passes(Duration.ofSeconds(8));
        hung.thaw();
        slow.thaw();

        until("one voter", now -> now.server().pods().size() == 1);
        formed(1);
    }

    @Test
    void anotherSetsVolumeIsNotAdoptedWhileMembersOfTheRealOneAreThere() {
        formed(3);
        String id = recordedId();
        world.checks().recordTamperedWith();
        int secondary = (world.primary().orElseThrow().pod().ordinal() + 1) % 3;
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            run(ordinal).killSidecar();
        }
        world.kubectl().deleteRecord();
        // Even: its configuration names this very pod, which becomes the primary of that set.
        world.replaceVolume(run(secondary), ForeignVolume.make(secondary, 2));

        until("the record is back", now -> now.server().record().isPresent());
        passes(Duration.ofSeconds(30));

        assertThat(recordedId()).isEqualTo(id);
    }

    @Test
    void noSetIsMadeThatNobodyAsksFor() {
        String third = SimulatedWorld.NAMING.address(2).host();
        world.nameServer().fault(third, ClusterDns.Fault.NO_SUCH_NAME);
        passes(Duration.ofSeconds(50));
        assertThat(world.server().record()).as("it waits for the third").isEmpty();

        world.kubectl().scale(0);
        passes(Duration.ofMinutes(1));

        assertThat(world.server().record()).isEmpty();
        assertThat(world.counts().of("sets made")).isZero();
    }

    @Test
    void anOrderedSetComesBackFromItsLastVolumeAlone() {
        orderedSetComesBackFromItsLastVolume(() -> {});
    }

    /** The second pod is created when the first is ready, and the one with the data when the second is. */
    @Test
    void anOrderedSetComesBackFromItsLastVolumeThoughItsRecordIsGoneToo() {
        orderedSetComesBackFromItsLastVolume(() -> new Person(world).deletesTheRecord());
    }

    private void orderedSetComesBackFromItsLastVolume(Runnable whileScaledToZero) {
        world = new SimulatedWorld(8, Setting.fresh(3, Policy.ORDERED_READY), Sabotage.NONE);
        formed(3);
        String id = recordedId();
        world.kubectl().scale(0);
        until("all have gone", now -> now.server().pods().isEmpty());
        for (int ordinal : List.of(0, 1)) {
            world.kubectl().deleteClaim(ordinal);
        }
        whileScaledToZero.run();
        world.kubectl().scale(3);

        formed(3);

        assertThat(recordedId()).isEqualTo(id);
        assertThat(world.primary().orElseThrow().volume().replicaSetId()).isEqualTo(id);
    }

    @Test
    void aPodWithAnotherSetsDataIsNotHeldWhenItIsScaledAway() {
        formed(3);
        world.replaceVolume(run(2), ForeignVolume.make(2, 4));
        until(
                "it is primary of its own set",
                now -> run(2).mongod().filter(MongodProcess::isWritablePrimary).isPresent());
        passes(Duration.ofSeconds(5));
        world.kubectl().scale(2);
        // Fifteen of them for mongod's own end.
        passes(Duration.ofSeconds(30));

        assertThat(world.server().pod(2))
                .as("it ended at once, and waited for nobody")
                .isEmpty();
    }

    @Test
    void aMemberThatLostItsVolumeBeforeItWasRenamedIsNotAddedASecondTime() {
        world = new SimulatedWorld(
                9, new Setting(3, 0, Policy.PARALLEL, true, Setting.Before.SHORT_NAMES), Sabotage.NONE);
        new Person(world).makesTheSet();
        PodRun lost = run(1);
        // Its node falls silent: for ten seconds the others wait for answers from there, and miss who came in its
        // place.
        world.nodes().lose(lost.pod().place());
        for (int other : List.of(0, 2)) {
            world.network().cutBothWays(lost.pod().place(), run(other).pod().place());
        }
        world.kubectl().deleteClaim(1);
        world.kubectl().deletePod(1, true);
        until("another came", now -> now.run(1).flatMap(PodRun::mongod).isPresent());
        world.addSidecars();

        formed(3);
        until(
                "all have their stable names",
                now -> now.configOfPrimary().stream()
                        .anyMatch(config -> config.members().stream()
                                .allMatch(member -> SimulatedWorld.NAMING
                                        .ordinalOf(member.host())
                                        .isPresent())));
        assertThat(world.configOfPrimary())
                .get()
                .extracting(config -> config.members().size())
                .isEqualTo(3);
    }

    @Test
    void namesOfAnotherDomainAreKeptAndNoMemberIsAddedASecondTime() {
        world = new SimulatedWorld(
                9, new Setting(3, 0, Policy.PARALLEL, true, Setting.Before.OTHER_NAMES), Sabotage.NONE);
        Person person = new Person(world);
        person.makesTheSet();
        world.addSidecars();
        formed(3);

        world.kubectl().scale(4);
        formed(4);
        person.deletesTheVolume(1);
        passes(Duration.ofMinutes(1));
        formed(4);
        assertThat(hosts()).containsExactlyInAnyOrder("db0", "db1", "db2", "mongo-3");

        world.kubectl().scale(3);
        formed(3);
        assertThat(hosts()).containsExactlyInAnyOrder("db0", "db1", "db2");
    }

    @Test
    void aMemberUnderANameOfAnotherDomainStaysWhenItsPodIsScaledAwayAndComesBackWithIt() {
        world = new SimulatedWorld(
                9, new Setting(3, 0, Policy.PARALLEL, true, Setting.Before.OTHER_NAMES), Sabotage.NONE);
        new Person(world).makesTheSet();
        world.addSidecars();
        formed(3);

        world.kubectl().scale(2);
        until("two pods", now -> now.server().pods().size() == 2);
        passes(Duration.ofMinutes(1));
        assertThat(hosts()).containsExactlyInAnyOrder("db0", "db1", "db2");
        world.kubectl().scale(3);
        passes(Duration.ofMinutes(1));
        formed(3);
        assertThat(hosts()).containsExactlyInAnyOrder("db0", "db1", "db2");
    }

    private static final String PROD = "mongo.prod.svc.cluster.local";

    /** All volumes were restored into another namespace, as a backup tool does it, with the record. */
    private List<Volume> restoredElsewhere() {
        formed(3);
        PodRun primary = world.primary().orElseThrow();
        AtomicBoolean acknowledged = new AtomicBoolean();
        primary.mongod().orElseThrow().write(THE_WRITE, acknowledged::set);
        until("a majority has the write", _ -> acknowledged.get());
        world.checks().recordTamperedWith();
        world.kubectl().deleteRecord();
        List<Volume> volumes = world.volumes().toList();
        world.runs().forEach(run -> {
            run.volume().comesFrom(PROD, SimulatedWorld.NAMING.serviceName());
            run.killMongod();
        });
        untilReasons("nobody is in the configuration", Reason.REMOVED, 0, 1, 2);
        return volumes;
    }

    private void untilReasons(String what, Reason reason, int... ordinals) {
        until(
                what,
                now -> IntStream.of(ordinals)
                        .mapToObj(ordinal -> now.run(ordinal)
                                .flatMap(PodRun::sidecar)
                                .flatMap(SidecarRun::last)
                                .map(report -> report.decision().reason()))
                        .allMatch(Optional.of(reason)::equals));
    }

    @Test
    void aSetFromAnotherPlaceGetsTheNamesOfThisOneAndANewId() {
        List<Volume> volumes = restoredElsewhere();
        String before = volumes.getFirst().replicaSetId();
        long version = requireNonNull(volumes.getFirst().config()).version();
        passes(Duration.ofMinutes(2));
        assertThat(world.primary())
                .as("nothing is done before an operator approves it")
                .isEmpty();

        new Person(world).approvesNewNames(1, before, version);
        formed(3);

        assertThat(recordedId()).isNotEqualTo(before);
        assertThat(world.volumes().toList())
                .as("nobody cloned")
                .isEqualTo(volumes)
                .allSatisfy(volume -> {
                    assertThat(volume.replicaSetId()).isEqualTo(recordedId());
                    assertThat(volume.holds(THE_WRITE)).isTrue();
                });
        until("the approval is used up", _ -> approval() instanceof Approval.None);
    }

    /** Its pod is down when the others get their names. */
    @Test
    void aMemberThatComesLaterGetsItsNewNameToo() {
        List<Volume> volumes = restoredElsewhere();
        String before = volumes.getFirst().replicaSetId();
        long version = requireNonNull(volumes.getFirst().config()).version();
        PodRun late = run(2);
        new Person(world).approvesNewNames(0, before, version);
        until("it is approved", now -> now.server().record().isPresent());
        world.nodes().lose(late.pod().place());
        late.powerOff();
        until("the others are a set", now -> now.primary().isPresent());
        passes(Duration.ofMinutes(1));

        world.nodes().back(late.pod().place());
        late.powerOn();
        formed(3);
        assertThat(late.volume().holds(THE_WRITE)).isTrue();
        assertThat(late.volume().replicaSetId()).isEqualTo(recordedId());
    }

    @Test
    void aMemberWhoseVolumeIsMissingClonesAfterTheRename() {
        List<Volume> volumes = restoredElsewhere();
        String before = volumes.getFirst().replicaSetId();
        long version = requireNonNull(volumes.getFirst().config()).version();
        world.kubectl().deleteClaim(2);
        world.kubectl().deletePod(2, false);
        untilReasons("mongo-2 is empty", Reason.AWAIT_FIRST_ORDINAL, 2);
        // Until its new address has come to the name servers.
        passes(Duration.ofMinutes(1));
        new Person(world).approvesNewNames(0, before, version);
        formed(3);
        assertThat(run(2).volume().holds(THE_WRITE)).isTrue();
    }

    /** The first labels of the hosts in the primary's configuration. */
    private List<String> hosts() {
        return world.configOfPrimary().orElseThrow().hosts().stream()
                .map(host -> host.host().replaceFirst("\\..*", ""))
                .toList();
    }

    /** The kubelets know that the pods end, and the API server does not answer their sidecars in time. */
    @Test
    void aScaleDownTakesNoVoteAlongThoughTheApiServerDoesNotAnswerAtFirst() {
        world.kubectl().scale(5);
        formed(5);
        world.kubectl().scale(1);
        world.server().faults().slow(Duration.ofMinutes(5));
        // The checks fail when one is let go with its vote.
        passes(Duration.ofSeconds(15));
        world.server().faults().slow(Duration.ZERO);

        until("one pod", now -> now.server().pods().size() == 1);
        formed(1);
    }

    /** A connection that was cut may hang, and what it showed last is taken for true for a minute. */
    @Test
    void nobodyJoinsByWhatAWatchSaidAMinuteAgo() {
        world = new SimulatedWorld(10, Setting.fresh(3, Policy.ORDERED_READY), Sabotage.NONE);
        formed(3);
        String fourth = SimulatedWorld.NAMING.address(3).host();
        world.nameServer().fault(fourth, ClusterDns.Fault.NO_SUCH_NAME);
        world.kubectl().scale(4);
        until("the fourth runs", now -> now.run(3).flatMap(PodRun::mongod).isPresent());
        // One that is not ready keeps an ordered StatefulSet from deleting a later one.
        PodRun primary = world.primary().orElseThrow();
        PodRun unready = run(primary.pod().ordinal() == 1 ? 2 : 1);
        unready.wrongKeyfile(true);
        unready.killMongod();
        passes(Duration.ofSeconds(5));
        world.network().cutBothWays(primary.pod().place(), Network.API_SERVER);
        world.kubectl().scale(3);
        passes(Duration.ofSeconds(16));
        world.network().healAll();
        world.nameServer().fault(fourth, ClusterDns.Fault.NONE);

        // The checks fail when it is added.
        passes(Duration.ofSeconds(20));
        unready.wrongKeyfile(false);
        unready.killMongod();

        formed(3);
    }

    /** Between the change that takes the vote and the one that removes the member the StatefulSet asks for it again. */
    @Test
    void aScaleDownThatIsTakenBackLeavesEveryVote() {
        formed(3);
        for (int millis = 0; millis <= 600; millis += 20) {
            world.kubectl().scale(2);
            passes(Duration.ofMillis(millis));
            world.kubectl().scale(3);
            // Time enough for the change to begin. A pod that was stopped needs its name again, too.
            passes(Duration.ofSeconds(40));
            until(
                    "three voters again after %d ms".formatted(millis),
                    now -> now.configOfPrimary()
                            .filter(config -> config.voters() == 3)
                            .isPresent());
        }
    }

    /** With the votes of a member that clones and of the primary alone, no majority write is acknowledged. */
    @Test
    void writesGoOnWhileASetIsScaledDownToAMemberThatClones() {
        formed(3);
        PodRun wiped = run(world.primary().orElseThrow().pod().ordinal() == 1 ? 0 : 1);
        int ordinal = wiped.pod().ordinal();
        for (PodRun each : world.runs()) {
            // Some minutes of copying.
            each.volume().resize(8_000_000_000L);
        }
        world.clients().start();
        world.kubectl().deleteClaim(ordinal);
        world.kubectl().deletePod(ordinal, false);
        until(
                "it clones",
                now -> now.run(ordinal)
                        .flatMap(PodRun::mongod)
                        .filter(mongod -> mongod.state() == MemberState.STARTUP2)
                        .isPresent());

        world.kubectl().scale(2);
        // Until the pod's grace period is nearly over.
        for (int round = 0; round < 3; round++) {
            int before = world.checks().writes().ledger().acknowledged();
            passes(Duration.ofSeconds(10));
            assertThat(world.checks().writes().ledger().acknowledged())
                    .as(
                            "writes acknowledged in each ten seconds%n%s",
                            String.join("\n", world.transcript().lines()))
                    .isGreaterThan(before + 5);
        }
    }

    private Approval approval() {
        return world.server().record().orElseThrow().content().approval();
    }

    private List<PodRun> othersThan(PodRun survivor) {
        return world.runs().stream().filter(run -> run != survivor).toList();
    }

    private static List<MongodProcess> mongodsOf(List<PodRun> runs) {
        return runs.stream().flatMap(run -> run.mongod().stream()).toList();
    }

    /** Whoever is not the primary: it survives. */
    private PodRun survivor() {
        int members = world.runs().size();
        return run((world.primary().orElseThrow().pod().ordinal() + 1) % members);
    }

    /** All others fall silent. A person approves, and before anything comes of it the survivor's sidecar is paused. */
    private List<MongodProcess> approvedAndPaused(PodRun survivor) {
        List<MongodProcess> silent = mongodsOf(othersThan(survivor));
        silent.forEach(MongodProcess::freeze);
        passes(Duration.ofSeconds(30));
        new Person(world).approvesAForce(survivor.pod().ordinal());
        for (int millis = 0; millis < 1000 && approval() instanceof Approval.None; millis++) {
            passes(Duration.ofMillis(1));
        }
        survivor.pause();
        assertThat(approval()).as("it is approved").isInstanceOf(Approval.ForceReconfig.class);
        return silent;
    }

    /** The survivor sees nobody, and its sidecar may act again. */
    private void isCutOffAndResumes(PodRun survivor) {
        othersThan(survivor)
                .forEach(other -> world.network()
                        .cutBothWays(survivor.pod().place(), other.pod().place()));
        passes(Duration.ofSeconds(30));
        survivor.resume();
        passes(Duration.ofSeconds(60));
    }

    /** A set keeps its configuration version for months: the approval would be carried out at any later cut. */
    @Test
    void anApprovedForceThatIsNotNeededAnyMoreIsNotCarriedOutLater() {
        formed(3);
        PodRun survivor = survivor();
        approvedAndPaused(survivor).forEach(MongodProcess::thaw);
        until("there is a primary", now -> now.primary().isPresent());
        passes(Duration.ofMinutes(1));
        assertThat(approval()).as("the primary's sidecar removed it").isEqualTo(new Approval.None());

        isCutOffAndResumes(survivor);

        assertThat(survivor.mongod().orElseThrow().isWritablePrimary()).isFalse();
    }

    /** No sidecar removes it, as all are paused: the incident is another one, though the version is the same. */
    @Test
    void anApprovedForceIsNotCarriedOutInTheNextIncident() {
        formed(3);
        PodRun survivor = survivor();
        othersThan(survivor).forEach(PodRun::pause);
        approvedAndPaused(survivor).forEach(MongodProcess::thaw);
        until("there is a primary", now -> now.primary().isPresent());
        passes(Duration.ofMinutes(1));
        assertThat(approval()).as("nobody removed it").isInstanceOf(Approval.ForceReconfig.class);

        isCutOffAndResumes(survivor);

        assertThat(reason(survivor.pod().ordinal())).isEqualTo(Reason.NO_PRIMARY);
        assertThat(survivor.mongod().orElseThrow().isWritablePrimary()).isFalse();
    }

    @Test
    void anApprovedForceThatNobodyCarriedOutForHalfAnHourHasExpired() {
        formed(3);
        PodRun survivor = survivor();
        othersThan(survivor).forEach(PodRun::pause);
        approvedAndPaused(survivor).forEach(MongodProcess::thaw);
        passes(Duration.ofMinutes(30));
        assertThat(approval()).as("nobody removed it").isInstanceOf(Approval.ForceReconfig.class);

        isCutOffAndResumes(survivor);

        assertThat(approval()).as("its own sidecar removed it").isEqualTo(new Approval.None());
        assertThat(events()).contains("ApprovalGiven", "ApprovalExpired").doesNotContain("ForceApproved");
        assertThat(survivor.mongod().orElseThrow().isWritablePrimary()).isFalse();
    }

    private List<String> events() {
        return world.server().events().stream().map(Event::reason).toList();
    }

    @Test
    void anApprovedForceThatAnOperatorWithdrawsIsNotCarriedOut() {
        formed(3);
        PodRun survivor = survivor();
        approvedAndPaused(survivor);

        String taken = told(survivor, command -> command.approvals().withdraw(List.of()));
        assertThat(taken)
                .startsWith("Withdrew the approval of a forced reconfiguration of " + recordedId())
                .contains("election term 1, without ");
        world.checks().withdrawn();
        assertThat(approval()).isEqualTo(new Approval.None());
        assertThat(told(survivor, command -> command.approvals().withdraw(List.of())))
                .isEqualTo("There is no approval in the record.");
        survivor.resume();
        passes(Duration.ofSeconds(60));

        assertThat(events()).contains("ApprovalGiven", "ApprovalWithdrawn").doesNotContain("ForceApproved");
        assertThat(reason(survivor.pod().ordinal())).isEqualTo(Reason.NO_PRIMARY);
    }

    /** What a command at that pod's sidecar answers. */
    private String told(PodRun at, Function<Wiring, ControlAnswer> command) {
        List<String> answers = new ArrayList<>();
        at.sidecar()
                .orElseThrow()
                .run("command", wiring -> answers.add(command.apply(wiring).sentence()));
        passes(Duration.ofSeconds(1));
        return answers.getFirst();
    }

    @Test
    void aForceIsNotApprovedWhereTheSurvivorsSidecarIsPaused() {
        formed(3);
        PodRun survivor = survivor();
        mongodsOf(othersThan(survivor)).forEach(MongodProcess::freeze);
        passes(Duration.ofSeconds(30));
        survivor.pause();
        long version = survivor.mongod()
                .flatMap(MongodProcess::setConfig)
                .orElseThrow()
                .version();

        assertThat(told(
                        survivor,
                        command -> command.approvals()
                                .forceReconfig(List.of(recordedId(), Long.toString(version), "yes"))))
                .contains("Nothing was approved", "is paused", "muster resume");
        assertThat(approval()).isEqualTo(new Approval.None());
    }

    /** Changes the configuration as a person does. */
    private void byHand(Consumer<BsonDocument> edit) {
        MongodProcess primary = world.primary().orElseThrow().mongod().orElseThrow();
        BsonDocument config = primary.configDocument().orElseThrow();
        edit.accept(config);
        int version = config.getNumber("version").intValue() + 1;
        config.put("version", new BsonInt32(version));
        world.checks().byHand(config);
        primary.reconfigure(config, false, answer -> {});
        passes(Duration.ofSeconds(10));
        assertThat(primary.setConfig())
                .as("the server took it")
                .get()
                .extracting(SetConfig::version)
                .isEqualTo((long) version);
    }

    private static BsonDocument member(BsonDocument config, PodRun run) {
        String host = SimulatedWorld.NAMING.address(run.pod().ordinal()).toString();
        return config.getArray("members").stream()
                .map(BsonValue::asDocument)
                .filter(member -> member.getString("host").getValue().equals(host))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoseVoteWasTakenByForceComesBackAsTheMemberThatItWas() {
        formed(3);
        PodRun survivor = survivor();
        PodRun hidden = othersThan(survivor).getFirst();
        PodRun preferred = othersThan(survivor).getLast();
        byHand(config -> {
            member(config, hidden).append("hidden", BsonBoolean.TRUE).append("priority", new BsonDouble(0));
            member(config, preferred).put("priority", new BsonDouble(5));
        });
        List<ConfigMember> before = world.configOfPrimary().orElseThrow().members();
        List<MongodProcess> silent = mongodsOf(othersThan(survivor));
        silent.forEach(MongodProcess::freeze);
        passes(Duration.ofSeconds(30));
        new Person(world).approvesAForce(survivor.pod().ordinal());
        until(
                "it goes on alone",
                now -> survivor.mongod()
                        .filter(MongodProcess::isWritablePrimary)
                        .isPresent());
        assertThat(world.configOfPrimary()).get().extracting(SetConfig::voters).isEqualTo(1L);

        silent.forEach(MongodProcess::thaw);
        formed(3);

        assertThat(world.configOfPrimary().orElseThrow().members()).isEqualTo(before);
        assertThat(events()).contains("ApprovalGiven", "ForceApproved");
    }

    @Test
    void aSetThatLosesAMemberAndItsArbiterGoesOnByAnApprovedForce() {
        world = new SimulatedWorld(11, Setting.fresh(2, Policy.PARALLEL), Sabotage.NONE);
        formed(2);
        world.primary().orElseThrow().mongod().orElseThrow().setDefaultWriteConcern();
        // Nothing has ever run there.
        byHand(config -> config.getArray("members")
                .add(new BsonDocument("_id", new BsonInt32(9))
                        .append("host", new BsonString("arbiter.example:27017"))
                        .append("priority", new BsonInt32(0))
                        .append("arbiterOnly", BsonBoolean.TRUE)));
        PodRun survivor = survivor();
        List<MongodProcess> silent = mongodsOf(othersThan(survivor));
        silent.forEach(MongodProcess::freeze);
        until(
                "there is no primary",
                now -> survivor.mongod()
                        .filter(mongod -> mongod.state() == MemberState.SECONDARY)
                        .isPresent());
        passes(Duration.ofSeconds(30));

        new Person(world).approvesAForce(survivor.pod().ordinal());
        until(
                "it goes on alone",
                now -> survivor.mongod()
                        .filter(MongodProcess::isWritablePrimary)
                        .isPresent());
        assertThat(world.configOfPrimary().orElseThrow().members())
                .extracting(ConfigMember::host)
                .containsExactlyInAnyOrder(SimulatedWorld.NAMING.address(0), SimulatedWorld.NAMING.address(1));

        silent.forEach(MongodProcess::thaw);
        formed(2);
    }

    /** The elections count from the snapshots' term again, and the Service had seen more of them. */
    @Test
    void thePrimaryComesBehindTheServiceAfterAllVolumesWereRestoredFromAnEarlierTerm() {
        formed(3);
        Person person = new Person(world);
        Map<String, Volume> snapshots = person.snapshots();
        for (int election = 0; election < 5; election++) {
            world.primary().orElseThrow().killMongod();
            passes(Duration.ofSeconds(20));
        }
        long before = world.server().slice().orElseThrow().content().term();

        assertThat(person.restoresAllVolumes(snapshots)).isTrue();
        passes(Duration.ofMinutes(1));

        PodRun primary = world.primary().orElseThrow();
        assertThat(primary.mongod().orElseThrow().term())
                .as("an earlier election than the Service had seen")
                .isLessThan(before);
        assertThat(world.server().primaryEndpoint())
                .get()
                .extracting(Endpoint::podUid)
                .isEqualTo(primary.pod().uid());
    }

    /** The record is a lease, and the initiate does not look at it. */
    @Test
    void aSetThatIsInitiatedByAProcessThatStoodStillStaysAlone() {
        while (world.counts().of("sets made") == 0) {
            passes(Duration.ofMillis(1));
        }
        Duration initiated = world.scheduler().elapsed();
        int afterTheRecord = 0;
        int beforeTheRecord = 0;
        for (int millis = 2; millis <= 120; millis += 2) {
            afterTheRecord += goesOnAfter(initiated.minusMillis(millis), this::theOtherSetIsRecorded);
            beforeTheRecord += goesOnAfter(initiated.minusMillis(millis), this::theOtherIntendsAndStandsStillToo);
        }
        assertThat(List.of(afterTheRecord, beforeTheRecord))
                .as("moments from which it initiates after all")
                .doesNotContain(0);
    }

    private void theOtherSetIsRecorded() {
        until(
                "the other pod made its set",
                now -> now.server()
                        .record()
                        .filter(record -> record.content().phase() == RecordData.Phase.FORMED)
                        .isPresent());
    }

    /** For long enough to see what the first one does while the record has only an intent. */
    private void theOtherIntendsAndStandsStillToo() {
        String before = world.server().record().orElseThrow().content().holderUid();
        while (world.server().record().orElseThrow().content().holderUid().equals(before)) {
            passes(Duration.ofMillis(1));
        }
        SidecarRun other = run(0).sidecar().orElseThrow();
        other.freeze();
        world.scheduler().after(Duration.ofSeconds(5), other::thaw);
    }

    /** Freezes the first ordinal's sidecar at that time; how many sets were made too late, 0 or 1. */
    private int goesOnAfter(Duration frozenAt, Runnable meanwhile) {
        world.close();
        world = three();
        passes(frozenAt);
        PodRun old = run(0);
        old.sidecar().orElseThrow().freeze();
        if (world.server().record().isEmpty()) {
            return 0;
        }
        world.nodes().lose(old.pod().place());
        world.kubectl().deleteClaim(0);
        world.kubectl().deletePod(0, true);
        meanwhile.run();
        old.sidecar().orElseThrow().thaw();
        // The checks fail when the set that was made too late is changed, recorded, or behind the Service.
        passes(Duration.ofSeconds(60));

        if (world.counts().of("sets made too late") == 0) {
            return 0;
        }
        assertThat(recordedId()).isNotEqualTo(old.volume().replicaSetId());
        assertThat(old.volume().hasRootUser()).isFalse();
        assertThat(old.sidecar()
                        .flatMap(SidecarRun::last)
                        .orElseThrow()
                        .decision()
                        .reason())
                .isEqualTo(Reason.FOREIGN_SET);
        assertThat(world.configOfPrimary()).get().extracting(SetConfig::voters).isEqualTo(3L);
        return 1;
    }

    /** MongoDB's own elections lose it: the empty member votes for the one that lacks the write. */
    @Test
    void anAcknowledgedWriteIsNotLostWithTheVoteOfAMemberThatLostItsData() {
        PodRun primary = losesTheVolumeOfAMemberWhileTheOtherLags(false);
        assertThat(world.primary()).as("a primary without the write").isEmpty();

        world.nodes().back(primary.pod().place());
        primary.powerOn();
        othersThan(primary).forEach(run -> run.mongod().orElseThrow().stopReplicating(false));
        formed(3);
        assertThat(world.primary().orElseThrow().volume().holds(THE_WRITE)).isTrue();
        world.volumes().forEach(volume -> volume.resize(1));
        until(
                "no mark of lost data is left",
                now -> now.configOfPrimary().orElseThrow().members().stream()
                        .allMatch(member -> member.emptied().isEmpty()));
    }

    /** What the story above is about. */
    @Test
    void withoutMusterThatWriteIsLost() {
        losesTheVolumeOfAMemberWhileTheOtherLags(true);
        assertThat(world.primary().orElseThrow().volume().holds(THE_WRITE)).isFalse();
    }

    /** The primary, whose node is lost half a minute ago. */
    private PodRun losesTheVolumeOfAMemberWhileTheOtherLags(boolean paused) {
        formed(3);
        PodRun primary = world.primary().orElseThrow();
        PodRun emptied = othersThan(primary).getFirst();
        PodRun lagging = othersThan(primary).getLast();
        int ordinal = emptied.pod().ordinal();
        if (paused) {
            world.runs().forEach(PodRun::pause);
        }
        lagging.mongod().orElseThrow().stopReplicating(true);
        AtomicBoolean acknowledged = new AtomicBoolean();
        primary.mongod().orElseThrow().write(THE_WRITE, acknowledged::set);
        until("a majority has the write", _ -> acknowledged.get());
        // So that the clone goes on until the end.
        world.volumes().forEach(volume -> volume.resize(1L << 50));
        world.kubectl().deleteClaim(ordinal);
        world.kubectl().deletePod(ordinal, false);
        if (paused) {
            until(
                    "its pod is replaced",
                    now -> now.run(ordinal).filter(run -> run != emptied).isPresent());
            // Nobody promises anything of a mongod that is started by hand.
            world.checks().writes().disksLost();
            world.run(ordinal).orElseThrow().begin();
        }
        until(
                "it comes back empty and clones",
                now -> now.run(ordinal)
                        .filter(run -> run != emptied)
                        .flatMap(PodRun::mongod)
                        .filter(mongod -> mongod.state() == MemberState.STARTUP2)
                        .isPresent());
        passes(Duration.ofSeconds(5));

        world.nodes().lose(primary.pod().place());
        primary.powerOff();
        passes(Duration.ofSeconds(30));
        return primary;
    }

    /** The former first ordinal's volume holds the set, and only the record still names that ordinal. */
    @Test
    void noSecondSetIsMadeWhenTheFirstOrdinalChangesWhileASetIsMade() {
        while (world.counts().of("sets made") == 0) {
            passes(Duration.ofMillis(1));
        }
        run(0).sidecar().orElseThrow().freeze();
        world.kubectl().startAt(3);
        until("its pod has ended", now -> now.run(0).isEmpty());

        passes(Duration.ofMinutes(2));

        assertThat(world.counts().of("sets made")).isEqualTo(1);
        CycleReport last = run(3).sidecar().flatMap(SidecarRun::last).orElseThrow();
        assertThat(last.decision().reason()).isEqualTo(Reason.PEERS_UNKNOWN);
        assertThat(last.decision().message()).contains("mongo-0 (may have initiated the set earlier): ");

        world.kubectl().startAt(0);
        formed(3);
        assertThat(recordedId()).isEqualTo(run(0).volume().replicaSetId());
    }

    @Test
    void anotherSetsVolumeIsNotAdoptedOnTheWayToZero() {
        formed(3);
        String id = recordedId();
        world.replaceVolume(run(2), ForeignVolume.make(2, 6));
        until(
                "it is primary of its own set",
                now -> run(2).mongod().filter(MongodProcess::isWritablePrimary).isPresent());
        passes(Duration.ofSeconds(5));
        world.kubectl().scale(0);
        passes(Duration.ofSeconds(2));
        world.checks().recordTamperedWith();
        world.kubectl().deleteRecord();
        until("all have gone", now -> now.server().pods().isEmpty());

        assertThat(world.server().record().map(record -> record.content().replicaSetId()))
                .as("what may be written down is the real one")
                .isIn(Optional.empty(), Optional.of(id));
    }

    private Reason reason(int ordinal) {
        return run(ordinal)
                .sidecar()
                .flatMap(SidecarRun::last)
                .orElseThrow()
                .decision()
                .reason();
    }

    private void isAFormerStandalone(int ordinal) {
        until("its pod is there", now -> now.run(ordinal).isPresent());
        world.replaceVolume(run(ordinal), Volume.ofStandalone(-1));
    }

    @Test
    void noSetIsMadeWhereAMongodHoldsDataWithoutASet() {
        isAFormerStandalone(1);
        until("all run", now -> now.processes().size() == 3);
        passes(Duration.ofMinutes(2));

        assertThat(world.counts().of("sets made")).isZero();
        assertThat(world.server().record()).as("nothing was intended either").isEmpty();
        assertThat(List.of(reason(0), reason(1), reason(2)))
                .containsExactly(Reason.HOLDS_DATA, Reason.HOLDS_DATA, Reason.AWAIT_FIRST_ORDINAL);
        assertThat(world.isReady(run(1).pod())).isFalse();
        assertThat(run(1).volume().holds(-1)).isTrue();

        new Person(world).deletesTheVolume(1);
        formed(3);
    }

    @Test
    void noSetIsMadeOnTheDataOfTheFirstOrdinal() {
        isAFormerStandalone(0);
        until("all run", now -> now.processes().size() == 3);
        passes(Duration.ofMinutes(2));

        assertThat(world.counts().of("sets made")).isZero();
        assertThat(reason(0)).isEqualTo(Reason.HOLDS_DATA);
        assertThat(run(0).volume().holds(-1)).isTrue();
    }

    @Test
    void theSetBeginsWithTheDataThatAnOperatorNamed() {
        isAFormerStandalone(1);
        until("all run", now -> now.processes().size() == 3);
        passes(Duration.ofSeconds(30));
        assertThat(world.counts().of("sets made")).isZero();

        new Person(world).approvesASeed(1);
        formed(3);

        assertThat(world.counts().of("sets made from data")).isOne();
        assertThat(world.processes()).allMatch(process -> process.holds(-1));
    }

    @Test
    void whereTwoHoldDataNeitherIsTouchedThoughOneWasApproved() {
        isAFormerStandalone(1);
        until("all run", now -> now.processes().size() == 3);
        passes(Duration.ofSeconds(30));
        new Person(world).approvesASeed(1);
        world.replaceVolume(run(2), Volume.ofStandalone(-2));
        passes(Duration.ofMinutes(2));

        assertThat(run(1).volume().holds(-1)).isTrue();
        assertThat(run(2).volume().holds(-2)).isTrue();
        assertThat(List.of(reason(0), reason(1))).containsExactly(Reason.AWAIT_SEED, Reason.HOLDS_DATA);
    }

    @Test
    void anApprovedSeedThatLostItsDataIsNotReplacedByAnEmptySet() {
        isAFormerStandalone(1);
        until("all run", now -> now.processes().size() == 3);
        MongodProcess hung = run(2).mongod().orElseThrow();
        hung.freeze();
        passes(Duration.ofSeconds(30));
        new Person(world).approvesASeed(1);
        passes(Duration.ofSeconds(30));
        new Person(world).deletesTheVolume(1);
        passes(Duration.ofMinutes(1));
        hung.thaw();
        passes(Duration.ofMinutes(1));

        assertThat(world.counts().of("sets made")).isZero();
        assertThat(List.of(reason(0), reason(1))).containsExactly(Reason.AWAIT_SEED, Reason.SEED_EMPTY);

        new Person(world).withdrawsTheApproval(1);
        formed(3);
    }

    @Test
    void aMongodThatHoldsDataWithoutASetIsNotAddedToOne() {
        world.kubectl().scale(2);
        formed(2);
        world.kubectl().scale(3);
        isAFormerStandalone(2);
        until("it runs", now -> now.processes().size() == 3);
        passes(Duration.ofMinutes(2));

        assertThat(reason(world.primary().orElseThrow().pod().ordinal())).isEqualTo(Reason.HOLDS_DATA);
        assertThat(reason(2)).isEqualTo(Reason.HOLDS_DATA);
        assertThat(run(2).volume().holds(-1)).isTrue();

        new Person(world).deletesTheVolume(2);
        formed(3);
    }
}
