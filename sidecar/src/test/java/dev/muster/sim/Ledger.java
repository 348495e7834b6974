package dev.muster.sim;

import dev.muster.sim.mongod.Volume;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The majority writes that were acknowledged, and so must be there for ever, unless a fault took the disks that held
 * them. A write is given up only then, and only where the disks that are left no longer make every majority meet one
 * that has it: then MongoDB itself promises nothing.
 */
final class Ledger {
    private final TreeSet<Long> kept = new TreeSet<>();
    private int acknowledged;
    private int givenUp;

    void acknowledged(long id) {
        kept.add(id);
        acknowledged++;
    }

    /** Nobody acknowledged it to its client, but a majority has it. */
    void seen(long id) {
        kept.add(id);
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
        return kept.contains(id);
    }

    /** The first of those that must be there and is not on that disk. */
    Optional<Long> missingOn(Volume volume) {
        return kept.stream().filter(id -> !volume.holds(id)).findFirst();
    }

    /** The first of these that must be there. */
    Optional<Long> amongKept(List<Long> ids) {
        return ids.stream().filter(kept::contains).findFirst();
    }

    /**
     * Disks were lost.
     *
     * @param voters the disks that are left of the members that vote
     * @param needed on how many of them a write has to be, so that it must stay
     */
    void disksLost(Collection<Volume> voters, int needed) {
        for (Iterator<Long> ids = kept.iterator(); ids.hasNext(); ) {
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
        for (Iterator<Long> ids = kept.iterator(); ids.hasNext(); ) {
            if (!survivor.holds(ids.next())) {
                ids.remove();
                givenUp++;
            }
        }
    }
}
