package dev.muster.contract;

/** A name server that a test can have answer as it likes. */
public interface ContractZoneWithFaults extends ContractZone {
    /** How a name is answered that has an address. */
    enum Fault {
        /** NXDOMAIN. */
        NO_SUCH_NAME,
        /** NODATA. */
        NO_ADDRESS,
        /** SERVFAIL. */
        FAILING,
        SILENT
    }

    /** For a host, or for the SRV records of {@link #service}. */
    void fault(String name, Fault fault);
}
