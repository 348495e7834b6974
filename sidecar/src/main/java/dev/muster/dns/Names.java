package dev.muster.dns;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Port: what DNS says about host names. Answers are never cached: a pod's name and address come and go. */
public interface Names {
    /**
     * Looks the hosts up, first by the SRV records of the headless Service, whose answer has the addresses, then each
     * host that is missing by A and AAAA. Never throws; takes at most a few times the query's timeout.
     *
     * @param service the Service's full name
     * @param hosts full host names
     * @return an answer for every host
     */
    Map<String, Answer> lookUp(String service, Set<String> hosts);

    /**
     * The hosts that the headless Service has now: the targets of its SRV records. Only a hint at more members than
     * expected: it is also empty where there are no SRV records, or the name server failed.
     *
     * @param service the Service's full name
     */
    Set<String> membersOf(String service);

    /** What DNS said about one host. None of the answers proves that its {@code mongod} does not exist. */
    sealed interface Answer {}

    /** Its addresses, at least one. */
    record Addresses(List<InetAddress> addresses) implements Answer {
        public Addresses {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses is empty");
            }
        }
    }

    /** NXDOMAIN. */
    record NoSuchName() implements Answer {}

    /** The name exists and has no address: NODATA. */
    record NoAddress() implements Answer {}

    /** SERVFAIL, REFUSED or no answer: nothing is known about the name. */
    record Failed(String message) implements Answer {
        public Failed {
            requireNonNull(message, "message is null");
        }
    }
}
