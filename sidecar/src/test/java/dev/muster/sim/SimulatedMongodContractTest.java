package dev.muster.sim;

import dev.muster.contract.MongodContract;

/** The contract on simulated mongods: what a simulation shows is worth as much as this agrees with the real ones. */
final class SimulatedMongodContractTest extends MongodContract {
    SimulatedMongodContractTest() {
        super(new SimulatedFleet(Long.getLong("muster.seed", 1)));
    }
}
