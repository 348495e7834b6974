package dev.muster.sim.trouble;

import dev.muster.model.Self;
import dev.muster.sidecar.Wiring;
import dev.muster.sim.cluster.SimulatedKubernetes;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Takes one guard away from every sidecar, by what its ports tell it or do for it. */
public interface Sabotage {
    /** Nothing is taken away. */
    Sabotage NONE = new Sabotage() {};

    /** The ports as a sidecar of that pod gets them. */
    default Wiring.Ports of(Self self, Wiring.Ports ports) {
        return ports;
    }

    /** Up to which lag a member counts as caught up. */
    default Duration maxLag(Duration real) {
        return real;
    }

    /** Whether a person paused it, as the sidecar learns it. */
    default BooleanSupplier paused(BooleanSupplier real) {
        return real;
    }

    /** Whether the preStop hook waits. */
    default boolean holds() {
        return true;
    }

    /** What is wrong with the port itself, where the guard is inside of it. */
    default void inside(SimulatedKubernetes kubernetes) {}

    /** Faults that provoke what the guard keeps from happening: half of all faults are of these kinds. */
    default List<Fault.Kind> provokedBy() {
        return List.of();
    }

    /** The kind of set in which the guard matters. */
    default Setting in(Setting drawn) {
        return drawn;
    }
}
