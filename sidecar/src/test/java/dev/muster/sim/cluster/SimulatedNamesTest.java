package dev.muster.sim.cluster;

import dev.muster.contract.ContractZone;
import dev.muster.contract.ContractZoneWithFaults;
import dev.muster.contract.NameFaultsContract;
import dev.muster.contract.NamesContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The simulated names keep what the port promises. */
class SimulatedNamesTest {
    @Nested
    class All extends NamesContract {
        @Override
        protected ContractZone open() {
            return new SimulatedZone(Duration.ofSeconds(45));
        }
    }

    @Nested
    class Faults extends NameFaultsContract {
        @Override
        protected ContractZoneWithFaults open() {
            return new SimulatedZone(Duration.ZERO);
        }
    }
}
