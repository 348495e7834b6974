package dev.muster.sim.cluster;

import dev.muster.contract.ContractCluster;
import dev.muster.contract.KubernetesContract;
import dev.muster.contract.RecordContract;
import org.junit.jupiter.api.Nested;

/** The simulated Kubernetes keeps what the port promises. */
class SimulatedKubernetesTest {
    @Nested
    class All extends KubernetesContract {
        @Override
        protected ContractCluster open() {
            return new SimulatedCluster(1);
        }
    }

    @Nested
    class TheRecord extends RecordContract {
        @Override
        protected ContractCluster open() {
            return new SimulatedCluster(2);
        }
    }
}
