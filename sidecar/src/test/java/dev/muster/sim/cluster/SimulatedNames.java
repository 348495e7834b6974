package dev.muster.sim.cluster;

import dev.muster.dns.Names;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The port of one sidecar's process, query for query as {@code DnsNames}. */
public final class SimulatedNames implements Names {
    private final ClusterDns server;
    private final int place;
    private final Duration timeout;

    /**
     * Asks that server.
     *
     * @param place where the process runs
     * @param timeout for one query
     */
    public SimulatedNames(ClusterDns server, int place, Duration timeout) {
        this.server = server;
        this.place = place;
        this.timeout = timeout;
    }

    @Override
    public Map<String, Answer> lookUp(String service, Set<String> hosts) {
        Map<String, Answer> answers = new TreeMap<>();
        if (hosts.isEmpty()) {
            return answers;
        }
        Map<String, InetAddress> known = query(service);
        TreeSet<String> missing = new TreeSet<>(hosts);
        missing.removeAll(known.keySet());
        known.forEach((host, address) -> {
            if (hosts.contains(host)) {
                answers.put(host, new Addresses(List.of(address)));
            }
        });
        if (!missing.isEmpty()) {
            lookUp(missing, answers);
        }
        return answers;
    }

    /** All at once, so as long as the slowest of them. A name without an A record is asked for its AAAA too. */
    private void lookUp(Set<String> missing, Map<String, Answer> answers) {
        if (!server.answers(place)) {
            server.scheduler().pause(timeout.multipliedBy(2));
            missing.forEach(host -> answers.put(host, timedOut(host)));
            return;
        }
        boolean slow = false;
        for (String host : missing) {
            answers.put(host, server.ofHost(host));
            slow |= server.faultOf(host) == ClusterDns.Fault.SILENT;
        }
        server.scheduler().pause(slow ? timeout.multipliedBy(2) : server.latency());
    }

    private static Answer timedOut(String host) {
        return new Failed("no answer for %s: the query timed out".formatted(host));
    }

    @Override
    public Set<String> membersOf(String service) {
        return query(service).keySet();
    }

    private Map<String, InetAddress> query(String service) {
        boolean silent = !server.answers(place) || server.faultOf(service) == ClusterDns.Fault.SILENT;
        Map<String, InetAddress> found = silent ? Map.of() : server.ofService(service);
        server.scheduler().pause(silent ? timeout : server.latency());
        return found;
    }
}
