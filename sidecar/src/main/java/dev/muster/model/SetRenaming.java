package dev.muster.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * New names for all members of a set that is in none of its places any more, and a new id.
 *
 * @param replicaSetId that the stored configuration has
 * @param version that the stored configuration has
 * @param newId what the set's id becomes
 * @param hosts the new host of each member, by the one that the configuration has
 */
public record SetRenaming(String replicaSetId, long version, String newId, SortedMap<HostAddress, HostAddress> hosts) {
    public SetRenaming {
        requireNonNull(replicaSetId, "replicaSetId is null");
        requireNonNull(newId, "newId is null");
        hosts = Collections.unmodifiableSortedMap(new TreeMap<>(hosts));
    }
}
