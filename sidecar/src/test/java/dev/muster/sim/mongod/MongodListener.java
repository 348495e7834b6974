package dev.muster.sim.mongod;

import dev.muster.model.SetConfig;
import java.util.List;

/** Told what the simulated mongods did that an invariant may forbid. */
public interface MongodListener {
    /** A set was made. */
    default void initiated(MongodProcess by, String replicaSetId) {}

    /**
     * A command changed the configuration; what the server itself changes, the term and {@code newlyAdded}, is not
     * told.
     */
    default void reconfigured(MongodProcess by, SetConfig before, SetConfig after, boolean forced) {}

    /** A member that is in no set got other names for all members, and a new id. */
    default void renamed(MongodProcess by, String before, String after) {}

    /** A majority has applied a write of that id. */
    default void acknowledged(MongodProcess by, long id) {}

    /** A command made the process end by an assertion of its own. */
    default void aborted(MongodProcess process, String assertion) {}

    /** A member of which a person restored the disk voted in a term in which it had voted before. */
    default void votedAgain(MongodProcess voter, String replicaSetId, long term) {}

    /** Writes of these ids were there, and are no longer. */
    default void rolledBack(MongodProcess by, List<Long> ids) {}
}
