package dev.muster.contract;

import static dev.muster.contract.ContractMembers.EMPTY;
import static dev.muster.contract.ContractMembers.KEY;
import static dev.muster.contract.ContractMembers.OTHER_KEY;
import static dev.muster.contract.ContractMembers.SET_NAME;
import static dev.muster.contract.ContractMembers.inSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.MongodDetails;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one mongod is. */
public interface ObservationContract extends ContractCases {
    /** The driver waits a second for one that does not answer, and a read two. */
    Duration BOUND = Duration.ofSeconds(5);

    @Test
    default void anEmptyOneIsNotYetInitialized() {
        assertThat(members().started(0).observe()).isEqualTo(new LocalMongod.NotYetInitialized());
    }

    @Test
    default void anEmptyOneWithoutAuthenticationIsNotYetInitialized() {
        members().start(0, Optional.of(SET_NAME), Optional.empty());
        assertThat(members().open(0, SET_NAME, Optional.empty()).observe())
                .isEqualTo(new LocalMongod.NotYetInitialized());
    }

    @Test
    default void aFormerStandaloneHoldsDataAndIsNotInitiated() {
        members().start(0, Optional.empty(), Optional.empty());
        members().fleet().write(0, 1);
        members().fleet().kill(0);
        members().start(0, Optional.of(SET_NAME), Optional.empty());
        Mongod mongod = members().open(0, SET_NAME, Optional.empty());
        LocalMongod seen = mongod.observe();
        assertThat(seen)
                .isInstanceOfSatisfying(
                        LocalMongod.HoldsData.class,
                        data -> assertThat(data.what()).contains("1 collection in databases of its own"));

        assertThat(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY)).isInstanceOf(Outcome.Stale.class);
        assertThat(mongod.observe()).as("the same words each time").isEqualTo(seen);
        members().fleet().kill(0);
        members().start(0, Optional.empty(), Optional.empty());
        assertThat(members().fleet().holds(0, 1)).isTrue();
    }

    @Test
    default void aUserAloneIsDataToo() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        members().fleet().createUser(0, "bob");
        members().fleet().kill(0);
        assertThat(members().started(0).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.HoldsData.class,
                        data -> assertThat(data.what())
                                .contains("user bob@admin")
                                .doesNotContain("collection"));
    }

    @Test
    default void aFormerStandaloneThatWasNeverUsedIsEmpty() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        members().fleet().kill(0);
        assertThat(members().started(0).observe()).isEqualTo(new LocalMongod.NotYetInitialized());
    }

    /** No moment of its start may look as if there were data: it would delay the set. */
    @Test
    default void anEmptyOneNeverSeemsToHoldDataWhileItStarts() {
        members().start(0);
        Mongod mongod = members().open(0);
        for (LocalMongod seen = mongod.observe();
                !(seen instanceof LocalMongod.NotYetInitialized);
                seen = mongod.observe()) {
            assertThat(seen).isInstanceOfAny(LocalMongod.Unreachable.class, LocalMongod.Starting.class);
        }
    }

    @Test
    default void whereNothingListensItIsUnreachableSoonAndTheMessageNamesThePlace() {
        Mongod mongod = members().open(0);
        Duration before = members().fleet().now();
        assertThat(mongod.observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Unreachable.class,
                        unreachable -> assertThat(unreachable.message())
                                .contains(members().fleet().address(0).toString())
                                .contains("refused"));
        assertThat(mongod.details()).isEmpty();
        assertThat(members().fleet().now().minus(before)).isLessThan(BOUND);
    }

    @Test
    default void aHungOneIsUnreachableWithinABoundAndComesBack() {
        Mongod mongod = members().formed();
        members().fleet().freeze(0);
        Duration before = members().fleet().now();
        assertThat(mongod.observe()).isInstanceOf(LocalMongod.Unreachable.class);
        assertThat(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY)).isInstanceOf(Outcome.Stale.class);
        assertThat(members().fleet().now().minus(before)).isLessThan(BOUND.multipliedBy(2));
        members().fleet().thaw(0);
        members().inState(mongod, MemberState.PRIMARY);
    }

    @Test
    default void aWrongKeyfileIsDenied() {
        members().start(0, Optional.of(SET_NAME), Optional.of(KEY));
        assertThat(members().open(0, SET_NAME, Optional.of(OTHER_KEY)).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Denied.class,
                        denied ->
                                assertThat(denied.message()).contains("keyfile").doesNotContain(OTHER_KEY));
    }

    @Test
    default void noKeyfileWhereOneIsWantedIsDenied() {
        members().start(0, Optional.of(SET_NAME), Optional.of(KEY));
        assertThat(members().open(0, SET_NAME, Optional.empty()).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Denied.class,
                        denied -> assertThat(denied.message()).contains("--keyfile"));
    }

    @Test
    default void oneStartedWithoutASetsNameIsMisconfigured() {
        members().start(0, Optional.empty(), Optional.of(KEY));
        assertThat(members().open(0).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Misconfigured.class,
                        misconfigured -> assertThat(misconfigured.message()).contains("--replSet"));
    }

    @Test
    default void anEmptyOneOfAnotherSetsNameIsMisconfigured() {
        members().started(0);
        assertThat(members().open(0, "other", Optional.of(KEY)).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Misconfigured.class,
                        misconfigured -> assertThat(misconfigured.message()).contains(SET_NAME, "other"));
    }

    @Test
    default void aMemberOfAnotherSetsNameIsMisconfigured() {
        members().formed();
        assertThat(members().open(0, "other", Optional.of(KEY)).observe())
                .isInstanceOfSatisfying(
                        LocalMongod.Misconfigured.class,
                        misconfigured -> assertThat(misconfigured.message()).contains(SET_NAME, "other"));
    }

    @Test
    default void aSetsConfigurationAndStatusAreRead() {
        Mongod primary = members().formed();
        SetConfig config = members().committed(primary);
        assertThat(config.setName()).isEqualTo(SET_NAME);
        assertThat(config.replicaSetId()).hasSize(24);
        assertThat(config.version()).isEqualTo(1);
        assertThat(config.term()).isEqualTo(1);
        assertThat(config.members()).singleElement().satisfies(member -> {
            assertThat(member.host()).isEqualTo(Fleet.host(0));
            assertThat(member.votes()).isEqualTo(1);
            assertThat(member.priority()).isEqualTo(1);
            assertThat(member.joining()).isFalse();
        });

        Mongod secondary = members().joined(primary, 1);
        LocalMongod.InSet seen = inSet(secondary);
        assertThat(seen.config().replicaSetId()).isEqualTo(config.replicaSetId());
        assertThat(seen.config().committed()).as("only a primary knows").isFalse();
        assertThat(seen.status().term()).isEqualTo(1);
        assertThat(seen.status().initialSync()).isEmpty();
        assertThat(seen.status().clonedFrom()).contains(Fleet.host(0));
        assertThat(seen.status().self().map(MemberStatus::host)).contains(Fleet.host(1));
        assertThat(seen.status().primary().map(MemberStatus::host)).contains(Fleet.host(0));
        assertThat(seen.status().self().flatMap(MemberStatus::answeredAgo)).isEmpty();
        assertThat(seen.status().primary().flatMap(MemberStatus::answeredAgo))
                .hasValueSatisfying(ago -> assertThat(ago).isBetween(Duration.ZERO, BOUND));
    }

    @Test
    default void aMemberThatHangsCountsAsHealthyForAWhileAndItsLastAnswerGrowsOld() {
        Mongod primary = members().formed();
        members().joined(primary, 1);
        members().fleet().freeze(1);
        members()
                .until(
                        "its last answer is old",
                        () -> inSet(primary)
                                .status()
                                .member(Fleet.host(1))
                                .flatMap(MemberStatus::answeredAgo)
                                .filter(ago -> ago.compareTo(Duration.ofSeconds(4)) > 0)
                                .isPresent());
        assertThat(inSet(primary).status().member(Fleet.host(1)).map(MemberStatus::healthy))
                .contains(true);
    }

    @Test
    default void detailsTellVersionAndOplog() {
        Mongod mongod = members().started(0);
        assertThat(mongod.details()).get().satisfies(details -> {
            assertThat(details.version()).matches("[78]\\.\\d+\\.\\d+.*");
            assertThat(details.oplogMaxSizeBytes()).isEmpty();
        });
        ContractMembers.done(mongod.initiate(SET_NAME, Fleet.host(0), EMPTY));
        members().inState(mongod, MemberState.PRIMARY);
        MongodDetails details = members().open(0).details().orElseThrow();
        assertThat(details.version()).startsWith(details.fcv());
        assertThat(details.fcv()).isNotEmpty();
        assertThat(details.oplogWindow()).isPresent();
        assertThat(details.oplogSizeBytes()).isPresent();
        assertThat(details.oplogMaxSizeBytes().orElseThrow()).isGreaterThan(1_000_000);
    }
}
