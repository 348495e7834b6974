package dev.muster.playground;

/** The contract on the playground's mongod, which there is everywhere. */
final class PlaygroundMongodContractIT extends RealMongodContract {
    PlaygroundMongodContractIT() {
        super(new PlaygroundFleet());
    }
}
