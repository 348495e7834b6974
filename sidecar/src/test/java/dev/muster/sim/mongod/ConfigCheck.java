package dev.muster.sim.mongod;

import dev.muster.model.ConfigMember;
import dev.muster.model.SetConfig;
import dev.muster.mongo.ConfigDocuments;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;

/**
 * A configuration that somebody sent, with the server's defaults filled in; or why the server refuses it.
 *
 * @param document empty where it is refused
 */
record ConfigCheck(BsonDocument document, Optional<CommandReply> refusal) {
    private static final List<String> FIELDS = List.of(
            "_id", "version", "term", "protocolVersion", "members", "settings", "writeConcernMajorityJournalDefault");
    private static final List<String> MEMBER_FIELDS = List.of(
            "_id",
            "host",
            "arbiterOnly",
            "buildIndexes",
            "hidden",
            "priority",
            "tags",
            "secondaryDelaySecs",
            "votes",
            "horizons");
    private static final List<String> SETTINGS = List.of(
            "chainingAllowed",
            "heartbeatIntervalMillis",
            "heartbeatTimeoutSecs",
            "electionTimeoutMillis",
            "catchUpTimeoutMillis",
            "catchUpTakeoverDelayMillis",
            "getLastErrorModes",
            "getLastErrorDefaults",
            "replicaSetId");

    static ConfigCheck of(BsonDocument requested) {
        Optional<String> unknown = unknownField(requested, FIELDS)
                .or(() -> requested.getArray("members").stream()
                        .flatMap(member -> unknownField(member.asDocument(), MEMBER_FIELDS).stream())
                        .findFirst());
        if (unknown.isPresent()) {
            return new ConfigCheck(
                    new BsonDocument(),
                    Optional.of(new CommandReply(
                            CommandReply.UNKNOWN_FIELD,
                            "BSON field '%s' is an unknown field".formatted(unknown.get()))));
        }
        BsonDocument completed = completed(requested.clone());
        return invalid(completed)
                .map(why -> new ConfigCheck(
                        new BsonDocument(),
                        Optional.of(new CommandReply(CommandReply.INVALID_REPLICA_SET_CONFIG, why))))
                .orElseGet(() -> new ConfigCheck(completed, Optional.empty()));
    }

    private static Optional<String> unknownField(BsonDocument document, List<String> known) {
        return document.keySet().stream()
                .filter(field -> !known.contains(field))
                .findFirst();
    }

    /** Why no server takes that configuration, whatever it had before. */
    private static Optional<String> invalid(BsonDocument config) {
        List<ConfigMember> members = ConfigDocuments.read(config, false).members();
        if (members.size() > SetConfig.MAX_MEMBERS) {
            return Optional.of("Replica set configuration contains %d members, but must have at most %d"
                    .formatted(members.size(), SetConfig.MAX_MEMBERS));
        }
        return members.stream().flatMap(member -> invalid(member).stream()).findFirst();
    }

    /** Counted without those that are newly added: a safe change can add more voters than there may be. */
    static Optional<CommandReply> voters(Configuration config) {
        return config.voters() <= SetConfig.MAX_VOTERS
                ? Optional.empty()
                : Optional.of(new CommandReply(
                        CommandReply.INVALID_REPLICA_SET_CONFIG,
                        "Replica set configuration contains %d voting members, but must be at most %d"
                                .formatted(config.voters(), SetConfig.MAX_VOTERS)));
    }

    private static Optional<String> invalid(ConfigMember member) {
        if (member.arbiterOnly() && member.votes() == 0) {
            return Optional.of("Arbiter must vote (cannot have 0 votes)");
        }
        if (member.priority() == 0) {
            return Optional.empty();
        }
        return member.hidden()
                ? Optional.of("priority must be 0 when hidden=true")
                : member.delayed()
                        ? Optional.of("priority must be 0 when secondaryDelaySecs is used")
                        : member.votes() == 0
                                ? Optional.of("priority must be 0 when non-voting (votes:0)")
                                : Optional.empty();
    }

