package dev.muster.playground;

import static dev.muster.playground.ContractMembers.KEY;
import static dev.muster.playground.ContractMembers.SET_NAME;
import static dev.muster.playground.ContractMembers.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The making of a set, and how soon it is known that something changed. */
interface InitiateContract extends ContractCases {
    @Test
    default void initiateMakesASetOfThatMemberAloneWithFastHeartbeats() {
        Mongod mongod = members().formed();
        SetConfig config = ContractMembers.committed(mongod);
        assertThat(config.members())
                .singleElement()
                .satisfies(member -> assertThat(member.host()).isEqualTo(Fleet.host(0)));
        assertThat(config.heartbeatIntervalMillis()).isEqualTo(SetConfig.FORMING_HEARTBEAT_MILLIS);
    }

    @Test
    default void initiateOnAMemberIsStaleAndChangesNothing() {
        Mongod mongod = members().formed();
        SetConfig before = ContractMembers.committed(mongod);
        assertThat(mongod.initiate(SET_NAME, Fleet.host(0))).isInstanceOf(Outcome.Stale.class);
        assertThat(ContractMembers.committed(mongod)).isEqualTo(before);
    }

    @Test
    default void ofTwoInitiatesAtOnceOneIsDone() {
        Mongod one = members().started(0);
        Mongod other = members().open(0);
        List<CompletableFuture<Outcome>> both = Stream.of(one, other)
                .map(mongod -> CompletableFuture.supplyAsync(() -> mongod.initiate(SET_NAME, Fleet.host(0))))
                .toList();
        assertThat(both.stream().map(CompletableFuture::join))
                .filteredOn(outcome -> outcome instanceof Outcome.Done)
                .hasSize(1);
        ContractMembers.inState(one, MemberState.PRIMARY);
    }

    @Test
    default void initiateWhereNothingListensIsNotDone() {
        assertThat(members().open(0).initiate(SET_NAME, Fleet.host(0))).isNotInstanceOf(Outcome.Done.class);
    }

    @Test
    default void theChangeToPrimaryIsToldWithinASecond() {
        ConcurrentLinkedQueue<Long> told = new ConcurrentLinkedQueue<>();
        Mongod mongod = members().started(0);
        Mongod listening = members().open(0, SET_NAME, Optional.of(KEY), () -> told.add(System.nanoTime()));
        assertThat(listening.observe()).isInstanceOf(LocalMongod.NotYetInitialized.class);
        done(mongod.initiate(SET_NAME, Fleet.host(0)));
        long notYet = System.nanoTime();
        while (!isPrimary(mongod)) {
            notYet = System.nanoTime();
        }
        long since = notYet;
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        Poll.until("the change was told", () -> told.stream().anyMatch(at -> at - since > 0));
        assertThat(told).anyMatch(at -> at - since > 0 && at - deadline < 0);
    }

    private static boolean isPrimary(Mongod mongod) {
        return mongod.observe() instanceof LocalMongod.InSet set && set.status().myState() == MemberState.PRIMARY;
    }
}
