package dev.muster.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.ConfigMember;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.model.SourcePreference;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/** Changes of the configuration, and what only a member of a set of several can do. */
public interface ReconfigureContract extends ContractCases {
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

    /** Settings that Muster does not know, on the set and on one member. */
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
