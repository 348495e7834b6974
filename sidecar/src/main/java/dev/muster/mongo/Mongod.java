package dev.muster.mongo;

import dev.muster.model.Credentials;
import dev.muster.model.HostAddress;
import dev.muster.model.LocalMongod;
import dev.muster.model.PeerMongod;
import dev.muster.model.RootUser;
import dev.muster.model.SetRenaming;
import dev.muster.plan.ConfigChange;
import dev.muster.plan.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Port: one {@code mongod}. Every call is bounded in time and returns a value. None throws for a failure of the server
 * or the network. Thread-safe.
 */
public interface Mongod extends AutoCloseable {
    /** What it is, seen from the sidecar beside it. */
    LocalMongod observe();

    /**
     * Whether its process has ended, as far as known: the port refuses connections, or closed one and accepts no other. Not
     * where it is only silent. May still say so for ten seconds after the process was started again, if nothing else asks
     * it. Always false for a peer, which is not watched.
     */
    boolean hasEnded();

    /**
     * What it is, seen from another pod.
     *
     * @param unknownFor what {@link PeerMongod.Unknown#lasting} says if it is still not known
     */
    PeerMongod observeAsPeer(Duration unknownFor);

    /**
     * {@code replSetInitiate} with that member alone. Re-reads first that this {@code mongod} is still what was seen:
     * empty, or with data of its own that an operator named as the set's. The server itself refuses a second one.
     */
    Outcome initiate(String setName, HostAddress self, LocalMongod seen);

    /**
     * Makes one change of the configuration, keeping every field that Muster does not know. Re-reads the configuration
     * first and does nothing unless it is committed and still has that version and term.
     */
    Outcome reconfigure(ConfigChange change, long version, long term);

    /**
     * {@code replSetReconfig} by force: these members stay in the configuration and lose their votes, so that the
     * others are a majority. Arbiters among them are removed, as the server allows none without a vote. Only for what an
     * operator approved. Re-reads first that the configuration still has that version.
     */
    Outcome forceReconfigure(List<HostAddress> down, long version);

    /**
     * Whether the server would take that forced reconfiguration, without making it: done if so, failed with what it
     * would refuse.
     */
    Outcome checkForce(List<HostAddress> down, long version);

    /**
     * Gives all members of the stored configuration other hosts and the set a new id, and restarts {@code mongod}, which reads
     * it only when it starts. For a member that is in no set: its configuration names it nowhere. Re-reads first that the
     * stored configuration still has that id and version, and that no clone is under way. One that has the new id already is
     * only restarted. The container, or what else runs {@code mongod}, starts it again.
     */
    Outcome renameSet(SetRenaming renaming);

    /**
     * Ends {@code mongod}, which its container starts again. Re-reads first that it still takes itself for that member.
     */
    Outcome restart(HostAddress takenForItself);

    /**
     * {@code replSetSyncFrom}. Re-reads first that nothing has been copied, and that the server may be directed: one that
     * takes secondaries only can abort. Returns when the server has taken it up.
     */
    Outcome syncFrom(HostAddress source);

    /** How the root user on the server compares with these credentials. Only a primary is asked. */
    RootUser compareRootUser(Credentials root);

    /** Creates the root user; stale, not failed, if it exists already. */
    Outcome createRootUser(Credentials root);

    Outcome updateRootPassword(Credentials root);

    /** {@code replSetStepUp}: asks this member to become primary. */
    Outcome stepUp();

    /** {@code replSetStepDown}, which waits for a secondary to catch up. */
    Outcome stepDown();

    /** Version and oplog; empty where it does not answer. Read again every few seconds at most. */
    Optional<MongodDetails> details();

    @Override
    void close();
}
