package dev.muster.mongo;

import dev.muster.model.HostAddress;
import java.net.InetAddress;
import java.util.List;

/** Opens connections to the {@code mongod}s of other pods. */
@FunctionalInterface
public interface PeerConnector {
    /**
     * A peer, under its name but at the addresses that DNS gave. Connects with the first call.
     *
     * @param address its name and port
     * @param addresses its IP addresses
     */
    Mongod peer(HostAddress address, List<InetAddress> addresses);
}
