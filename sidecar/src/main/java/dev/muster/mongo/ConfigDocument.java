package dev.muster.mongo;

import dev.muster.model.ConfigMember;
import dev.muster.model.FormingHeartbeat;
import dev.muster.model.HostAddress;
import dev.muster.model.SetConfig;
import dev.muster.model.SetRenaming;
import dev.muster.plan.ConfigChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** Reads and edits a replica set's configuration as the server's document. Pure. */
final class ConfigDocument {
    /** The joining tag's value on a member that Muster added. */
    private static final String ADDED = "true";

    /** The start of the joining tag's value on a member whose vote Muster took. The priority that it had follows. */
    private static final String PRIORITY = "priority=";

    /** The server's limit. */
    private static final double MAX_PRIORITY = 1000;

    private ConfigDocument() {}

    /**
     * Reads what Muster needs for its decisions.
     *
     * @param config the {@code config} of {@code replSetGetConfig}
     */
    static SetConfig read(BsonDocument config, boolean committed) {
        BsonDocument settings = config.getDocument("settings", new BsonDocument());
        List<ConfigMember> members = config.getArray("members").stream()
                .map(member -> readMember(member.asDocument()))
                .toList();
        return new SetConfig(
                config.getString("_id").getValue(),
                settings.containsKey("replicaSetId")
                        ? settings.getObjectId("replicaSetId").getValue().toHexString()
                        : "",
                config.getNumber("version").longValue(),
                config.getNumber("term", new BsonInt64(-1)).longValue(),
                members,
                settings.getNumber("heartbeatIntervalMillis", new BsonInt32(SetConfig.DEFAULT_HEARTBEAT_MILLIS))
                        .intValue(),
                committed);
    }

    private static ConfigMember readMember(BsonDocument member) {
        BsonDocument tags = member.getDocument("tags", new BsonDocument());
        return new ConfigMember(
                member.getNumber("_id").intValue(),
                HostAddress.parse(member.getString("host").getValue()),
                member.getNumber("votes", new BsonInt32(1)).intValue(),
                member.getNumber("priority", new BsonInt32(1)).doubleValue(),
                isTrue(member.get("arbiterOnly")),
                isTrue(member.get("hidden")),
                Duration.ofSeconds(
                        member.getNumber("secondaryDelaySecs", new BsonInt32(0)).longValue()),
                tags.containsKey(ConfigMember.JOINING_TAG),
                tags.isString(ConfigMember.EMPTIED_TAG)
                        ? Optional.of(tags.getString(ConfigMember.EMPTIED_TAG).getValue())
                        : Optional.empty());
    }

    private static boolean isTrue(@Nullable BsonValue value) {
        return value != null && value.isBoolean() && value.asBoolean().getValue();
    }

    /** The configuration with one change and the next version. Everything else stays as it is. */
    static BsonDocument apply(BsonDocument config, ConfigChange change) {
        BsonDocument changed = nextVersion(config);
        BsonArray members = changed.getArray("members");
        switch (change) {
            case ConfigChange.Add add -> {
                members.add(new BsonDocument("_id", new BsonInt32(add.id()))
                        .append("host", new BsonString(add.host().toString()))
                        .append("votes", new BsonInt32(0))
                        .append("priority", new BsonDouble(0))
                        .append("tags", new BsonDocument(ConfigMember.JOINING_TAG, new BsonString(ADDED))));
                slowDownForming(changed.getDocument("settings", new BsonDocument()), members.size());
            }
            case ConfigChange.Promote promote -> giveVote(find(members, promote.host()));
            case ConfigChange.Demote demote -> takeVote(find(members, demote.host()));
            case ConfigChange.TakeEmptyVote take -> {
                takeVote(find(members, take.host()));
                markEmptied(find(members, take.host()), take.process());
            }
            case ConfigChange.ReturnVote back -> {
                giveVote(find(members, back.host()));
                markEmptied(find(members, back.host()), back.process());
            }
            case ConfigChange.ForgetEmptied forget ->
                find(members, forget.host()).getDocument("tags").remove(ConfigMember.EMPTIED_TAG);
            case ConfigChange.Remove remove -> members.remove(find(members, remove.host()));
            case ConfigChange.Rename rename ->
                find(members, rename.from())
                        .put("host", new BsonString(rename.to().toString()));
            case ConfigChange.RestoreHeartbeat restore ->
                changed.getDocument("settings")
                        .put("heartbeatIntervalMillis", new BsonInt32(SetConfig.DEFAULT_HEARTBEAT_MILLIS));
        }
        return changed;
    }

