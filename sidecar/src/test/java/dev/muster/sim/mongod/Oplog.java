package dev.muster.sim.mongod;

import dev.muster.model.Credentials;
import dev.muster.model.OpTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** The oplog of one volume, oldest entry first, and with it all its data: a write is there when its entry is. */
final class Oplog {
    /** Before every other: what a member has applied that has no data. */
    static final OpTime BEFORE_ALL = new OpTime(-2, 0, 0);

    private final List<OplogEntry> entries = new ArrayList<>();
    private final Set<Long> ids = new HashSet<>();
    private final Map<String, Credentials> users = new TreeMap<>();

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    /** The newest entry's; {@link #BEFORE_ALL} where there is none. */
    OpTime last() {
        return entries.isEmpty() ? BEFORE_ALL : entries.getLast().at();
    }

    /** The oldest entry's; {@link #BEFORE_ALL} where there is none. */
    OpTime first() {
        return entries.isEmpty() ? BEFORE_ALL : entries.getFirst().at();
    }

    boolean holds(long id) {
        return ids.contains(id);
    }

    /** The writes of clients up to an entry, oldest first, of those that are wanted. */
    List<Long> idsUpTo(OpTime last, LongPredicate wanted) {
        return entries.stream()
                .takeWhile(entry -> entry.at().compareTo(last) <= 0)
                .mapToLong(OplogEntry::id)
                .filter(id -> id != OplogEntry.NOTHING && wanted.test(id))
                .boxed()
                .toList();
    }

    /**
     * Whether it lacks a client's write that the other oplog has, though both have an entry of the same time at or after
     * it. Only two primaries of one term write that. The server then takes the two oplogs for equal up to there.
     */
    boolean hidesTheLackOf(long id, Oplog other) {
        return !holds(id)
                && other.entries.stream()
                        .dropWhile(entry -> entry.id() != id)
                        .anyMatch(entry -> lengthUpTo(entry.at()) > 0);
    }

    /** The user of that name. */
    Optional<Credentials> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    boolean hasUsers() {
        return !users.isEmpty();
    }

    /** Whether an operator set a default write concern: it is data as any other. */
    boolean hasDefaultWriteConcern() {
        return holds(OplogEntry.DEFAULT_WRITE_CONCERN);
    }

    void append(OplogEntry entry) {
        entries.add(entry);
        ids.add(entry.id());
        entry.rootUser().ifPresent(user -> users.put(user.user(), user));
    }

    /** How many entries are up to that one, itself included; -1 where it is not among them. */
    private int lengthUpTo(OpTime at) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = entries.get(middle).at().compareTo(at);
            if (order == 0) {
                return middle + 1;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The entries after that one; empty where this oplog does not have it, so that the two have diverged. */
    Optional<List<OplogEntry>> after(OpTime at) {
        int length = lengthUpTo(at);
        return length < 0 ? Optional.empty() : Optional.of(entries.subList(length, entries.size()));
    }

    /**
     * Drops whatever comes after the last entry that the other oplog has too, and tells the clients' writes among it.
     */
    List<Long> rollBackTo(Oplog other) {
        int keep = entries.size();
        while (keep > 0 && other.lengthUpTo(entries.get(keep - 1).at()) < 0) {
            keep--;
        }
        List<OplogEntry> dropped = new ArrayList<>(entries.subList(keep, entries.size()));
        replaceWith(new ArrayList<>(entries.subList(0, keep)));
        return dropped.stream()
                .map(OplogEntry::id)
                .filter(id -> id != OplogEntry.NOTHING)
                .toList();
    }

    void clear() {
        replaceWith(List.of());
    }

    void copyFrom(Oplog other) {
        replaceWith(other.entries);
    }

    private void replaceWith(List<OplogEntry> replacement) {
        entries.clear();
        ids.clear();
        users.clear();
        replacement.forEach(this::append);
    }
}
