package dev.muster.contract;

import static dev.muster.contract.ContractMembers.EMPTY;
import static dev.muster.contract.ContractMembers.KEY;
import static dev.muster.contract.ContractMembers.SET_NAME;
import static dev.muster.contract.ContractMembers.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.FormingHeartbeat;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The making of a set, and how soon it is known that something changed. */
public interface InitiateContract extends ContractCases {
    @Test
    default void initiateMakesASetOfThatMemberAloneWithFastHeartbeats() {
        Mongod mongod = members().formed();
        SetConfig config = members().committed(mongod);
        assertThat(config.members())
                .singleElement()
                .satisfies(member -> assertThat(member.host()).isEqualTo(Fleet.host(0)));
        assertThat(config.heartbeatIntervalMillis()).isEqualTo(FormingHeartbeat.SHORTEST_MILLIS);
    }

    @Test
    default void initiateOnAMemberIsStaleAndChangesNothing() {
        Mongod mongod = members().formed();
        SetConfig before = members().committed(mongod);
        assertThat(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY)).isInstanceOf(Outcome.Stale.class);
        assertThat(members().committed(mongod)).isEqualTo(before);
    }

    @Test
    default void ofTwoInitiatesAtOnceOneIsDone() {
        Mongod one = members().started(0);
        Mongod other = members().open(0);
        List<Outcome> both = members()
                .fleet()
                .atOnce(List.of(
                        () -> one.initiate(SET_NAME, Fleet.host(0), EMPTY),
                        () -> other.initiate(SET_NAME, Fleet.host(0), EMPTY)));
        assertThat(both).filteredOn(outcome -> outcome instanceof Outcome.Done).hasSize(1);
        members().inState(one, MemberState.PRIMARY);
    }

    @Test
    default void aFormerStandaloneIsInitiatedFromTheDataThatWasSeen() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        members().fleet().createUser(0, "bob");
        members().fleet().kill(0);
        Mongod mongod = members().started(0);
        LocalMongod seen = mongod.observe();
        assertThat(seen).isInstanceOf(LocalMongod.HoldsData.class);
        assertThat(mongod.initiate(SET_NAME, Fleet.host(0), new LocalMongod.HoldsData("other data")))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(mongod.observe()).isEqualTo(seen);

        done(mongod.initiate(SET_NAME, Fleet.host(0), seen));
        members().inState(mongod, MemberState.PRIMARY);
    }

    @Test
    default void theDataOfAFormerStandaloneIsCloned() {
        members().start(0, Optional.empty(), Optional.empty());
        members().fleet().write(0, 1);
        members().fleet().kill(0);
        members().start(0, Optional.of(SET_NAME), Optional.empty());
        members().start(1, Optional.of(SET_NAME), Optional.empty());
        Mongod primary = members().open(0, SET_NAME, Optional.empty());
        done(primary.initiate(SET_NAME, Fleet.host(0), primary.observe()));
        members().change(primary, new ConfigChange.Add(1, Fleet.host(1)));
        members().inState(members().open(1, SET_NAME, Optional.empty()), MemberState.SECONDARY);

        assertThat(members().fleet().holds(1, 1)).isTrue();
        assertThat(members().fleet().holds(0, 1)).isTrue();
    }

    @Test
    default void initiateWhereNothingListensIsNotDone() {
        assertThat(members().open(0).initiate(SET_NAME, Fleet.host(0), EMPTY)).isNotInstanceOf(Outcome.Done.class);
    }

    @Test
    default void theChangeToPrimaryIsToldWithinASecond() {
        ConcurrentLinkedQueue<Duration> told = new ConcurrentLinkedQueue<>();
        Mongod mongod = members().started(0);
        Mongod listening = members()
                .open(
                        0,
                        SET_NAME,
                        Optional.of(KEY),
                        () -> told.add(members().fleet().now()));
        assertThat(listening.observe()).isInstanceOf(LocalMongod.NotYetInitialized.class);
        done(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY));
        Duration notYet = members().fleet().now();
        while (!isPrimary(mongod)) {
            notYet = members().fleet().now();
        }
        Duration since = notYet;
        Duration deadline = members().fleet().now().plusSeconds(1);
        members().until("the change was told", () -> told.stream().anyMatch(at -> at.compareTo(since) > 0));
        assertThat(told).anyMatch(at -> at.compareTo(since) > 0 && at.compareTo(deadline) < 0);
    }

    private static boolean isPrimary(Mongod mongod) {
        return mongod.observe() instanceof LocalMongod.InSet set && set.status().myState() == MemberState.PRIMARY;
    }
}
