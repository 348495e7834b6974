package dev.muster.sim.mongod;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.SetConfig;
import dev.muster.mongo.ConfigDocuments;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonValue;

/**
 * A replica set's configuration as a server keeps it: its document, read once. A new voter's {@code newlyAdded} is in
 * the stored document only; nobody who asks for the configuration sees it.
 */
public final class Configuration {
    /** Heartbeats more often than that cost events and teach nothing. */
    private static final long SHORTEST_INTERVAL_MILLIS = 100;

    private static final String NEWLY_ADDED = "newlyAdded";

    /**
     * A member with the vote that it really has: none as long as it is newly added.
     *
     * @param hostText the host as it was written: to the server, names that differ by case are different ones
     */
    public record Member(ConfigMember config, String hostText, boolean newlyAdded, boolean buildsIndexes) {
        int id() {
            return config.id();
        }

        /** The host as the document has it. */
        public HostAddress host() {
            return config.host();
        }

        /** Whether its vote counts already. */
        public boolean isVoter() {
            return config.votes() > 0 && !newlyAdded;
        }

        boolean isElectable() {
            return isVoter() && config.priority() > 0 && !config.arbiterOnly();
        }
    }

    private final BsonDocument stored;
    private final BsonDocument shown;
    private final SetConfig config;
    private final SetConfig committed;
    private final List<Member> members;
    private final int voters;
    private final int votersWithData;
    private final boolean newlyAdded;
    private final Duration heartbeatInterval;
    private final Duration electionTimeout;

    /** Reads a document that is not changed any more. */
    Configuration(BsonDocument stored) {
        this.stored = stored;
        this.shown = stored.clone();
        shown.getArray("members").forEach(member -> member.asDocument().remove(NEWLY_ADDED));
        this.config = ConfigDocuments.read(shown, false);
        this.committed = ConfigDocuments.read(shown, true);
        this.members = stored.getArray("members").stream()
                .map(member -> new Member(
                        ConfigDocuments.readMember(member.asDocument()),
                        member.asDocument().getString("host").getValue(),
                        member.asDocument().containsKey(NEWLY_ADDED),
                        member.asDocument().getBoolean("buildIndexes").getValue()))
                .toList();
        this.voters = (int) members.stream().filter(Member::isVoter).count();
        this.votersWithData = (int) members.stream()
                .filter(member -> member.isVoter() && !member.config().arbiterOnly())
                .count();
        this.newlyAdded = members.stream().anyMatch(Member::newlyAdded);
        this.heartbeatInterval =
                Duration.ofMillis(Math.max(SHORTEST_INTERVAL_MILLIS, config.heartbeatIntervalMillis()));
        this.electionTimeout = Duration.ofMillis(stored.getDocument("settings", new BsonDocument())
                .getNumber("electionTimeoutMillis", new BsonInt32(10_000))
                .longValue());
    }

    /** What {@code replSetGetConfig} shows; a copy, to be edited. */
    BsonDocument document() {
        return shown.clone();
    }

    /** What is on disk; a copy. */
    BsonDocument stored() {
        return stored.clone();
    }

    SetConfig asSetConfig(boolean isCommitted) {
        return isCommitted ? committed : config;
    }

    String setName() {
        return config.setName();
    }

    /** The id of the set that this is a configuration of. */
    public String replicaSetId() {
        return config.replicaSetId();
    }

    /** Grows with each change. */
    public long version() {
        return config.version();
    }

    long term() {
        return config.term();
    }

    /** In the document's order. */
    public List<Member> members() {
        return members;
    }

    Optional<Member> member(int id) {
        return members.stream().filter(member -> member.id() == id).findFirst();
    }

    /** How many members have a vote that counts. */
    public int voters() {
        return voters;
    }

    boolean isForConfigServers() {
        return stored.getBoolean("configsvr", BsonBoolean.FALSE).getValue();
    }

    boolean hasCustomizedLastErrorDefaults() {
        return !FieldTypes.LAST_ERROR_DEFAULTS.equals(
                stored.getDocument("settings").get("getLastErrorDefaults"));
    }

    boolean hasNewlyAdded() {
        return newlyAdded;
    }

    int majority() {
        return voters() / 2 + 1;
    }

    /** Of how many voters a write needs the acknowledgement: where most voters are arbiters, of all others. */
    int writeMajority() {
        return Math.min(majority(), votersWithData);
    }

    /** With two members that can be elected, newly added or not. */
    boolean isPrimarySecondaryArbiter() {
        long arbiters =
                members.stream().filter(member -> member.config().arbiterOnly()).count();
        long electable = members.stream()
                .filter(member -> member.config().priority() > 0)
                .count();
        return members.size() == 3 && arbiters == 1 && electable == 2;
    }

    /** Whether arbiters could elect a member without those that acknowledge writes; newly added voters count here. */
    boolean canElectWithoutWriters() {
        long all =
                members.stream().filter(member -> member.config().votes() > 0).count();
        long arbiters =
                members.stream().filter(member -> member.config().arbiterOnly()).count();
        return all - arbiters < all / 2 + 1;
    }

    /** Whether the default write concern is {@code majority}, and not 1 because of the arbiters. */
    boolean hasImplicitMajority() {
        return votersWithData == voters || votersWithData > majority();
    }

    Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    Duration electionTimeout() {
        return electionTimeout;
    }

    /** Terms count before versions; but where one of the two was forced, and so has no term, only versions do. */
    public boolean isNewerThan(Configuration other) {
        return isNewer(version(), term(), other.version(), other.term());
    }

    static boolean isNewer(long version, long term, long otherVersion, long otherTerm) {
        boolean comparesVersions = term == -1 || otherTerm == -1 || term == otherTerm;
        return comparesVersions ? version > otherVersion : term > otherTerm;
    }

    /** The same of another term, as a new primary writes it. */
    Configuration inTerm(long term) {
        BsonDocument changed = stored.clone();
        changed.put("term", new BsonInt64(term));
        return new Configuration(changed);
    }

    /** The next version, in which that member has its vote. */
    Configuration withVoteOf(int id, long term) {
        BsonDocument changed = stored.clone();
        changed.put("version", new BsonInt32((int) version() + 1));
        changed.put("term", new BsonInt64(term));
        memberOf(changed, id).remove(NEWLY_ADDED);
        return new Configuration(changed);
    }

    /** Marks a member as newly added. */
    static void markNewlyAdded(BsonDocument config, int id) {
        memberOf(config, id).put(NEWLY_ADDED, BsonBoolean.TRUE);
    }

    private static BsonDocument memberOf(BsonDocument config, int id) {
        return config.getArray("members").stream()
                .map(BsonValue::asDocument)
                .filter(member -> member.getNumber("_id").intValue() == id)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "version %d of term %d".formatted(version(), term());
    }
}
