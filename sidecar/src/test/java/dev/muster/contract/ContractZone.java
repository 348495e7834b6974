package dev.muster.contract;

import dev.muster.dns.Names;
import java.net.InetAddress;
import java.time.Duration;

/** A name server, real or simulated, that serves one headless Service, with what a test does to it. */
public interface ContractZone extends AutoCloseable {
    /** The port, asking this server. */
    Names names();

    /** The port, asking a server to which nothing gets through. */
    Names namesOfNobody();

    /** The time-out of one query of both. */
    Duration timeout();

    /** The Service's full name. */
    String service();

    /** The full name of a host of the Service. */
    default String host(int ordinal) {
        return "mongo-" + ordinal + "." + service();
    }

    /** Gives a host its address, in the place of the one that it had; waits until the server has been told. */
    void publish(int ordinal, InetAddress address);

    /** Takes a host away; waits until the server has been told. */
    void withdraw(int ordinal);

    /** How long it may take until the server answers otherwise. */
    Duration latest();

    /** Lets time pass. */
    void pause(Duration time);

    /** By a clock that goes at the pace of the server. */
    Duration elapsed();

    @Override
    void close();
}