    /**
     * The configuration without the votes of these members, which get them back once they have caught up again. The
     * server refuses an arbiter without a vote (code 93), so arbiters among them are removed.
     */
    static BsonDocument withoutVotesOf(BsonDocument config, List<HostAddress> down) {
        BsonDocument changed = nextVersion(config);
        BsonArray members = changed.getArray("members");
        for (HostAddress host : down) {
            BsonDocument member = find(members, host);
            if (readMember(member).arbiterOnly()) {
                members.remove(member);
            } else {
                takeVote(member);
            }
        }
        return changed;
    }

    /** The configuration with other hosts, another id and the next version. Everything else stays as it is. */
    static BsonDocument renamed(BsonDocument config, SetRenaming renaming) {
        BsonDocument changed = nextVersion(config);
        for (BsonValue member : changed.getArray("members")) {
            BsonDocument document = member.asDocument();
            HostAddress host = HostAddress.parse(document.getString("host").getValue());
            HostAddress renamed = renaming.hosts().getOrDefault(host, host);
            document.put("host", new BsonString(renamed.toString()));
        }
        changed.getDocument("settings").put("replicaSetId", new BsonObjectId(new ObjectId(renaming.newId())));
        return changed;
    }

    /** Whether the implicit default write concern of the set changes; see {@link #hasImplicitMajority}. */
    static boolean changesImplicitDefault(BsonDocument before, BsonDocument after) {
        return hasImplicitMajority(before) != hasImplicitMajority(after);
    }

    /**
     * Whether a set with that configuration has the implicit default write concern {@code majority}. Otherwise, because
     * of its arbiters, it is {@code 1}. The server refuses every change from one to the other, forced ones too, unless
     * an operator set a default write concern (code 103).
     */
    static boolean hasImplicitMajority(BsonDocument config) {
        List<ConfigMember> voters = config.getArray("members").stream()
                .map(member -> readMember(member.asDocument()))
                .filter(member -> member.votes() > 0)
                .toList();
        long withData = voters.stream().filter(member -> !member.arbiterOnly()).count();
        return withData == voters.size() || withData > voters.size() / 2 + 1;
    }

    /** A copy, as the next version. */
    private static BsonDocument nextVersion(BsonDocument config) {
        BsonDocument next = config.clone();
        next.put("version", new BsonInt32(next.getNumber("version").intValue() + 1));
        return next;
    }

    /** The more members send heartbeats while the set forms, the longer their interval. */
    private static void slowDownForming(BsonDocument settings, int members) {
        BsonValue interval = settings.get("heartbeatIntervalMillis");
        if (interval != null && FormingHeartbeat.isForming(interval.asNumber().intValue())) {
            settings.put("heartbeatIntervalMillis", new BsonInt32(FormingHeartbeat.intervalMillis(members)));
        }
    }

    /** Marks the member as joining, with the priority that it had, so that Muster gives both back. */
    private static void takeVote(BsonDocument member) {
        BsonDocument tags = member.getDocument("tags", new BsonDocument());
        double priority = member.getNumber("priority", new BsonInt32(1)).doubleValue();
        tags.remove(ConfigMember.EMPTIED_TAG);
        tags.put(ConfigMember.JOINING_TAG, new BsonString(PRIORITY + priority));
        member.put("tags", tags);
        member.put("votes", new BsonInt32(0));
        member.put("priority", new BsonDouble(0));
    }

    private static void giveVote(BsonDocument member) {
        BsonDocument tags = member.getDocument("tags", new BsonDocument());
        BsonValue mark = tags.remove(ConfigMember.JOINING_TAG);
        tags.remove(ConfigMember.EMPTIED_TAG);
        member.put("votes", new BsonInt32(1));
        member.put("priority", new BsonDouble(isPassive(member) ? 0 : priorityOf(mark)));
    }

    private static void markEmptied(BsonDocument member, String process) {
        BsonDocument tags = member.getDocument("tags", new BsonDocument());
        tags.put(ConfigMember.EMPTIED_TAG, new BsonString(process));
        member.put("tags", tags);
    }

    /** The server refuses a priority for these: code 93. */
    private static boolean isPassive(BsonDocument member) {
        ConfigMember read = readMember(member);
        return read.hidden() || read.delayed();
    }

    private static double priorityOf(@Nullable BsonValue mark) {
        String text = mark != null && mark.isString() ? mark.asString().getValue() : ADDED;
        try {
            // Any operator can write a tag.
            return text.startsWith(PRIORITY)
                    ? Math.clamp(Double.parseDouble(text.substring(PRIORITY.length())), 0, MAX_PRIORITY)
                    : 1;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static BsonDocument find(BsonArray members, HostAddress host) {
        return members.stream()
                .map(BsonValue::asDocument)
                .filter(member ->
                        HostAddress.parse(member.getString("host").getValue()).equals(host))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the configuration has no member " + host));
    }
}
