package dev.muster.start;

/**
 * Whether a {@code mongod} that has not started in this pod may begin. This is the one place for a rule that holds a start
 * back. It is not asked for a {@code mongod} that has begun: a container that restarts waits for nobody.
 */
@FunctionalInterface
public interface StartGate {
    /** No rule holds a start back. */
    StartGate OPEN = _ -> true;

    /**
     * Decides for one member.
     *
     * @param data the member's data directory
     */
    boolean mayBegin(DataDirectory data);
}
