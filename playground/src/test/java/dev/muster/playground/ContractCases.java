package dev.muster.playground;

/** Cases of the {@link MongodContract} that belong together. */
interface ContractCases {
    /** Those of the running case. */
    ContractMembers members();
}
