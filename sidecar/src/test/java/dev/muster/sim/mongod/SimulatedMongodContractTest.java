package dev.muster.sim.mongod;

import dev.muster.contract.MongodContract;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on simulated mongods: what a simulation shows is worth as much as this agrees with the real ones. */
@ParameterizedClass
@MethodSource("seeds")
final class SimulatedMongodContractTest extends MongodContract {
    /** Several, because a case may go well by chance. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 8);
    }

    SimulatedMongodContractTest(long seed) {
        super(new SimulatedFleet(seed));
    }
}
