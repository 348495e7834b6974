package dev.muster.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.muster.contract.Fleet;
import dev.muster.contract.MongodContract;
import dev.muster.contract.ObservationContract;
import dev.muster.model.Credentials;
import dev.muster.model.RootUser;
import dev.muster.mongo.Mongod;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

/** The contract on real mongods, with what only the driver's connections can show. */
abstract class RealMongodContract extends MongodContract {
    RealMongodContract(RealFleet fleet) {
        super(fleet);
    }

    /** Simulated users have no roles. */
    @Test
    void aUserThatIsNotRootKeepsItsPassword() {
        Mongod primary = members().formed();
        Credentials wanted = new Credentials("root", "of the Secret");
        Fleet.Answer created = members().fleet().command(0, BsonDocument.parse("""
                {createUser: "root", pwd: "in use", roles: [{role: "read", db: "shop"}]}"""));
        assertThat(created.isDone()).as(created.message()).isTrue();
        assertThat(primary.compareRootUser(wanted)).isEqualTo(RootUser.ANOTHERS);

        Fleet.Answer granted = members().fleet().command(0, BsonDocument.parse("""
                {grantRolesToUser: "root", roles: ["root"]}"""));
        assertThat(granted.isDone()).as(granted.message()).isTrue();
        assertThat(primary.compareRootUser(wanted)).isEqualTo(RootUser.PASSWORD_DIFFERS);
    }

    /** As with {@code authenticationMechanisms=SCRAM-SHA-1}, which old applications need. */
    @Test
    void aUserWithOnlyScramSha1LogsIn() {
        Mongod primary = members().formed();
        Fleet.Answer created = members().fleet().command(0, BsonDocument.parse("""
                {createUser: "root", pwd: "of the Secret", roles: ["root"], mechanisms: ["SCRAM-SHA-1"]}"""));
        assertThat(created.isDone()).as(created.message()).isTrue();

        assertThat(primary.compareRootUser(new Credentials("root", "of the Secret")))
                .isEqualTo(RootUser.AS_THE_FILES_SAY);
        assertThat(primary.compareRootUser(new Credentials("root", "another"))).isEqualTo(RootUser.PASSWORD_DIFFERS);
    }

    /** Simulated connections hang nowhere. */
    @Test
    void theConnectionsToAHungOneAreClosedWithinABound() {
        Mongod mongod = members().formed();
        members().fleet().freeze(0);
        assertTimeoutPreemptively(ObservationContract.BOUND, mongod::close);
    }
}
