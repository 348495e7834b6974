package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A host and a port, as a replica set's configuration names a member. Case does not matter in host names, as in DNS.
 *
 * @param host a host name or an address; IPv6 without brackets
 * @param port 1 to 65535
 */
public record HostAddress(String host, int port) implements Comparable<HostAddress> {
    /** The server's default port. */
    public static final int DEFAULT_PORT = 27017;

    public HostAddress {
        requireNonNull(host, "host is null");
        if (host.isBlank() || host.contains("/") || host.contains(" ")) {
            throw new IllegalArgumentException("'%s' is not a host name".formatted(host));
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port %d is not between 1 and 65535".formatted(port));
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code host}, {@code host:port} or {@code [IPv6]:port}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static HostAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (bracketed && !text.contains("]")) {
            throw new IllegalArgumentException("'%s' lacks a closing bracket".formatted(text));
        }
        boolean hasPort = bracketed ? text.contains("]:") : colon >= 0 && text.indexOf(':') == colon;
        String host = hasPort ? text.substring(0, colon) : text;
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (!hasPort) {
            return new HostAddress(host, DEFAULT_PORT);
        }
        try {
            return new HostAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' does not end in a port number".formatted(text), e);
        }
    }

    /** Several, as a part of a sentence. */
    public static String listed(List<HostAddress> hosts) {
        return hosts.stream().map(HostAddress::toString).collect(Collectors.joining(", "));
    }

    @Override
    public int compareTo(HostAddress other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
