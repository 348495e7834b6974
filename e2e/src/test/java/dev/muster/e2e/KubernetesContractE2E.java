package dev.muster.e2e;

import dev.muster.contract.ContractCluster;
import dev.muster.contract.KubernetesContract;
import dev.muster.contract.RecordContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real API server keeps what the port to Kubernetes promises. */
@Tag("e2e")
@Timeout(60)
class KubernetesContractE2E {
    @TempDir
    Path files;

    @Nested
    class All extends KubernetesContract {
        @Override
        protected ContractCluster open() throws IOException {
            return new RealCluster(files);
        }
    }

    @Nested
    class TheRecord extends RecordContract {
        @Override
        protected ContractCluster open() throws IOException {
            return new RealCluster(files);
        }
    }
}
