package dev.muster.sim.mongod;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** The fields of a configuration, with their types, limits and defaults. */
final class ConfigFields {
    private record Field(String name, FieldTypes.Type type, Optional<BsonValue> byDefault) {}

    private static final int MAX_DELAY_SECONDS = 31_622_400;

    private static final List<Field> SETTINGS = List.of(
            field("chainingAllowed", FieldTypes::flag, BsonBoolean.TRUE),
            field("heartbeatIntervalMillis", FieldTypes.exact(value -> value > 0), new BsonInt32(2000)),
            field("heartbeatTimeoutSecs", FieldTypes.exact(value -> value > 0), new BsonInt32(10)),
            field("electionTimeoutMillis", FieldTypes.exact(value -> value > 0), new BsonInt32(10_000)),
            field("catchUpTimeoutMillis", FieldTypes.exact(value -> value >= -1), new BsonInt32(-1)),
            field("catchUpTakeoverDelayMillis", FieldTypes.exact(value -> value >= -1), new BsonInt32(30_000)),
            field("getLastErrorModes", FieldTypes::writeConcernModes, new BsonDocument()),
            field("getLastErrorDefaults", FieldTypes::lastErrorDefaults, FieldTypes.LAST_ERROR_DEFAULTS),
            optional("replicaSetId", FieldTypes::replicaSetId));

    private static final List<Field> MEMBER = List.of(
            required("_id", FieldTypes::memberId),
            required("host", FieldTypes::host),
            field("arbiterOnly", FieldTypes::flag, BsonBoolean.FALSE),
            optional("horizons", FieldTypes::document),
            optional("newlyAdded", FieldTypes::onlyTrue),
            field("buildIndexes", FieldTypes::flag, BsonBoolean.TRUE),
            field("hidden", FieldTypes::flag, BsonBoolean.FALSE),
            field("priority", FieldTypes::priority, new BsonDouble(1)),
            field("tags", FieldTypes::tags, new BsonDocument()),
            field(
                    "secondaryDelaySecs",
                    FieldTypes.whole(value -> value >= 0 && value <= MAX_DELAY_SECONDS),
                    new BsonInt64(0)),
            field("votes", FieldTypes.votes(), new BsonInt32(1)));

    private static final List<Field> CONFIG = List.of(
            required("_id", FieldTypes::text),
            required("version", FieldTypes.exact(value -> value > 0 && value <= Integer.MAX_VALUE)),
            field("term", FieldTypes.exact(value -> value >= -1 && value <= Integer.MAX_VALUE), new BsonInt32(-1)),
            required("members", ConfigFields::members),
            field("protocolVersion", FieldTypes.whole(value -> value == 1), new BsonInt64(1)),
            field("writeConcernMajorityJournalDefault", FieldTypes::flag, BsonBoolean.TRUE),
            optional("configsvr", FieldTypes::onlyKeptTrue),
            optional("repaired", FieldTypes::onlyFalse),
            field("settings", ConfigFields::settings, settings("settings", new BsonDocument())));

    private ConfigFields() {}

    private static Field required(String name, FieldTypes.Type type) {
        return new Field(name, type, Optional.empty());
    }

    /** Missing where it is not given. */
    private static Field optional(String name, FieldTypes.Type type) {
        return new Field(name, type, Optional.of(BsonNull.VALUE));
    }

    private static Field field(String name, FieldTypes.Type type, BsonValue byDefault) {
        return new Field(name, type, Optional.of(byDefault));
    }

    /**
     * The configuration with every field as the server keeps it, those included that were not given.
     *
     * @throws FieldTypes.Unreadable when the server cannot read it
     */
    static BsonDocument read(BsonDocument given) {
        requireKnown(given, CONFIG);
        return read(given, CONFIG);
    }

    private static void requireKnown(BsonDocument given, List<Field> fields) {
        Set<String> known = fields.stream().map(Field::name).collect(Collectors.toSet());
        given.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new FieldTypes.Unreadable(name, "is an unknown field");
                });
    }

    private static BsonDocument read(BsonDocument given, List<Field> fields) {
        BsonDocument read = new BsonDocument();
        for (Field field : fields) {
            BsonValue value = given.containsKey(field.name())
                    ? field.type().read(field.name(), given.get(field.name()))
                    : BsonNull.VALUE;
            if (value.isNull()) {
                value = field.byDefault()
                        .orElseThrow(() -> new FieldTypes.Unreadable(field.name(), "is missing but a required field"));
            }
            if (!value.isNull()) {
                read.put(field.name(), value instanceof BsonDocument document ? document.clone() : value);
            }
        }
        return read;
    }

    private static BsonValue members(String field, BsonValue given) {
        if (given.isNull()) {
            return given;
        }
        if (!given.isArray()) {
            throw new FieldTypes.Unreadable(field, "is not an array");
        }
        BsonArray members = new BsonArray();
        for (BsonValue member : given.asArray()) {
            if (!member.isDocument()) {
                throw new FieldTypes.Unreadable(field, "has a member that is not an object");
            }
            requireKnown(member.asDocument(), MEMBER);
            members.add(read(member.asDocument(), MEMBER));
        }
        return members;
    }

    /** Settings that the server does not know are dropped without a word. */
    private static BsonValue settings(String field, BsonValue given) {
        BsonValue document = FieldTypes.document(field, given);
        return document.isNull() ? document : read(document.asDocument(), SETTINGS);
    }
}
