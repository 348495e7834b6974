package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.ConfigMember;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.MemberStatus;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/** Changes of the configuration, and what only a member of a set of several can do. */
public interface ReconfigureContract extends ContractCases {
    /** {@code InvalidReplicaSetConfig}. */
    int INVALID = 93;

    @Test
    default void everyChangeIsSeenOnTheServerAndKeepsWhatAPersonSet() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        assertThat(member(members().committed(primary), 1)).satisfies(added -> {
            assertThat(added.host()).isEqualTo(Fleet.host(1));
            assertThat(added.votes()).isZero();
            assertThat(added.priority()).isZero();
            assertThat(added.joining()).isTrue();
        });
        assertThat(members().reconfigureByHand(0, false, ReconfigureContract::editAsAPerson))
                .isZero();

        SetConfig promoted = members().change(primary, new ConfigChange.Promote(Fleet.host(1)));
        assertThat(member(promoted, 1).votes()).isEqualTo(1);
        assertThat(member(promoted, 1).priority()).isEqualTo(1);
        assertThat(member(promoted, 1).joining()).isFalse();
        assertKept();

        SetConfig renamed = members().change(primary, new ConfigChange.Rename(1, Fleet.host(1), Fleet.secondHost(1)));
        assertThat(member(renamed, 1).host()).isEqualTo(Fleet.secondHost(1));
        assertThat(member(renamed, 1).votes()).isEqualTo(1);
        assertKept();
        members()
                .until(
                        "the renamed member goes by its new name",
                        () -> ContractMembers.inSet(secondary)
                                .status()
                                .self()
                                .filter(self -> self.host().equals(Fleet.secondHost(1)))
                                .isPresent());

        SetConfig restored = members().change(primary, new ConfigChange.RestoreHeartbeat());
        assertThat(restored.heartbeatIntervalMillis()).isEqualTo(SetConfig.DEFAULT_HEARTBEAT_MILLIS);
        assertKept();

        SetConfig demoted = members().change(primary, new ConfigChange.Demote(Fleet.secondHost(1)));
        assertThat(member(demoted, 1).votes()).isZero();
        assertThat(member(demoted, 1).priority()).isZero();
        assertThat(member(demoted, 1).joining())
                .as("it would get its vote back")
                .isTrue();
        assertKept();

