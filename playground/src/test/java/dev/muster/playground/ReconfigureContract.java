package dev.muster.playground;

import static dev.muster.playground.ContractMembers.committed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.ConfigMember;
import dev.muster.model.MemberState;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.mongo.Outcome;
import dev.muster.plan.ConfigChange;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Changes of the configuration, and what only a member of a set of several can do. */
interface ReconfigureContract extends ContractCases {
    @Test
    default void everyChangeIsSeenOnTheServerAndKeepsWhatAPersonSet() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        assertThat(member(committed(primary), 1)).satisfies(added -> {
            assertThat(added.host()).isEqualTo(Fleet.host(1));
            assertThat(added.votes()).isZero();
            assertThat(added.priority()).isZero();
            assertThat(added.joining()).isTrue();
        });
        members().reconfigureByHand(0, ReconfigureContract::editedByAPerson);

        SetConfig promoted = members().change(primary, new ConfigChange.Promote(Fleet.host(1)));
        assertThat(member(promoted, 1).votes()).isEqualTo(1);
        assertThat(member(promoted, 1).priority()).isEqualTo(1);
        assertThat(member(promoted, 1).joining()).isFalse();
        assertKept();

        SetConfig renamed = members().change(primary, new ConfigChange.Rename(1, Fleet.host(1), Fleet.secondHost(1)));
        assertThat(member(renamed, 1).host()).isEqualTo(Fleet.secondHost(1));
        assertThat(member(renamed, 1).votes()).isEqualTo(1);
        assertKept();
        Poll.until(
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
        assertThat(member(demoted, 1).joining()).as("its vote was taken").isFalse();
        assertKept();

        SetConfig removed = members().change(primary, new ConfigChange.Remove(Fleet.secondHost(1)));
        assertThat(removed.members()).extracting(ConfigMember::host).containsExactly(Fleet.host(0));
        assertThat(settings(members().configOnServer(0)).getBoolean("chainingAllowed"))
                .isFalse();
        assertThat(removed.replicaSetId()).isEqualTo(demoted.replicaSetId());
    }

    @Test
    default void aStaleVersionOrTermIsStaleAndNothingIsWritten() {
        Mongod primary = members().formed();
        SetConfig config = committed(primary);
        ConfigChange change = new ConfigChange.RestoreHeartbeat();
        assertThat(primary.reconfigure(change, config.version() - 1, config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(primary.reconfigure(change, config.version() + 1, config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(primary.reconfigure(change, config.version(), config.term() - 1))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(committed(primary)).isEqualTo(config);
    }

    @Test
    default void aSecondaryReconfiguresNothing() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        SetConfig config = committed(primary);
        assertThat(secondary.reconfigure(new ConfigChange.RestoreHeartbeat(), config.version(), config.term()))
                .isInstanceOf(Outcome.Stale.class);
        assertThat(committed(primary)).isEqualTo(config);
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
        Poll.until("the secondary is elected", () -> second.stepUp() instanceof Outcome.Done);
        ContractMembers.inState(second, MemberState.PRIMARY);
        assertThat(committed(second).term()).isGreaterThan(1);
        ContractMembers.inState(first, MemberState.SECONDARY);
        assertThat(first.stepDown()).isInstanceOf(Outcome.Stale.class);
        Poll.until("the primary gives up its office", () -> second.stepDown() instanceof Outcome.Done);
        ContractMembers.inState(second, MemberState.SECONDARY);
    }

    /** Settings that Muster does not know, on the set and on one member. */
    private static Document editedByAPerson(Document config) {
        settings(config).put("chainingAllowed", false);
        config.getList("members", Document.class)
                .get(1)
                .get("tags", Document.class)
                .put("datacenter", "east");
        return config;
    }

    private void assertKept() {
        Document config = members().configOnServer(0);
        assertThat(settings(config).getBoolean("chainingAllowed")).isFalse();
        List<Document> all = config.getList("members", Document.class);
        assertThat(all.get(1).get("tags", Document.class)).isEqualTo(new Document("datacenter", "east"));
    }

    private static Document settings(Document config) {
        return config.get("settings", Document.class);
    }

    private static ConfigMember member(SetConfig config, int id) {
        return config.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow();
    }
}
