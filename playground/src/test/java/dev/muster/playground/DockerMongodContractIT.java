package dev.muster.playground;

import org.junit.jupiter.api.Tag;

/** The contract on the official image's mongod, where a Docker engine answers: the Maven profile {@code docker}. */
@Tag("docker")
final class DockerMongodContractIT extends RealMongodContract {
    DockerMongodContractIT() {
        super(new DockerFleet());
    }
}
