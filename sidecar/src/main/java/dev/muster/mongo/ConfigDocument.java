package dev.muster.mongo;

import dev.muster.model.ConfigMember;
import dev.muster.model.HostAddress;
import dev.muster.model.SetConfig;
import dev.muster.plan.ConfigChange;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** A replica set's configuration as the server's document: read into a value, and edited in place. Pure. */
final class ConfigDocument {
    private ConfigDocument() {}

    /**
     * Reads what Muster decides by.
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
        return new ConfigMember(
                member.getNumber("_id").intValue(),
                HostAddress.parse(member.getString("host").getValue()),
                member.getNumber("votes", new BsonInt32(1)).intValue(),
                member.getNumber("priority", new BsonInt32(1)).doubleValue(),
                isTrue(member.get("arbiterOnly")),
                isTrue(member.get("hidden")),
                member.getNumber("secondaryDelaySecs", new BsonInt32(0)).longValue() > 0,
                member.getDocument("tags", new BsonDocument()).containsKey(ConfigMember.JOINING_TAG));
    }

    private static boolean isTrue(@Nullable BsonValue value) {
        return value != null && value.isBoolean() && value.asBoolean().getValue();
    }

    /** The configuration with one change made and the version counted up; whatever else it holds stays as it is. */
    static BsonDocument apply(BsonDocument config, ConfigChange change) {
        BsonDocument changed = nextVersion(config);
        BsonArray members = changed.getArray("members");
        switch (change) {
            case ConfigChange.Add add ->
                members.add(new BsonDocument("_id", new BsonInt32(add.id()))
                        .append("host", new BsonString(add.host().toString()))
                        .append("votes", new BsonInt32(0))
                        .append("priority", new BsonDouble(0))
                        .append("tags", new BsonDocument(ConfigMember.JOINING_TAG, new BsonString("true"))));
            case ConfigChange.Promote promote -> {
                BsonDocument member = find(members, promote.host());
                vote(member, 1);
                member.getDocument("tags", new BsonDocument()).remove(ConfigMember.JOINING_TAG);
            }
            case ConfigChange.Demote demote -> vote(find(members, demote.host()), 0);
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

    /** The configuration in which these members have no vote, marked as joining: they get it back when they return. */
    static BsonDocument withoutVotesOf(BsonDocument config, List<HostAddress> down) {
        BsonDocument changed = nextVersion(config);
        for (HostAddress host : down) {
            BsonDocument member = find(changed.getArray("members"), host);
            vote(member, 0);
            BsonDocument tags = member.getDocument("tags", new BsonDocument());
            tags.put(ConfigMember.JOINING_TAG, new BsonString("true"));
            member.put("tags", tags);
        }
        return changed;
    }

    /** A copy of its own, as the next version. */
    private static BsonDocument nextVersion(BsonDocument config) {
        BsonDocument next = config.clone();
        next.put("version", new BsonInt32(next.getNumber("version").intValue() + 1));
        return next;
    }

    private static void vote(BsonDocument member, int vote) {
        member.put("votes", new BsonInt32(vote));
        member.put("priority", new BsonDouble(vote));
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
