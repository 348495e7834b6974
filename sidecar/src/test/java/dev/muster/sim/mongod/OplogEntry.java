package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.OpTime;
import java.util.Optional;

/**
 * One entry of an oplog.
 *
 * @param id of a client's write; {@link #NOTHING} for the server's own
 * @param rootUser where the entry made or changed the root user
 */
record OplogEntry(OpTime at, long id, Optional<Credentials> rootUser) {
    /** Of an entry that no client wrote. */
    static final long NOTHING = -1;

    /** Of the entry by which an operator set the default write concern. */
    static final long DEFAULT_WRITE_CONCERN = -1_000_000;

    static OplogEntry noop(OpTime at) {
        return new OplogEntry(at, NOTHING, Optional.empty());
    }
}
