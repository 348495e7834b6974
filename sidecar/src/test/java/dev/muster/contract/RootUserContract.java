package dev.muster.contract;

import static dev.muster.contract.ContractMembers.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Credentials;
import dev.muster.model.RootUser;
import dev.muster.mongo.Mongod;
import dev.muster.plan.Outcome;
import org.junit.jupiter.api.Test;

/** The root user, and that its password is nowhere to be read. */
public interface RootUserContract extends ContractCases {
    // What a generator of passwords may make, and what a URL or a shell would stumble over.
    String PASSWORD = "pä$$ wörd:/@%\"'";

    @Test
    default void theRootUserIsMadeOnceAndItsPasswordIsKeptAsTheFilesSay() {
        Mongod primary = members().formed();
        Credentials root = new Credentials("root", PASSWORD);
        assertThat(primary.compareRootUser(root)).isEqualTo(RootUser.MISSING);
        done(primary.createRootUser(root));
        assertThat(primary.compareRootUser(root)).isEqualTo(RootUser.AS_THE_FILES_SAY);

        Outcome again = primary.createRootUser(root);
        assertThat(again).isInstanceOf(Outcome.Stale.class);
        assertThat(again.toString()).doesNotContain(PASSWORD);

        Credentials changed = new Credentials("root", "another " + PASSWORD);
        assertThat(primary.compareRootUser(changed)).isEqualTo(RootUser.PASSWORD_DIFFERS);
        done(primary.updateRootPassword(changed));
        assertThat(primary.compareRootUser(changed)).isEqualTo(RootUser.AS_THE_FILES_SAY);
        assertThat(primary.compareRootUser(root)).isEqualTo(RootUser.PASSWORD_DIFFERS);
    }

    @Test
    default void onASecondaryTheRootUserIsNotMade() {
        Mongod primary = members().formed();
        Mongod secondary = members().joined(primary, 1);
        Credentials root = new Credentials("root", PASSWORD);
        assertThat(secondary.createRootUser(root)).isInstanceOf(Outcome.Stale.class);
        assertThat(secondary.updateRootPassword(root)).isInstanceOf(Outcome.Stale.class);
        assertThat(primary.compareRootUser(root)).isEqualTo(RootUser.MISSING);
    }

    @Test
    default void withoutAnAnswerNothingIsKnownOfTheRootUserAndNoPasswordIsTold() {
        Mongod mongod = members().started(0);
        Credentials root = new Credentials("root", PASSWORD);
        Outcome refused = mongod.createRootUser(root);
        assertThat(refused).isNotInstanceOf(Outcome.Done.class);
        assertThat(refused.toString()).doesNotContain(PASSWORD);
        members().fleet().kill(0);
        assertThat(mongod.compareRootUser(root)).isEqualTo(RootUser.UNKNOWN);
        assertThat(mongod.createRootUser(root).toString()).doesNotContain(PASSWORD);
        assertThat(root.toString()).contains("root").doesNotContain(PASSWORD);
    }
}
