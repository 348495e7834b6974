package dev.muster.mongo;

import dev.muster.model.HostAddress;
import java.net.InetAddress;
import java.util.List;

/** Port: sees at once that the process of a {@code mongod} has ended, and wakes the sidecar. */
@FunctionalInterface
public interface PortWatcher {
    /**
     * Watches until it is closed.
     *
     * @param address its name and port
     * @param addresses its IP addresses
     */
    PortWatch watch(HostAddress address, List<InetAddress> addresses);
}
