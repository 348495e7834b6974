package dev.muster.contract;

import static dev.muster.contract.ContractMembers.EMPTY;
import static dev.muster.contract.ContractMembers.KEY;
import static dev.muster.contract.ContractMembers.OTHER_KEY;
import static dev.muster.contract.ContractMembers.SET_NAME;
import static dev.muster.contract.ContractMembers.UNKNOWN_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.PeerMongod.Cause;
import dev.muster.model.PeerMongod.Unknown;
import dev.muster.mongo.Mongod;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one mongod is, seen from another pod. That a removed one says so is in the {@link RestartContract}. */
public interface PeerContract extends ContractCases {
    @Test
    default void anEmptyPeerIsNotYetInitialized() {
        members().started(0);
        assertThat(members().asPeer(0).observeAsPeer(UNKNOWN_FOR)).isInstanceOf(PeerMongod.NotYetInitialized.class);
    }

    @Test
    default void aPeerWithDataOfItsOwnSaysWhatItHolds() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        members().fleet().write(0, 1);
        members().fleet().createUser(0, "bob");
        members().fleet().kill(0);
        members().started(0);
        assertThat(members().asPeer(0).observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(
                        PeerMongod.HoldsData.class,
                        data -> assertThat(data.what())
                                .contains("1 collection in databases of its own", "user bob@admin"));
        assertUnknown(members().asPeer(0, Optional.empty()), Cause.AUTHENTICATION);
    }

    @Test
    default void anEmptyPeerTellsForHowLongItHasRunAtLeast() {
        Duration before = members().fleet().now();
        members().started(0);
        Mongod peer = members().asPeer(0);
        members()
                .until(
                        "it has run for a second",
                        () -> peer.observeAsPeer(UNKNOWN_FOR) instanceof PeerMongod.NotYetInitialized empty
                                && empty.uptime().compareTo(Duration.ofSeconds(1)) >= 0);
        Duration ran = members().fleet().now().minus(before);
        assertThat(peer.observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(
                        PeerMongod.NotYetInitialized.class,
                        empty -> assertThat(empty.uptime()).isLessThan(ran.plus(ObservationContract.BOUND)));
    }

    @Test
    default void aMemberTellsItsSetItsStateAndTheNameItIsKnownBy() {
        Mongod primary = members().formed();
        members().joined(primary, 1);
        String id = ContractMembers.inSet(primary).config().replicaSetId();
        assertTells(0, id, MemberState.PRIMARY);
        assertTells(1, id, MemberState.SECONDARY);
    }

    private void assertTells(int ordinal, String replicaSetId, MemberState state) {
        assertThat(members().asPeer(ordinal).observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(PeerMongod.InSet.class, told -> {
                    assertThat(told.replicaSetId()).isEqualTo(replicaSetId);
                    assertThat(told.knownAs()).isEqualTo(Fleet.host(ordinal));
                    assertThat(told.state()).isEqualTo(state);
                    assertThat(told.cloning()).isEmpty();
                    assertThat(told.config())
                            .as("its configuration")
                            .hasValueSatisfying(config ->
                                    assertThat(config.hosts()).containsExactlyInAnyOrder(Fleet.host(0), Fleet.host(1)));
                    assertThat(told.applied()).as("its newest write").isPresent();
                });
    }

    @Test
    default void aPeerWithAnotherKeyfileIsUnknownWhetherEmptyOrNot() {
        Mongod mongod = members().started(0);
        Mongod wrong = members().asPeer(0, Optional.of(OTHER_KEY));
        Mongod none = members().asPeer(0, Optional.empty());
        assertUnknown(wrong, Cause.AUTHENTICATION);
        assertUnknown(none, Cause.AUTHENTICATION);
        ContractMembers.done(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY));
        members().inState(mongod, MemberState.PRIMARY);
        assertUnknown(wrong, Cause.AUTHENTICATION);
        assertUnknown(none, Cause.AUTHENTICATION);
    }

    @Test
    default void aPeerWhereNothingListensIsUnknownSoon() {
        Duration before = members().fleet().now();
        assertUnknown(members().asPeer(0), Cause.UNREACHABLE);
        assertThat(members().fleet().now().minus(before)).isLessThan(ObservationContract.BOUND);
    }

    @Test
    default void aHungPeerIsUnknownWithinABound() {
        members().started(0);
        Mongod known = members().asPeer(0);
        assertThat(known.observeAsPeer(UNKNOWN_FOR)).isInstanceOf(PeerMongod.NotYetInitialized.class);
        members().fleet().freeze(0);
        Duration before = members().fleet().now();
        assertUnknown(known, Cause.TIMEOUT);
        assertUnknown(members().asPeer(0), Cause.TIMEOUT);
        assertThat(members().fleet().now().minus(before)).isLessThan(ObservationContract.BOUND.multipliedBy(2));
    }

    @Test
    default void aPeerThatCanBeNoMemberIsUnknown() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        assertThat(members().asPeer(0).observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.message()).contains("--replSet"));
    }

    private static void assertUnknown(Mongod peer, Cause cause) {
        assertThat(peer.observeAsPeer(UNKNOWN_FOR)).isInstanceOfSatisfying(Unknown.class, unknown -> {
            assertThat(unknown.cause()).isEqualTo(cause);
            assertThat(unknown.lasting()).isEqualTo(UNKNOWN_FOR);
            assertThat(unknown.message()).isNotBlank().doesNotContain(KEY).doesNotContain(OTHER_KEY);
        });
    }
}
