package dev.muster.model;

/** Which members' hosts are replaced by their stable names: {@code --rename}. */
public enum Renaming {
    /** None. */
    NEVER,
    /** Those that may lead elsewhere, or to nothing, when a pod restarts or from another place. */
    WHEN_UNSTABLE,
    /** All that are not the stable name. */
    ALWAYS;

    private static final String IPV4 = "\\d+\\.\\d+\\.\\d+\\.\\d+";

    /** Kubernetes makes such names from addresses: {@code 10-0-0-2.shop.pod.cluster.local}. */
    private static final String ADDRESS_AS_NAME = "[^.]+\\.[^.]+\\.pod\\..+|\\d+-\\d+-\\d+-\\d+\\.(.+\\.)?svc\\..+";

    /** Whether a member with that host gets its stable name; not for a host that is a stable name. */
    public boolean replaces(Naming naming, HostAddress host) {
        return naming.ordinalOf(host).isEmpty()
                && switch (this) {
                    case NEVER -> false;
                    case WHEN_UNSTABLE -> isUnstable(naming, host.host());
                    case ALWAYS -> true;
                };
    }

    private static boolean isUnstable(Naming naming, String host) {
        return !host.contains(".")
                || host.contains(":")
                || host.startsWith("localhost.")
                || host.matches(IPV4)
                || host.matches(ADDRESS_AS_NAME)
                || naming.isAnotherFormOfAPodsName(host);
    }
}
