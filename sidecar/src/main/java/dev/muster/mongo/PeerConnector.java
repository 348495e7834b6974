package dev.muster.mongo;

import dev.muster.model.HostAddress;
import java.net.InetAddress;
import java.util.List;

/** Opens connections to the {@code mongod}s of other pods. */
@FunctionalInterface
public interface PeerConnector {
    /**
     * A peer, under its name but at the addresses that DNS gave. Connects when it is first asked something.
     *
     * @param address the name under which it is known, and its port
     * @param addresses where it is
     */
    Mongod peer(HostAddress address, List<InetAddress> addresses);
}
