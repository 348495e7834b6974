package dev.muster.start;

/**
 * Whether a {@code mongod} that has not started in this pod may begin before anything of the set is known. It is not asked
 * for a {@code mongod} that has begun: a container that restarts waits for nobody. Where it says no, the sidecar's loop
 * decides: see {@code StartRules}.
 */
@FunctionalInterface
public interface StartGate {
    /** Nothing waits: there is no record that could say whether an empty volume is a lost one. */
    StartGate OPEN = _ -> true;

    /** A member whose volume has never been used waits: it may have lost its data, and would vote all the same. */
    StartGate EMPTY_WAITS = data -> data != DataDirectory.EMPTY;

    /**
     * Decides for one member.
     *
     * @param data the member's data directory
     */
    boolean mayBegin(DataDirectory data);
}
