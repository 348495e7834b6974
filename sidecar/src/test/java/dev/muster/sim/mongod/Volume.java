package dev.muster.sim.mongod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What survives a process: all that a {@code mongod} has on its disk. One process at a time has it; a wiped volume is
 * a new one, and a snapshot is a {@link #copy} that is given to a process later.
 */
public final class Volume {
    /** An empty database's own files. */
    private static final long EMPTY_BYTES = 300_000;

    private final Oplog oplog = new Oplog();
    /** What was written by a mongod that was in no set. */
    private final SortedSet<Long> ownWrites = new TreeSet<>();

    private final SortedSet<String> ownUsers = new TreeSet<>();
    private @Nullable Configuration config;
    private long votedInTerm;
    private boolean used;
    private boolean cloneUnfinished;
    private boolean restored;
    private long sizeBytes = EMPTY_BYTES;

    /** The same content on another disk. */
    public Volume copy() {
        Volume copy = new Volume();
        copy.oplog.copyFrom(oplog);
        copy.ownWrites.addAll(ownWrites);
        copy.ownUsers.addAll(ownUsers);
        copy.config = config;
        copy.used = used;
        copy.votedInTerm = votedInTerm;
        copy.cloneUnfinished = cloneUnfinished;
        copy.sizeBytes = sizeBytes;
        return copy;
    }

    /** A person put it back in the place of a newer one: the member has forgotten what it did since. */
    public void restored() {
        restored = true;
    }

    /** Whether it was put back in the place of a newer one. */
    public boolean wasRestored() {
        return restored;
    }

    /** Whether no set ever left anything here. */
    public boolean isEmpty() {
        return config == null && oplog.isEmpty();
    }

    /** As if it had been brought here from another place: the members' hosts end differently. */
    public void comesFrom(String domain, String here) {
        BsonDocument changed = Objects.requireNonNull(config).stored();
        changed.getArray("members").forEach(member -> {
            String host = member.asDocument().getString("host").getValue();
            member.asDocument().put("host", new BsonString(host.replace(here, domain)));
        });
        config = new Configuration(changed);
    }

    /** Whether a mongod has ever started here, as the files of its storage engine tell. */
    public boolean isUsed() {
        return used || !isEmpty() || holdsDataOfItsOwn();
    }

    /** A mongod starts here. */
    void use() {
        used = true;
    }

    /** The disk of a mongod that ran without a set, and took one write of that id. */
    public static Volume ofStandalone(long id) {
        Volume volume = new Volume();
        volume.writeOwn(id);
        return volume;
    }

    /** Whether there are databases or users, and no set. */
    public boolean holdsDataOfItsOwn() {
        return config == null && (!ownWrites.isEmpty() || !ownUsers.isEmpty());
    }

    /** What was written by a mongod that was in no set, here or on the disk that this one was cloned from. */
    public Set<Long> ownWrites() {
        return Collections.unmodifiableSet(ownWrites);
    }

    /** A standalone takes a write. */
    void writeOwn(long id) {
        ownWrites.add(id);
    }

    /** A standalone gets a user. */
    void addOwnUser(String name) {
        ownUsers.add(name);
    }

    /** In the words of {@code Holdings}. */
    String ownData() {
        List<String> held = new ArrayList<>();
        if (!ownWrites.isEmpty()) {
            held.add("1 collection in databases of its own");
        }
        ownUsers.forEach(user -> held.add("user " + user + "@admin"));
        return String.join(", ", held);
    }

    /** Whether the server cannot tell that a write, which the other disk holds, is not on this one. */
    public boolean hidesTheLackOf(long id, Volume other) {
        return !holds(id) && oplog.hidesTheLackOf(id, other.oplog);
    }

    /** Whether that write of a client is here. */
    public boolean holds(long id) {
        return oplog.holds(id) || ownWrites.contains(id);
    }

    /** Whether the set made a root user here. */
    public boolean hasRootUser() {
        return oplog.hasUsers();
    }

    /** What a clone of it has to copy. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** The same as a time, with a disk that is not slow. */
    public Duration timeToClone() {
        return Cloning.timeFor(sizeBytes);
    }

    /** Makes the data as large as that: how long a clone takes depends on it. */
    public void resize(long bytes) {
        sizeBytes = bytes;
    }

    /** The replica set id of the configuration; empty text where there is none. */
    public String replicaSetId() {
        return config == null ? "" : config.replicaSetId();
    }

    Oplog oplog() {
        return oplog;
    }

    /** The stored configuration; null where there is none. */
    @Nullable
    public Configuration config() {
        return config;
    }

    void store(Configuration configuration) {
        config = configuration;
    }

    /** The last term in which the member voted. */
    long votedInTerm() {
        return votedInTerm;
    }

    void vote(long term) {
        votedInTerm = term;
    }

    /** Whether an initial sync began and has not ended: what there is of data is worth nothing. */
    public boolean isCloneUnfinished() {
        return cloneUnfinished;
    }

    /** An initial sync drops every database but {@code local}, whoever made it. */
    void beginClone() {
        cloneUnfinished = true;
        oplog.clear();
        ownWrites.clear();
        ownUsers.clear();
    }

    void endClone(Volume source) {
        oplog.copyFrom(source.oplog);
        ownWrites.addAll(source.ownWrites);
        ownUsers.addAll(source.ownUsers);
        sizeBytes = source.sizeBytes;
        cloneUnfinished = false;
    }
}
