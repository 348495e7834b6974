package dev.muster.dns;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Port: what DNS says of host names. Answers are never remembered: a pod's name and address come and go. */
public interface Names {
    /**
     * Looks the hosts up: by the SRV records of the headless Service first, whose answer carries the addresses, then
     * each that is missing by A and AAAA. Never throws; takes at most a few times the query's time-out.
     *
     * @param service the Service's full name
     * @param hosts full host names
     * @return an answer for every host
     */
    Map<String, Answer> lookUp(String service, Set<String> hosts);

    /**
     * The hosts that the headless Service has now: the targets of its SRV records. Only ever a hint of more members than
     * are expected: empty too where there are no SRV records, or the name server failed.
     *
     * @param service the Service's full name
     */
    Set<String> membersOf(String service);

    /** What DNS said of one host. Only {@link Addresses} says where it is; none of them says that it does not exist. */
    sealed interface Answer {}

    /** Where it is; at least one address. */
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

    /** SERVFAIL, REFUSED, no answer: nothing was learned. */
    record Failed(String message) implements Answer {
        public Failed {
            requireNonNull(message, "message is null");
        }
    }
}
