package dev.muster.sim;

import dev.muster.sim.mongod.Volume;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The majority writes that were acknowledged, and so must be there for ever, unless a fault took the disks that held
 * them. A write is given up only then, and only where the disks that are left no longer make every majority meet one
 * that has it: then MongoDB itself promises nothing.
 */
final class Ledger {
    /** By the set in which it was acknowledged. */
    private final TreeMap<Long, String> kept = new TreeMap<>();

    private int acknowledged;
    private int givenUp;

    void acknowledged(long id, String replicaSetId) {
        kept.put(id, replicaSetId);
        acknowledged++;
    }

    /** Nobody acknowledged it to its client, but a majority has it. */
    void seen(long id, String replicaSetId) {
        kept.putIfAbsent(id, replicaSetId);
    }

    /** It was acknowledged, and nobody promises that it stays. */
    void acknowledgedInVain() {
        acknowledged++;
        givenUp++;
    }

    /** How many were acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** How many faults made impossible to keep. */
    int givenUp() {
        return givenUp;
    }

    /** Whether that write was acknowledged and must be there. */
    boolean keeps(long id) {
        return kept.containsKey(id);
    }

    /** The first of those that must be there and is not on that disk. */
    Optional<Long> missingOn(Volume volume) {
        return missingOn(volume, replicaSetId -> true);
    }

    /** The same of those that were acknowledged in certain sets. */
    Optional<Long> missingOn(Volume volume, Predicate<String> replicaSetIds) {
        return kept.entrySet().stream()
                .filter(entry -> replicaSetIds.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .filter(id -> !volume.holds(id))
                .findFirst();
    }

    /** The set has another id from now on. */
    void renamed(String before, String after) {
        kept.replaceAll((_, set) -> set.equals(before) ? after : set);
    }

    /** The first of these that must be there. */
    Optional<Long> amongKept(List<Long> ids) {
        return ids.stream().filter(kept::containsKey).findFirst();
    }

    /**
     * Disks were lost.
     *
     * @param voters the disks that are left of the members that vote
     * @param needed on how many of them a write has to be, so that it must stay
     */
    void disksLost(Collection<Volume> voters, int needed) {
        for (Iterator<Long> ids = kept.keySet().iterator(); ids.hasNext(); ) {
            long id = ids.next();
            if (voters.stream().filter(volume -> volume.holds(id)).count() < needed) {
                ids.remove();
                givenUp++;
            }
        }
    }

    /** No disk that lacks it will ever get it. */
    void giveUp(long id) {
        kept.remove(id);
        givenUp++;
    }

    /** A person chose this disk's data over all others'. */
    void chosen(Volume survivor) {
        for (Iterator<Long> ids = kept.keySet().iterator(); ids.hasNext(); ) {
            if (!survivor.holds(ids.next())) {
                ids.remove();
                givenUp++;
            }
        }
    }
}
