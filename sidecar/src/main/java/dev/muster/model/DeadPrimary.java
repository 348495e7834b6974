package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * The primary that was seen last, whose {@code mongod} has ended: its port is closed. One that is only silent is none, as
 * it may still be the primary.
 *
 * @param config the configuration at that time
 * @param term in which it was elected
 * @param inOffice for how long this sidecar saw it as primary
 * @param ago since its port was closed
 */
public record DeadPrimary(HostAddress host, SetConfig config, long term, Duration inOffice, Duration ago) {
    public DeadPrimary {
        requireNonNull(host, "host is null");
        requireNonNull(config, "config is null");
        requireNonNull(inOffice, "inOffice is null");
        requireNonNull(ago, "ago is null");
    }

    /** The members that could be elected in its place. */
    public Stream<HostAddress> successors() {
        return config.members().stream()
                .filter(ConfigMember::isElectable)
                .map(ConfigMember::host)
                .filter(other -> !other.equals(host));
    }
}
