package dev.muster.model;

import static java.util.Objects.requireNonNull;

/**
 * Which pod this is.
 *
 * @param setName the replica set's name
 */
public record Self(int ordinal, Naming naming, String setName) {
    public Self {
        requireNonNull(naming, "naming is null");
        requireNonNull(setName, "setName is null");
    }

    public String podName() {
        return naming.podName(ordinal);
    }

    public HostAddress address() {
        return naming.address(ordinal);
    }
}
