package dev.muster.playground;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the port {@code Mongod} promises, case by case, on whatever mongods a subclass provides. An implementation that
 * is not tried by it on a real server is a guess.
 */
@Timeout(120)
abstract class MongodContract
        implements ObservationContract,
                RestartContract,
                InitiateContract,
                ReconfigureContract,
                PeerContract,
                RootUserContract {
    private final ContractMembers members = new ContractMembers(provide());

    /** Fresh mongods, none of which runs. */
    abstract Fleet provide();

    @Override
    public ContractMembers members() {
        return members;
    }

    @AfterEach
    void close() {
        members.close();
    }
}
