package dev.muster.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the port {@code Mongod} promises, case by case, on whatever mongods a subclass provides. An implementation that
 * is not tried by it on a real server is a guess.
 */
@Timeout(120)
public abstract class MongodContract
        implements ObservationContract,
                EndContract,
                RestartContract,
                InitiateContract,
                ReconfigureContract,
                SafetyContract,
                PeerContract,
                RootUserContract {
    private final ContractMembers members;

    /**
     * One case.
     *
     * @param fleet fresh mongods, none of which runs; closed with the case
     */
    protected MongodContract(Fleet fleet) {
        members = new ContractMembers(fleet);
    }

    @Override
    public ContractMembers members() {
        return members;
    }

    @AfterEach
    void close() {
        members.close();
    }
}
