package dev.muster.playground;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.muster.contract.MongodContract;
import dev.muster.contract.ObservationContract;
import dev.muster.mongo.Mongod;
import org.junit.jupiter.api.Test;

/** The contract on real mongods, with what only the driver's connections can show. */
abstract class RealMongodContract extends MongodContract {
    RealMongodContract(RealFleet fleet) {
        super(fleet);
    }

    /** Simulated connections hang nowhere. */
    @Test
    void theConnectionsToAHungOneAreClosedWithinABound() {
        Mongod mongod = members().formed();
        members().fleet().freeze(0);
        assertTimeoutPreemptively(ObservationContract.BOUND, mongod::close);
    }
}