        SetConfig removed = members().change(primary, new ConfigChange.Remove(Fleet.secondHost(1)));
        assertThat(removed.members()).extracting(ConfigMember::host).containsExactly(Fleet.host(0));
        assertThat(members().fleet().configOnServer(0).getDocument("settings").get("chainingAllowed"))
                .isEqualTo(BsonBoolean.FALSE);
        assertThat(removed.replicaSetId()).isEqualTo(demoted.replicaSetId());
    }

    @Test
    default void theVoteOfAMemberThatLostItsDataIsTakenAndGivenBackWhileItClones() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        members().voting(primary, 2);
        Fleet fleet = members().fleet();
        fleet.kill(2);
        fleet.wipe(2);
        // Its clone does not begin while there is no secondary that answers.
        fleet.freeze(1);
        fleet.start(
                2,
                new Fleet.Launch(
                        Optional.of(ContractMembers.SET_NAME),
                        Optional.of(ContractMembers.KEY),
                        SourcePreference.SECONDARY_ONLY));
        Mongod peer = members().asPeer(2);
        String process = members().untilPresent("it clones", () -> cloning(peer));
        fleet.thaw(1);

        SetConfig taken = members().change(primary, new ConfigChange.TakeEmptyVote(Fleet.host(2), process));
        assertThat(member(taken, 2).votes()).isZero();
        assertThat(member(taken, 2).joining()).isTrue();
        assertThat(member(taken, 2).emptied()).contains(process);

        SetConfig returned = members().change(primary, new ConfigChange.ReturnVote(Fleet.host(2), process));
        assertThat(member(returned, 2).votes()).isEqualTo(1);
        assertThat(member(returned, 2).priority()).isEqualTo(1);
        assertThat(member(returned, 2).joining()).isFalse();
        assertThat(member(returned, 2).emptied()).contains(process);

        members().inState(members().open(2), MemberState.SECONDARY);
        assertThat(cloning(peer)).isEmpty();
        SetConfig forgotten = members().change(primary, new ConfigChange.ForgetEmptied(Fleet.host(2)));
        assertThat(member(forgotten, 2).emptied()).isEmpty();
        assertThat(member(forgotten, 2).votes()).isEqualTo(1);
    }

    private static Optional<String> cloning(Mongod peer) {
        return peer.observeAsPeer(Duration.ZERO) instanceof PeerMongod.InSet member
                ? member.cloning()
                : Optional.empty();
    }

    @Test
    default void aMemberOfHigherPriorityTakesOverFromThePrimary() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        members().change(primary, new ConfigChange.Promote(Fleet.host(1)));
        assertThat(members().reconfigureByHand(0, false, ReconfigureContract::prefersTheSecond))
                .isZero();

        members()
                .until(
                        "the member of higher priority is primary",
                        () -> ContractMembers.inSet(secondary).status().myState() == MemberState.PRIMARY);
        assertThat(ContractMembers.inSet(primary).status().myState()).isEqualTo(MemberState.SECONDARY);
    }

    @Test
    default void aStaleVersionOrTermIsStaleAndNothingIsWritten() {
        Mongod primary = members().formed();
        SetConfig config = members().committed(primary);
        ConfigChange change = new ConfigChange.RestoreHeartbeat();
        assertThat(primary.reconfigure(change, config.version() - 1, config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(primary.reconfigure(change, config.version() + 1, config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(primary.reconfigure(change, config.version(), config.term() - 1))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(members().committed(primary)).isEqualTo(config);
    }

    @Test
    default void aSecondaryReconfiguresNothing() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        SetConfig config = members().committed(primary);
        assertThat(secondary.reconfigure(new ConfigChange.RestoreHeartbeat(), config.version(), config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(members().committed(primary)).isEqualTo(config);
    }

    /** What a simulation that takes the order would hide: mongod 8.2.0 aborts. */
    @Test
    default void aServerThatClonesFromSecondariesOnlyIsNotDirectedToThePrimaryWhichWouldAbortIt() {
        Mongod primary = members().formed();
        Fleet fleet = members().fleet();
        fleet.start(
                1,
                new Fleet.Launch(
                        Optional.of(ContractMembers.SET_NAME),
                        Optional.of(ContractMembers.KEY),
                        SourcePreference.SECONDARY_ONLY));
        Mongod joining = members().open(1);
        members().awaitAnswer(joining);
        members().change(primary, new ConfigChange.Add(1, Fleet.host(1)));
        members()
                .until(
                        "it looks for a source",
                        () -> joining.observe() instanceof LocalMongod.InSet set
                                && set.status().initialSync().isPresent()
                                && set.status().primary().isPresent());

        assertThat(joining.syncFrom(Fleet.host(0))).isInstanceOf(Outcome.Stale.class);
        fleet.pass(Duration.ofSeconds(3));
        assertThat(joining.observe()).as("it runs").isInstanceOf(LocalMongod.InSet.class);

        fleet.expectCrash(1);
        assertThat(fleet.syncFromByHand(1, Fleet.host(0))).isZero();
        members().until("it has aborted", () -> joining.observe() instanceof LocalMongod.Unreachable);
    }

    @Test
    default void onAMemberThatDoesNotCloneSyncFromIsStale() {
        Mongod primary = members().formed();
        assertThat(primary.syncFrom(Fleet.host(0))).isInstanceOf(Outcome.Stale.class);
        Mongod secondary = members().joined(primary, 1);
        assertThat(secondary.syncFrom(Fleet.host(0))).isInstanceOf(Outcome.Stale.class);
    }

    @Test
    default void aSecondaryStepsUpAndAPrimaryStepsDown() {
        Mongod first = members().formed();
        Mongod second = members().joined(first, 1);
        members().change(first, new ConfigChange.Promote(Fleet.host(1)));
        members().until("the secondary is elected", () -> second.stepUp() instanceof Outcome.Done);
        members().inState(second, MemberState.PRIMARY);
        assertThat(members().committed(second).term()).isGreaterThan(1);
        members().inState(first, MemberState.SECONDARY);
        assertThat(first.stepDown()).isInstanceOf(Outcome.Stale.class);
        members().until("the primary gives up its office", () -> second.stepDown() instanceof Outcome.Done);
        members().inState(second, MemberState.SECONDARY);
    }

    /** The server never takes these, so a change that ends in one of them must not be tried. */
    @Test
    default void aConfigurationThatNoServerTakesIsRefused() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        SetConfig before = members().committed(primary);

        assertThat(refused(config -> secondMember(config).put("hidden", BsonBoolean.TRUE)))
                .as("hidden, and can be elected")
                .isEqualTo(INVALID);
        assertThat(refused(config -> secondMember(config).put("secondaryDelaySecs", new BsonInt64(60))))
                .as("delayed, and can be elected")
                .isEqualTo(INVALID);
        assertThat(refused(config -> secondMember(config).put("votes", new BsonInt32(0))))
                .as("without a vote, and can be elected")
                .isEqualTo(INVALID);
        assertThat(refused(config -> config.getArray("members")
                        .add(arbiter(2).append("votes", new BsonInt32(0)).append("priority", new BsonInt32(0)))))
                .as("an arbiter without a vote")
                .isEqualTo(INVALID);
        // By a safe change, the voters would get their votes later.
        assertThat(members().reconfigureByHand(0, true, config -> addMore(config, 6, 1)))
                .as("8 voters")
                .isEqualTo(SafetyContract.INCOMPATIBLE);
        assertThat(refused(config -> addMore(config, 49, 0))).as("51 members").isEqualTo(SafetyContract.INCOMPATIBLE);
        assertThat(members().committed(primary)).isEqualTo(before);
    }

    private int refused(Consumer<BsonDocument> edit) {
        return members().reconfigureByHand(0, false, edit);
    }

    private static void addMore(BsonDocument config, int count, int votes) {
        for (int id = 2; id < count + 2; id++) {
            config.getArray("members")
                    .add(new BsonDocument("_id", new BsonInt32(id))
                            .append("host", new BsonString("absent-%d.contract.example:27017".formatted(id)))
                            .append("votes", new BsonInt32(votes))
                            .append("priority", new BsonInt32(votes)));
        }
    }

    private static BsonDocument arbiter(int member) {
        return new BsonDocument("_id", new BsonInt32(member))
                .append("host", new BsonString(Fleet.host(member).toString()))
                .append("arbiterOnly", BsonBoolean.TRUE);
    }

    @Test
    default void aForceRemovesAnArbiterThatIsDownAndKeepsWhatTheOtherMembersWere() {
        Mongod primary = members().formed();
        members().voting(primary, 1);
        // Otherwise the server takes no arbiter into a set of two.
        members().fleet().setDefaultWriteConcern(0);
        members().start(2);
        members().awaitAnswer(members().open(2));
        assertThat(members().reconfigureByHand(0, false, config -> {
                    config.getArray("members").add(arbiter(2));
                    secondMember(config).put("hidden", BsonBoolean.TRUE);
                    secondMember(config).put("priority", new BsonInt32(0));
                }))
                .isZero();
        ConfigMember hidden = member(members().committed(primary), 1);
        members().fleet().kill(1);
        members().fleet().kill(2);
        members().inState(primary, MemberState.SECONDARY);
        long version = ContractMembers.inSet(primary).config().version();

        assertThat(primary.checkForce(List.of(Fleet.host(1), Fleet.host(2)), version - 1))
                .isInstanceOf(Outcome.Stale.class);
        ContractMembers.done(primary.checkForce(List.of(Fleet.host(1), Fleet.host(2)), version));
        ContractMembers.done(primary.forceReconfigure(List.of(Fleet.host(1), Fleet.host(2)), version));
        members().inState(primary, MemberState.PRIMARY);
        assertThat(members().committed(primary).members())
                .extracting(ConfigMember::host)
                .containsExactly(Fleet.host(0), Fleet.host(1));

        members().start(1);
        members().inState(members().open(1), MemberState.SECONDARY);
        SetConfig promoted = members().change(primary, new ConfigChange.Promote(Fleet.host(1)));
        assertThat(member(promoted, 1)).as("it is what it was").isEqualTo(hidden);
    }

    /** An arbiter makes the implicit default write concern another one, and the server never changes that, by force too. */
    @Test
    default void aForceThatWouldChangeTheImplicitDefaultWriteConcernIsRefusedAndKnownBefore() {
        for (int member = 0; member < Fleet.MEMBERS; member++) {
            members().start(member);
            members().awaitAnswer(members().open(member));
        }
        BsonArray all = new BsonArray(List.of(voter(0), voter(1), arbiter(2)));
        assertThat(members()
                        .fleet()
                        .initiateByHand(
                                0,
                                new BsonDocument("_id", new BsonString(ContractMembers.SET_NAME))
                                        .append("members", all)))
                .isZero();
        Mongod first = members().open(0);
        Mongod second = members().open(1);
        members()
                .until(
                        "there are a primary and a secondary",
                        () -> ContractMembers.inSet(first).status().members().stream()
                                        .map(MemberStatus::state)
                                        .filter(state -> state == MemberState.PRIMARY || state == MemberState.SECONDARY)
                                        .count()
                                == 2);
        members().inState(second, MemberState.SECONDARY);
        members().fleet().kill(1);
        members().fleet().kill(2);
        members().inState(first, MemberState.SECONDARY);
        long version = ContractMembers.inSet(first).config().version();

        assertThat(first.checkForce(List.of(Fleet.host(1)), version))
                .as("with the arbiter, which would still be no majority")
                .isInstanceOf(Outcome.Done.class);
        assertThat(first.checkForce(List.of(Fleet.host(1), Fleet.host(2)), version))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.why()).contains("implicit default write concern"));
        assertThat(first.forceReconfigure(List.of(Fleet.host(1), Fleet.host(2)), version))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(SafetyContract.INCOMPATIBLE));
        assertThat(ContractMembers.inSet(first).config().version()).isEqualTo(version);

        members().start(2);
        members().inState(first, MemberState.PRIMARY);
    }

    private static BsonDocument voter(int member) {
        return new BsonDocument("_id", new BsonInt32(member))
                .append("host", new BsonString(Fleet.host(member).toString()));
    }

    /** Settings that Muster does not know, on the set and on one member. */
    private static void prefersTheSecond(BsonDocument config) {
        secondMember(config).put("priority", new BsonInt32(5));
    }

    private static void editAsAPerson(BsonDocument config) {
        config.getDocument("settings").put("chainingAllowed", BsonBoolean.FALSE);
        secondMember(config).getDocument("tags").put("datacenter", new BsonString("east"));
    }

    private static BsonDocument secondMember(BsonDocument config) {
        return config.getArray("members").get(1).asDocument();
    }

    private void assertKept() {
        BsonDocument config = members().fleet().configOnServer(0);
        assertThat(config.getDocument("settings").get("chainingAllowed")).isEqualTo(BsonBoolean.FALSE);
        BsonDocument tags = secondMember(config).getDocument("tags");
        tags.remove(ConfigMember.JOINING_TAG);
        assertThat(tags).isEqualTo(new BsonDocument("datacenter", new BsonString("east")));
    }

    private static ConfigMember member(SetConfig config, int id) {
        return config.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow();
    }
}
