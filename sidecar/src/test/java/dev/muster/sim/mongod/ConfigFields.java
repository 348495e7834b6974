package dev.muster.sim.mongod;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonNumber;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.ObjectId;

/**
 * The fields of a configuration, their types, limits and defaults. Some types are strict, some are not; and where a
 * field has a type, the server takes null for a field that is missing.
 */
final class ConfigFields {
    /** The server cannot read it. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String field, String why) {
            super("'%s' %s".formatted(field, why), null, false, false);
        }
    }

    @FunctionalInterface
    private interface Kind {
        /** The value as the server keeps it; null, as a BSON value, where the field counts as missing. */
        BsonValue read(String field, BsonValue given);
    }

    private record Field(String name, Kind kind, Optional<BsonValue> byDefault) {}

    private static final int MAX_INT_32 = Integer.MAX_VALUE;
    private static final int MAX_DELAY_SECONDS = 31_622_400;
    private static final int MAX_PRIORITY = 1000;

    /** What the server has in place of a default write concern; with another one it takes no configuration. */
    static final BsonDocument LAST_ERROR_DEFAULTS =
            new BsonDocument("w", new BsonInt32(1)).append("wtimeout", new BsonInt32(0));

    private static final Set<String> WRITE_CONCERN = Set.of("w", "wtimeout", "j", "fsync", "provenance");

    private static final List<Field> SETTINGS = List.of(
            field("chainingAllowed", ConfigFields::flag, BsonBoolean.TRUE),
            field("heartbeatIntervalMillis", exact(value -> value > 0), new BsonInt32(2000)),
            field("heartbeatTimeoutSecs", exact(value -> value > 0), new BsonInt32(10)),
            field("electionTimeoutMillis", exact(value -> value > 0), new BsonInt32(10_000)),
            field("catchUpTimeoutMillis", exact(value -> value >= -1), new BsonInt32(-1)),
            field("catchUpTakeoverDelayMillis", exact(value -> value >= -1), new BsonInt32(30_000)),
            field("getLastErrorModes", ConfigFields::writeConcernModes, new BsonDocument()),
            field("getLastErrorDefaults", ConfigFields::lastErrorDefaults, LAST_ERROR_DEFAULTS),
            optional("replicaSetId", ConfigFields::replicaSetId));

    private static final List<Field> MEMBER = List.of(
            required("_id", ConfigFields::memberId),
            required("host", ConfigFields::host),
            field("arbiterOnly", ConfigFields::flag, BsonBoolean.FALSE),
            optional("newlyAdded", ConfigFields::onlyTrue),
            field("buildIndexes", ConfigFields::flag, BsonBoolean.TRUE),
            field("hidden", ConfigFields::flag, BsonBoolean.FALSE),
            field("priority", ConfigFields::priority, new BsonDouble(1)),
            field("tags", ConfigFields::tags, new BsonDocument()),
            field("secondaryDelaySecs", whole(value -> value >= 0 && value <= MAX_DELAY_SECONDS), new BsonInt64(0)),
            field("votes", votes(), new BsonInt32(1)));

    private static final List<Field> CONFIG = List.of(
            required("_id", ConfigFields::text),
            required("version", exact(value -> value > 0 && value <= MAX_INT_32)),
            field("term", exact(value -> value >= -1 && value <= MAX_INT_32), new BsonInt32(-1)),
            required("members", ConfigFields::members),
            field("protocolVersion", whole(value -> value == 1), new BsonInt64(1)),
            field("writeConcernMajorityJournalDefault", ConfigFields::flag, BsonBoolean.TRUE),
            optional("configsvr", ConfigFields::onlyKeptTrue),
            optional("repaired", ConfigFields::onlyFalse),
            field("settings", ConfigFields::settings, settings("settings", new BsonDocument())));

    private ConfigFields() {}

    private static Field required(String name, Kind kind) {
        return new Field(name, kind, Optional.empty());
    }

    /** Missing where it is not given. */
    private static Field optional(String name, Kind kind) {
        return new Field(name, kind, Optional.of(BsonNull.VALUE));
    }

    private static Field field(String name, Kind kind, BsonValue byDefault) {
        return new Field(name, kind, Optional.of(byDefault));
    }

    /**
     * The configuration with every field as the server keeps it, those included that were not given.
     *
     * @throws Unreadable when the server cannot read it
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
                    throw new Unreadable(name, "is an unknown field");
                });
    }

    private static BsonDocument read(BsonDocument given, List<Field> fields) {
        BsonDocument read = new BsonDocument();
        for (Field field : fields) {
            BsonValue value = given.containsKey(field.name())
                    ? field.kind().read(field.name(), given.get(field.name()))
                    : BsonNull.VALUE;
            if (value.isNull()) {
                value = field.byDefault()
                        .orElseThrow(() -> new Unreadable(field.name(), "is missing but a required field"));
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
            throw new Unreadable(field, "is not an array");
        }
        BsonArray members = new BsonArray();
        for (BsonValue member : given.asArray()) {
            if (!member.isDocument()) {
                throw new Unreadable(field, "has a member that is not an object");
            }
            requireKnown(member.asDocument(), MEMBER);
            members.add(read(member.asDocument(), MEMBER));
        }
        return members;
    }

    /** Settings that the server does not know are dropped without a word. */
    private static BsonValue settings(String field, BsonValue given) {
        BsonValue document = document(field, given);
        return document.isNull() ? document : read(document.asDocument(), SETTINGS);
    }

    private static BsonValue document(String field, BsonValue given) {
        if (!given.isDocument() && !given.isNull()) {
            throw new Unreadable(field, "is not an object");
        }
        return given;
    }

    private static BsonValue text(String field, BsonValue given) {
        if (!given.isString() && !given.isNull()) {
            throw new Unreadable(field, "is not a string");
        }
        return given;
    }

    private static BsonValue strictFlag(String field, BsonValue given) {
        if (!given.isBoolean() && !given.isNull()) {
            throw new Unreadable(field, "is not a bool");
        }
        return given;
    }

    private static BsonValue onlyTrue(String field, BsonValue given) {
        if (strictFlag(field, given).equals(BsonBoolean.FALSE)) {
            throw new Unreadable(field, "is not true");
        }
        return given;
    }

    private static BsonValue onlyFalse(String field, BsonValue given) {
        if (!given.equals(BsonBoolean.FALSE)) {
            throw new Unreadable(field, "is not false");
        }
        return given;
    }

    /** False is the same as nothing. */
    private static BsonValue onlyKeptTrue(String field, BsonValue given) {
        if (!given.isBoolean()) {
            throw new Unreadable(field, "is not a bool");
        }
        return given.asBoolean().getValue() ? given : BsonNull.VALUE;
    }

    /** Any number is one too. */
    private static BsonValue flag(String field, BsonValue given) {
        return given.isNumber() ? BsonBoolean.valueOf(given.asNumber().doubleValue() != 0) : strictFlag(field, given);
    }

    private static BsonValue number(String field, BsonValue given) {
        if (!given.isNumber()) {
            throw new Unreadable(field, "is not a number");
        }
        return given;
    }

    /** A whole number, of whatever type: 2.0 is one, 2.5 is none, null is an error. */
    private static Kind exact(LongPredicate isInRange) {
        return (field, given) -> {
            BsonNumber number = number(field, given).asNumber();
            boolean isWhole = !number.isDouble() || number.doubleValue() == Math.rint(number.doubleValue());
            if (!isWhole || !isInRange.test(number.longValue())) {
                throw new Unreadable(field, "is not a whole number in its range");
            }
            return small(number.longValue());
        };
    }

    private static BsonValue small(long value) {
        return value == (int) value ? new BsonInt32((int) value) : new BsonInt64(value);
    }

    /** A number of which only the whole part counts. */
    private static Kind whole(LongPredicate isInRange) {
        return (field, given) -> {
            if (given.isNull()) {
                return given;
            }
            long value = number(field, given).asNumber().longValue();
            if (!isInRange.test(value)) {
                throw new Unreadable(field, "is out of range");
            }
            return new BsonInt64(value);
        };
    }

    /** The lower half of any number; null is an error. */
    private static BsonValue memberId(String field, BsonValue given) {
        int id = number(field, given).asNumber().intValue();
        if (id < 0) {
            throw new Unreadable(field, "is negative");
        }
        return new BsonInt32(id);
    }

    private static Kind votes() {
        Kind whole = whole(value -> value == 0 || value == 1);
        return (field, given) -> {
            BsonValue votes = whole.read(field, given);
            return votes.isNull() ? votes : small(votes.asInt64().getValue());
        };
    }

    private static BsonValue priority(String field, BsonValue given) {
        if (given.isNull()) {
            return given;
        }
        double priority = number(field, given).asNumber().doubleValue();
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new Unreadable(field, "is out of range");
        }
        return new BsonDouble(priority);
    }

    private static BsonValue tags(String field, BsonValue given) {
        BsonValue tags = document(field, given);
        if (!tags.isNull() && tags.asDocument().values().stream().anyMatch(tag -> !tag.isString())) {
            throw new Unreadable(field, "has a non-string value");
        }
        return tags;
    }

    /** With the port made explicit. */
    private static BsonValue host(String field, BsonValue given) {
        BsonValue text = text(field, given);
        if (text.isNull()) {
            return text;
        }
        return new BsonString(MemberHost.read(field, text.asString().getValue()));
    }

    private static BsonValue lastErrorDefaults(String field, BsonValue given) {
        BsonValue concern = document(field, given);
        if (concern.isNull()) {
            return concern;
        }
        if (!WRITE_CONCERN.containsAll(concern.asDocument().keySet())) {
            throw new Unreadable(field, "has an unknown field");
        }
        BsonDocument whole = LAST_ERROR_DEFAULTS.clone();
        whole.putAll(concern.asDocument());
        return whole;
    }

    private static BsonValue writeConcernModes(String field, BsonValue given) {
        if (!given.isDocument()) {
            throw new Unreadable(field, "is not an object");
        }
        BsonDocument modes = new BsonDocument();
        given.asDocument().forEach((mode, tags) -> {
            if (!tags.isDocument()) {
                throw new Unreadable(field, "has a mode that is not an object");
            }
            BsonDocument counts = new BsonDocument();
            tags.asDocument().forEach((tag, count) -> {
                int whole = number(field, count).asNumber().intValue();
                if (whole <= 0) {
                    throw new Unreadable(field, "has a count that is not positive");
                }
                counts.put(tag, new BsonInt32(whole));
            });
            modes.put(mode, counts);
        });
        return modes;
    }

    private static BsonValue replicaSetId(String field, BsonValue given) {
        if (given.isNull()) {
            return given;
        }
        if (!given.isObjectId() || given.asObjectId().getValue().equals(new ObjectId(new byte[12]))) {
            throw new Unreadable(field, "is no id of a set");
        }
        return given;
    }
}
