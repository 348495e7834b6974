package dev.muster.contract;

import static dev.muster.contract.ContractMembers.EMPTY;
import static dev.muster.contract.ContractMembers.SET_NAME;
import static dev.muster.contract.ContractMembers.done;
import static dev.muster.contract.ContractMembers.inSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.ConfigMember;
import dev.muster.model.Credentials;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/**
 * What a server guards by itself, and what it does not: Muster's rules are made for exactly this, and a simulation of
 * them is worth nothing where it differs.
 */
public interface SafetyContract extends ContractCases {
    /** {@code NewReplicaSetConfigurationIncompatible}. */
    int INCOMPATIBLE = 103;
    /** {@code NodeNotFound}: not enough members answered. */
    int NO_QUORUM = 74;
    /** {@code MaxTimeMSExpired}. */
    int TIME_LIMIT = 50;
    /** Of {@link Outcome.Failed}: nobody answered in time. */
    int NO_ANSWER = -1;
    /** {@code ExceededTimeLimit}. */
    int NOBODY_CAUGHT_UP = 262;

    Duration A_FEW_HEARTBEATS = Duration.ofSeconds(3);

    /** Nothing but the votes of others guards a set against a stranger: so Muster must know whom it adds. */
    @Test
    default void aSecondSetOfTheSameNameIsAnotherWhichIsAddedAsAMemberAndStaysAStranger() {
        Mongod primary = members().formed();
        Mongod stranger = members().started(1);
        done(stranger.initiate(SET_NAME, Fleet.host(1), EMPTY));
        SetConfig second = members().committed(stranger);
        SetConfig first = members().change(primary, new ConfigChange.Add(1, Fleet.host(1)));
        assertThat(first.replicaSetId()).isNotEqualTo(second.replicaSetId());

        members().fleet().pass(A_FEW_HEARTBEATS);
        assertThat(inSet(primary).status().member(Fleet.host(1)).map(MemberStatus::healthy))
                .contains(false);
        assertThat(inSet(stranger).config()).isEqualTo(second);
        assertThat(primary.reconfigure(new ConfigChange.Promote(Fleet.host(1)), first.version(), first.term()))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(NO_QUORUM));
        assertThat(members().committed(primary)).isEqualTo(first);
    }

    @Test
    default void twoVotesCannotBeTakenAtOnce() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        members().voting(primary, 2);
        SetConfig before = members().committed(primary);
        assertThat(members().reconfigureByHand(0, false, config -> {
                    takeVote(config, 1);
                    takeVote(config, 2);
                }))
                .isEqualTo(INCOMPATIBLE);
        assertThat(members().committed(primary)).isEqualTo(before);
    }

    @Test
    default void withoutAMajorityNothingIsChangedExceptByForce() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        SetConfig before = members().committed(primary);
        members().fleet().kill(1);
        // Where the dead one's address answers nothing at all, the server looks for it for longer than we wait.
        assertThat(primary.reconfigure(new ConfigChange.RestoreHeartbeat(), before.version(), before.term()))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isIn(NO_QUORUM, TIME_LIMIT, NO_ANSWER));
        assertThat(inSet(primary).config().version()).isEqualTo(before.version());
        members().inState(primary, MemberState.SECONDARY);

        assertThat(primary.forceReconfigure(List.of(Fleet.host(1)), before.version() - 1))
                .isInstanceOf(Outcome.Stale.class);
        done(primary.forceReconfigure(List.of(Fleet.host(1)), before.version()));
        SetConfig forced = inSet(primary).config();
        assertThat(forced.version()).isGreaterThan(before.version() + 10_000);
        assertThat(forced.term()).isEqualTo(-1);
        assertThat(forced.replicaSetId()).isEqualTo(before.replicaSetId());
        assertThat(forced.voters()).isEqualTo(1);
        assertThat(forced.member(Fleet.host(1)).map(ConfigMember::joining)).contains(true);
        members().inState(primary, MemberState.PRIMARY);
        SetConfig settled = members().committed(primary);
        assertThat(settled.term())
                .as("an election does not give it its term back")
                .isEqualTo(-1);

        members().start(1);
        Mongod returned = members().open(1);
        members().inState(returned, MemberState.SECONDARY);
        SetConfig promoted = members().change(primary, new ConfigChange.Promote(Fleet.host(1)));
        assertThat(promoted.term())
                .as("a safe change does")
                .isEqualTo(inSet(primary).status().term());
        assertThat(promoted.voters()).isEqualTo(2);
    }

    @Test
    default void aWipedMemberGetsItsConfigurationAndItsDataByItself() {
        Mongod primary = members().formed();
        Mongod secondary = members().voting(primary, 1);
        members().fleet().write(0, 1);
        SetConfig before = members().committed(primary);
        members().fleet().kill(1);
        members().fleet().wipe(1);
        members().start(1);
        LocalMongod.InSet back = members().inState(secondary, MemberState.SECONDARY);
        assertThat(back.config().replicaSetId()).isEqualTo(before.replicaSetId());
        assertThat(back.status().clonedFrom()).contains(Fleet.host(0));
        assertThat(members().fleet().holds(1, 1)).isTrue();
        assertThat(members().committed(primary)).isEqualTo(before);
    }

    @Test
    default void aRestartedMemberComesBackWithoutAClone() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        // Its journal has this write, and so the end of its clone too: a kill just before would have it clone again.
        assertThat(primary.createRootUser(new Credentials("root", "password"))).isInstanceOf(Outcome.Done.class);
        members().fleet().kill(1);
        members().start(1);
        // A connection that saw the clone would remember it.
        LocalMongod.InSet back = members().inState(members().open(1), MemberState.SECONDARY);
        assertThat(back.status().clonedFrom()).isEmpty();
        members()
                .until(
                        "the primary hears it",
                        () -> inSet(primary)
                                .status()
                                .member(Fleet.host(1))
                                .filter(seen -> seen.healthy() && seen.state() == MemberState.SECONDARY)
                                .isPresent());
    }

    @Test
    default void aWriteThatNoMajorityHasIsRolledBack() {
        Mongod first = members().formed();
        Mongod second = members().voting(first, 1);
        Mongod third = members().voting(first, 2);
        members().fleet().write(0, 1);
        members()
                .until(
                        "all have the first write",
                        () -> members().fleet().holds(1, 1) && members().fleet().holds(2, 1));
        members().fleet().kill(1);
        members().fleet().kill(2);
        members().fleet().write(0, 2);
        assertThat(members().fleet().holds(0, 2)).isTrue();
        members().fleet().kill(0);

        members().start(1);
        members().start(2);
        members().until("the two elect one of them", () -> isPrimary(second) || isPrimary(third));
        members().start(0);
        members().inState(first, MemberState.SECONDARY);
        members().until("the write is gone", () -> !members().fleet().holds(0, 2));
        members().inState(first, MemberState.SECONDARY);
        assertThat(members().fleet().holds(0, 1)).isTrue();
    }

    @Test
    default void aVoterAddedByHandVotesOnlyOnceItIsSecondary() {
        Mongod primary = members().formed();
        SetConfig before = members().committed(primary);
        assertThat(members()
                        .reconfigureByHand(
                                0,
                                false,
                                config ->
                                        config.getArray("members").addAll(new BsonArray(List.of(voter(1), voter(2))))))
                .isZero();
        SetConfig shown = members().committed(primary);
        assertThat(shown.version()).isEqualTo(before.version() + 1);
        assertThat(shown.voters()).as("shown at once").isEqualTo(3);
        SetConfig changed = members().change(primary, new ConfigChange.RestoreHeartbeat());

        members().start(1);
        members().inState(members().open(1), MemberState.SECONDARY);
        SetConfig voting = members()
                .untilPresent(
                        "the server gives it its vote",
                        () -> Optional.of(members().committed(primary))
                                .filter(config -> config.version() > changed.version()));
        assertThat(voting.version()).isEqualTo(changed.version() + 1);
        assertThat(voting.members()).isEqualTo(changed.members());
    }

    @Test
    default void theOnlyMemberDoesNotStepDown() {
        Mongod primary = members().formed();
        assertThat(primary.stepDown())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(NOBODY_CAUGHT_UP));
        assertThat(isPrimary(primary)).isTrue();
    }

    private static boolean isPrimary(Mongod mongod) {
        return mongod.observe() instanceof LocalMongod.InSet set && set.status().myState() == MemberState.PRIMARY;
    }

    private static void takeVote(BsonDocument config, int index) {
        BsonDocument member = config.getArray("members").get(index).asDocument();
        member.put("votes", new BsonInt32(0));
        member.put("priority", new BsonDouble(0));
    }

    private static BsonDocument voter(int id) {
        return new BsonDocument("_id", new BsonInt32(id))
                .append("host", new BsonString(Fleet.host(id).toString()));
    }
}
