package dev.muster.contract;

import static dev.muster.contract.ContractMembers.UNKNOWN_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRenaming;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A mongod that has data is never taken for an empty one, at no moment of its start: that mistake would make a second
 * set.
 */
public interface RestartContract extends ContractCases {
    @Test
    default void aMemberThatRestartsIsNeverNotYetInitialized() {
        Mongod mongod = members().formed();
        Mongod peer = members().asPeer(0);
        for (int round = 0; round < 3; round++) {
            restart(
                    0,
                    mongod,
                    peer,
                    seen -> seen instanceof LocalMongod.InSet set
                            && set.status().myState() == MemberState.PRIMARY);
        }
        members()
                .until(
                        "its peers see a member again",
                        () -> peer.observeAsPeer(UNKNOWN_FOR) instanceof PeerMongod.InSet);
    }

    @Test
    default void aRemovedMemberKeepsItsSetsIdIsNeverNotYetInitializedAndCanBeAddedAgain() {
        Mongod primary = members().formed();
        Mongod secondary = members().voting(primary, 1);
        // Its journal has this write, and so the end of its clone too: a kill just before would have it clone again.
        assertThat(primary.createRootUser(new Credentials("root", "password"))).isInstanceOf(Outcome.Done.class);
        Mongod peer = members().asPeer(1);
        members().change(primary, new ConfigChange.Demote(Fleet.host(1)));
        SetConfig config = members().change(primary, new ConfigChange.Remove(Fleet.host(1)));
        LocalMongod removed = new LocalMongod.Removed(config.replicaSetId(), config.version(), config.hosts());
        members().until("the removed member says so", () -> secondary.observe().equals(removed));
        assertThat(peer.observeAsPeer(UNKNOWN_FOR))
                .isInstanceOfSatisfying(
                        PeerMongod.Removed.class,
                        told -> assertThat(told.replicaSetId()).isEqualTo(config.replicaSetId()));

        restart(1, secondary, peer, removed::equals);

        members().change(primary, new ConfigChange.Add(1, Fleet.host(1)));
        LocalMongod.InSet back = members().inState(secondary, MemberState.SECONDARY);
        assertThat(back.config().replicaSetId()).isEqualTo(config.replicaSetId());
        assertThat(back.status().clonedFrom()).as("its data was still there").isEmpty();
    }

    @Test
    default void aMemberIsRestartedIfItIsStillTheOneThatItTookItselfFor() {
        Mongod primary = members().formed();
        Mongod secondary = members().voting(primary, 1);
        assertThat(secondary.restart(Fleet.host(0))).isInstanceOf(Outcome.Stale.class);
        assertThat(secondary.observe()).isInstanceOf(LocalMongod.InSet.class);

        assertThat(secondary.restart(Fleet.host(1))).isInstanceOf(Outcome.Done.class);
        members().until("mongod ends", () -> members().fleet().hasEnded(1));
        members().start(1);
        members().inState(secondary, MemberState.SECONDARY);
    }

    @Test
    default void aRemovedMemberGetsNewNamesAndANewIdAndKeepsItsData() {
        Credentials root = new Credentials("root", "password");
        Mongod primary = members().formed();
        Mongod secondary = members().voting(primary, 1);
        assertThat(primary.createRootUser(root)).isInstanceOf(Outcome.Done.class);
        members().change(primary, new ConfigChange.Demote(Fleet.host(1)));
        SetConfig config = members().change(primary, new ConfigChange.Remove(Fleet.host(1)));
        LocalMongod removed = new LocalMongod.Removed(config.replicaSetId(), config.version(), config.hosts());
        members().until("the removed member says so", () -> secondary.observe().equals(removed));
        String newId = "66000000000000000000abcd";
        SortedMap<HostAddress, HostAddress> hosts = new TreeMap<>(Map.of(Fleet.host(0), Fleet.host(1)));

        assertThat(secondary.renameSet(new SetRenaming(config.replicaSetId(), config.version() - 1, newId, hosts)))
                .as("another version")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(secondary.renameSet(new SetRenaming("66000000000000000000ffff", config.version(), newId, hosts)))
                .as("another set")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(secondary.renameSet(
                        new SetRenaming(config.replicaSetId(), config.version(), newId, new TreeMap<>())))
                .as("a member without a new name")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(primary.renameSet(new SetRenaming(config.replicaSetId(), config.version(), newId, hosts)))
                .as("a member of the set")
                .isInstanceOf(Outcome.Stale.class);
        assertThat(secondary.observe()).isEqualTo(removed);

        assertThat(secondary.renameSet(new SetRenaming(config.replicaSetId(), config.version(), newId, hosts)))
                .isInstanceOf(Outcome.Done.class);
        members().until("mongod ends", () -> members().fleet().hasEnded(1));
        members().start(1);

        LocalMongod.InSet alone = members().inState(secondary, MemberState.PRIMARY);
        assertThat(alone.config().replicaSetId()).isEqualTo(newId);
        assertThat(alone.config().hosts()).containsExactly(Fleet.host(1));
        assertThat(alone.config().version()).isGreaterThan(config.version());
        members().until("its data is there", () -> secondary.compareRootUser(root) == RootUser.AS_THE_FILES_SAY);
        assertThat(((LocalMongod.InSet) primary.observe()).config().replicaSetId())
                .as("the set that it came from")
                .isEqualTo(config.replicaSetId());
    }

    /** Kills a member and looks at it all the time until it is back. */
    private void restart(int member, Mongod mongod, Mongod peer, Predicate<LocalMongod> isBack) {
        members().fleet().kill(member);
        assertThat(mongod.observe()).isInstanceOf(LocalMongod.Unreachable.class);
        members().start(member);
        members().until("the restarted mongod is back", () -> {
            LocalMongod seen = mongod.observe();
            assertThat(seen).isNotInstanceOf(LocalMongod.NotYetInitialized.class);
            assertThat(peer.observeAsPeer(UNKNOWN_FOR)).isNotInstanceOf(PeerMongod.NotYetInitialized.class);
            return isBack.test(seen);
        });
    }
}
