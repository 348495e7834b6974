package dev.muster.contract;

/** Cases of the {@link MongodContract} that belong together. */
public interface ContractCases {
    /** Those of the running case. */
    ContractMembers members();
}
