package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * How the pods of one StatefulSet are named: {@code <set>-<ordinal>.<service>.<namespace>.svc.<cluster domain>:<port>}.
 *
 * @param statefulSet the StatefulSet's name, without an ordinal
 * @param service the headless Service's name
 * @param namespace the Kubernetes namespace
 * @param clusterDomain such as {@code cluster.local}
 * @param port where every {@code mongod} of the set listens
 */
public record Naming(String statefulSet, String service, String namespace, String clusterDomain, int port) {
    /** They fit an int, and are more pods than any cluster has. */
    private static final int MOST_DIGITS = 9;

    public Naming {
        requireNonNull(statefulSet, "statefulSet is null");
        requireNonNull(service, "service is null");
        requireNonNull(namespace, "namespace is null");
        requireNonNull(clusterDomain, "clusterDomain is null");
    }

    /** The pod's name, such as {@code mongo-10}. */
    public String podName(int ordinal) {
        return statefulSet + "-" + ordinal;
    }

    /** The stable name that the configuration has for the member of that ordinal. */
    public HostAddress address(int ordinal) {
        return new HostAddress(podName(ordinal) + "." + serviceName(), port);
    }

    /** The headless Service's full name. */
    public String serviceName() {
        return service + "." + namespace + ".svc." + clusterDomain;
    }

    /** The ordinal whose {@link #address} this is; empty for any other host, or a port that is not ours. */
    public OptionalInt ordinalOf(HostAddress address) {
        String domain = "." + serviceName().toLowerCase(Locale.ROOT);
        boolean isOurs = address.port() == port && address.host().endsWith(domain);
        return isOurs
                ? ordinalOfPod(address.host().substring(0, address.host().length() - domain.length()), statefulSet)
                : OptionalInt.empty();
    }

    /**
     * Whether that is the name of one of these pods, but not as {@link #address} has it: shortened, as in
     * {@code mongo-0.mongo}, with another cluster domain or with another port.
     */
    boolean isAnotherFormOfAPodsName(String host) {
        int dot = host.indexOf('.');
        if (dot < 0 || ordinalOfPod(host.substring(0, dot), statefulSet).isEmpty()) {
            return false;
        }
        String domain = host.substring(dot + 1).replaceFirst("\\.$", "");
        String inTheCluster = (service + "." + namespace + ".svc").toLowerCase(Locale.ROOT);
        return domain.isEmpty()
                || (inTheCluster + ".").startsWith(domain + ".")
                || domain.startsWith(inTheCluster + ".");
    }

    /**
     * The ordinal in a pod's name. Only exact names have one: {@code mongo-10} is not ordinal 1, and {@code mongo-01}
     * is not a pod of a StatefulSet.
     */
    public static OptionalInt ordinalOfPod(String podName, String statefulSet) {
        String prefix = statefulSet + "-";
        if (!podName.startsWith(prefix)) {
            return OptionalInt.empty();
        }
        String digits = podName.substring(prefix.length());
        return isOrdinal(digits) ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    private static boolean isOrdinal(String text) {
        return !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
    }
}