    private static BsonDocument completed(BsonDocument requested) {
        BsonDocument config = new BsonDocument("_id", requested.get("_id"))
                .append("version", requested.get("version", new BsonInt32(1)))
                .append("term", requested.get("term", new BsonInt64(0)));
        BsonArray members = new BsonArray();
        requested.getArray("members").forEach(member -> members.add(completedMember(member.asDocument())));
        BsonDocument given = requested.getDocument("settings", new BsonDocument());
        BsonDocument settings = new BsonDocument("chainingAllowed", BsonBoolean.TRUE)
                .append("heartbeatIntervalMillis", new BsonInt32(2000))
                .append("heartbeatTimeoutSecs", new BsonInt32(10))
                .append("electionTimeoutMillis", new BsonInt32(10_000));
        // Settings that it does not know are dropped without a word.
        SETTINGS.stream().filter(given::containsKey).forEach(field -> settings.put(field, given.get(field)));
        return config.append("members", members).append("settings", settings);
    }

    private static BsonDocument completedMember(BsonDocument given) {
        BsonDocument member = new BsonDocument("_id", given.get("_id"))
                .append("host", given.get("host"))
                .append("arbiterOnly", BsonBoolean.FALSE)
                .append("buildIndexes", BsonBoolean.TRUE)
                .append("hidden", BsonBoolean.FALSE)
                .append("priority", new BsonDouble(isArbiter(given) ? 0 : 1))
                .append("tags", new BsonDocument())
                .append("secondaryDelaySecs", new BsonInt64(0))
                .append("votes", new BsonInt32(1));
        MEMBER_FIELDS.stream().filter(given::containsKey).forEach(field -> member.put(field, given.get(field)));
        return member;
    }

    private static boolean isArbiter(BsonDocument member) {
        return member.getBoolean("arbiterOnly", BsonBoolean.FALSE).getValue();
    }

    /**
     * Why the server refuses that configuration after that one.
     *
     * @param hasDefaultWriteConcern whether an operator set one
     */
    static Optional<CommandReply> change(
            Configuration before, Configuration after, boolean force, boolean hasDefaultWriteConcern) {
        if (!after.setName().equals(before.setName()) || !after.replicaSetId().equals(before.replicaSetId())) {
            return Optional.of(new CommandReply(
                    CommandReply.INCOMPATIBLE_CONFIG, "New and old configurations differ in replica set ID or name"));
        }
        if (after.version() <= before.version()) {
            return Optional.of(new CommandReply(
                    CommandReply.INCOMPATIBLE_CONFIG,
                    "New replica set configuration version must be greater than old, but %d is not greater than %d"
                            .formatted(after.version(), before.version())));
        }
        if (voters(after).isPresent()) {
            return voters(after);
        }
        if (after.members().stream().noneMatch(Configuration.Member::isElectable)) {
            return Optional.of(new CommandReply(
                    CommandReply.INVALID_REPLICA_SET_CONFIG, "there must be at least one electable member"));
        }
        if (!hasDefaultWriteConcern && ConfigDocuments.changesImplicitDefault(before.document(), after.document())) {
            return Optional.of(new CommandReply(
                    CommandReply.INCOMPATIBLE_CONFIG,
                    "Reconfig attempted to install a config that would change the implicit default write concern."));
        }
        long changed = changedVotes(before, after) + changedVotes(after, before);
        return force || changed <= 1
                ? Optional.empty()
                : Optional.of(new CommandReply(
                        CommandReply.INCOMPATIBLE_CONFIG,
                        "Non force replica set reconfig can only add or remove at most 1 voting member."));
    }

    private static long changedVotes(Configuration from, Configuration to) {
        return from.members().stream()
                .filter(Configuration.Member::isVoter)
                .filter(member -> to.member(member.id())
                        .filter(Configuration.Member::isVoter)
                        .isEmpty())
                .count();
    }
}
