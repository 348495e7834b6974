package dev.muster.contract;

import static dev.muster.contract.ContractMembers.UNKNOWN_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Credentials;
import dev.muster.model.LocalMongod;
import dev.muster.model.MemberState;
import dev.muster.model.PeerMongod;
import dev.muster.model.SetConfig;
import dev.muster.mongo.Mongod;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
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
        LocalMongod removed = new LocalMongod.Removed(config.replicaSetId(), config.hosts());
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
