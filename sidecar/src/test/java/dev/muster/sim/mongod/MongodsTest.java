package dev.muster.sim.mongod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.HostAddress;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the contract cannot show: networks that are cut, and that the simulated mongods, left to themselves under
 * faults, keep what MongoDB promises, so that whatever a simulation finds broken was broken by Muster.
 */
class MongodsTest {
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(77);

    @Test
    void anIdleSetOfThreeIsCheap() {
        SimulatedSet set = new SimulatedSet(1).formed();
        long before = set.scheduler().events();
        set.scheduler().run(Duration.ofMinutes(1));
        assertThat(set.scheduler().events() - before).isLessThan(500);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        assertThat(faultyRun(5)).isEqualTo(faultyRun(5)).isNotEqualTo(faultyRun(6));
    }

    private static String faultyRun(long seed) {
        SimulatedSet set = new SimulatedSet(seed).formed();
        new RandomFaults(set).run(Duration.ofSeconds(30));
        return "%d %s".formatted(set.scheduler().events(), set.processes());
    }

    @Test
    void aPrimaryThatIsCutOffIsReplacedAndStepsDown() {
        SimulatedSet set = new SimulatedSet(1).formed();
        MongodProcess before = set.process(0);
        List<Boolean> answers = new ArrayList<>();
        set.cutOff(0);
        before.write(1, answers::add);
        set.scheduler().run(Duration.ofSeconds(7));
        assertThat(before.isWritablePrimary()).isTrue();
        set.scheduler().run(Duration.ofSeconds(7));
        assertThat(before.state()).isEqualTo(MemberState.SECONDARY);
        assertThat(answers).containsExactly(false);
        assertThat(set.primary().place()).isNotZero();
        set.network().healAll();
        set.scheduler().run(Duration.ofSeconds(15));
        assertThat(set.rolledBack()).containsOnly(1L);
    }

    @Test
    void whoeverIsCutOffIsUnknownAndMayHaveDoneAsTold() {
        SimulatedSet set = new SimulatedSet(1).formed();
        Mongod peer = set.asPeer(1, 0);
        assertThat(peer.observeAsPeer(UNKNOWN_FOR)).isInstanceOf(PeerMongod.InSet.class);
        // Only the answers are lost.
        set.network().cut(0, 1);
        long version = set.process(0).setConfig().orElseThrow().version();
        Outcome outcome = peer.stepDown();
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(-1));
        assertThat(version).isPositive();
        assertThat(peer.observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(
                        PeerMongod.Unknown.class,
                        unknown -> assertThat(unknown.cause()).isEqualTo(Cause.UNREACHABLE));
    }

    @Test
    void sigtermToAPrimaryHandsOverAtOnceAndEndsAfterTheQuiesce() {
        SimulatedSet set = new SimulatedSet(1).formed();
        List<Duration> exits = new ArrayList<>();
        Duration before = set.scheduler().elapsed();
        set.process(0).terminate(() -> exits.add(set.scheduler().elapsed().minus(before)));
        set.scheduler().run(Duration.ofMillis(500));
        assertThat(set.primary().place()).isNotZero();
        set.scheduler().run(Duration.ofSeconds(20));
        assertThat(exits).containsExactly(Duration.ofMillis(15_200));
        assertThat(set.process(0).isRunning()).isFalse();
    }

    @Test
    void aCloneBeginsAnewWhenItsSourceEndsAndGivesUpAfterTenAttempts() {
        SimulatedSet set = new SimulatedSet(1).formed();
        set.process(0).volume().resize(2_000_000_000L);
        set.process(1).volume().resize(2_000_000_000L);
        set.process(2).kill();
        set.wipe(2);
        MongodProcess wiped = set.start(2);
        set.scheduler().run(Duration.ofSeconds(6));
        assertThat(wiped.state()).isEqualTo(MemberState.STARTUP2);
        set.process(0).kill();
        set.scheduler().run(Duration.ofSeconds(25));
        assertThat(wiped.state()).isEqualTo(MemberState.STARTUP2);
        set.process(1).kill();
        boolean[] ended = {false};
        wiped.onExit(() -> ended[0] = true);
        set.scheduler().run(Duration.ofMinutes(3));
        assertThat(ended).containsExactly(true);
    }

    @Test
    void aRemovedMemberLeavesNoTraceInElections() {
        SimulatedSet set = new SimulatedSet(1).formed();
        set.change(new ConfigChange.Demote(set.host(2)));
        set.change(new ConfigChange.Remove(set.host(2)));
        set.scheduler().run(Duration.ofMinutes(1));
        assertThat(set.process(2).state()).isEqualTo(MemberState.REMOVED);
        assertThat(set.primary().term()).isEqualTo(1);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("muster.seeds", 50));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void underFaultsNoTermHasTwoPrimariesAndNoAcknowledgedWriteIsLost(long seed) {
        SimulatedSet set = new SimulatedSet(seed).formed();
        Map<Long, HostAddress> primaries = new TreeMap<>();
        set.scheduler()
                .afterEach(() -> set.processes().stream()
                        .filter(MongodProcess::isWritablePrimary)
                        .forEach(primary -> assertThat(
                                        primaries.merge(primary.term(), set.host(primary.place()), (known, _) -> known))
                                .isEqualTo(set.host(primary.place()))));
        RandomFaults faults = new RandomFaults(set);
        faults.run(Duration.ofMinutes(1));
        faults.heal();
        set.scheduler().run(Duration.ofSeconds(40));
        assertThat(set.primary().volume().isEmpty()).isFalse();
        assertThat(set.acknowledged()).isNotEmpty();
        for (MongodProcess process : set.processes()) {
            assertThat(set.acknowledged()).allMatch(process::holds, "is on " + process);
            assertThat(process.lastApplied()).isEqualTo(set.primary().lastApplied());
            assertThat(process.configDocument()).isEqualTo(set.primary().configDocument());
        }
    }
}
