package dev.muster.playground;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The names of a set as its processes see them: mongod through {@code /etc/hosts}, sidecars through the name
 * server. Changes show at once. Safe for use by several threads.
 */
public final class LocalNames {
    private final LocalSet set;
    private final HostsFile hosts;
    private final NameServer server;

    LocalNames(LocalSet set, HostsFile hosts, NameServer server) {
        this.set = set;
        this.hosts = hosts;
        this.server = server;
    }

    /** Takes a member's name away everywhere, its SRV record too, as if its pod were not there. */
    public void hide(int ordinal) {
        String fqdn = set.member(ordinal).fqdn();
        hosts.remove(fqdn);
        server.behave(fqdn, new NameBehaviour.Absent());
    }

    /** Gives the name back everywhere, after {@link #hide} or {@link #behave}. */
    public void show(int ordinal) {
        LocalMember member = set.member(ordinal);
        hosts.put(member.fqdn(), member.address());
        server.behave(member.fqdn(), new NameBehaviour.Served());
    }

    /** Another name by which mongods find a member, such as a short one; the name server does not know it. */
    public void alias(String name, int ordinal) {
        hosts.put(name, set.member(ordinal).address());
    }

    /** The addresses of a host as mongods find them, for clients in this JVM. */
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        return hosts.resolve(host);
    }

    /** Changes how the name server treats a member's name; mongods still resolve it. */
    public void behave(int ordinal, NameBehaviour behaviour) {
        server.behave(set.member(ordinal).fqdn(), behaviour);
    }

    /** Changes how the name server treats the Service's SRV name. */
    public void behaveService(NameBehaviour behaviour) {
        server.behave(server.serviceName(), behaviour);
    }
}
