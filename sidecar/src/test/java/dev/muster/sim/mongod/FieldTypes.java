package dev.muster.sim.mongod;

import java.util.Set;
import java.util.function.LongPredicate;
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
 * The types of a configuration's fields, as the server reads them. Some are strict, some are not. For most of them null
 * is a field that is missing, for some it is an error.
 */
final class FieldTypes {
    /** The server cannot read it. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String field, String why) {
            super("'%s' %s".formatted(field, why), null, false, false);
        }
    }

    @FunctionalInterface
    interface Type {
        /** The value as the server keeps it; null, as a BSON value, where the field counts as missing. */
        BsonValue read(String field, BsonValue given);
    }

    /** What the server has in place of a default write concern; with another one it takes no configuration. */
    static final BsonDocument LAST_ERROR_DEFAULTS =
            new BsonDocument("w", new BsonInt32(1)).append("wtimeout", new BsonInt32(0));

    private static final Set<String> WRITE_CONCERN = Set.of("w", "wtimeout", "j", "fsync", "provenance");
    private static final int MAX_PRIORITY = 1000;

    private FieldTypes() {}

    static BsonValue document(String field, BsonValue given) {
        if (!given.isDocument() && !given.isNull()) {
            throw new Unreadable(field, "is not an object");
        }
        return given;
    }

    static BsonValue text(String field, BsonValue given) {
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

    static BsonValue onlyTrue(String field, BsonValue given) {
        if (strictFlag(field, given).equals(BsonBoolean.FALSE)) {
            throw new Unreadable(field, "is not true");
        }
        return given;
    }

    static BsonValue onlyFalse(String field, BsonValue given) {
        if (!given.equals(BsonBoolean.FALSE)) {
            throw new Unreadable(field, "is not false");
        }
        return given;
    }

    /** False is the same as nothing. */
    static BsonValue onlyKeptTrue(String field, BsonValue given) {
        if (!given.isBoolean()) {
            throw new Unreadable(field, "is not a bool");
        }
        return given.asBoolean().getValue() ? given : BsonNull.VALUE;
    }

    /** Any number is one too. */
    static BsonValue flag(String field, BsonValue given) {
        return given.isNumber() ? BsonBoolean.valueOf(given.asNumber().doubleValue() != 0) : strictFlag(field, given);
    }

    private static BsonValue number(String field, BsonValue given) {
        if (!given.isNumber()) {
            throw new Unreadable(field, "is not a number");
        }
        return given;
    }

    /** A whole number, of whatever type: 2.0 is one, 2.5 is none, null is an error. */
    static Type exact(LongPredicate isInRange) {
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
    static Type whole(LongPredicate isInRange) {
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
    static BsonValue memberId(String field, BsonValue given) {
        int id = number(field, given).asNumber().intValue();
        if (id < 0) {
            throw new Unreadable(field, "is negative");
        }
        return new BsonInt32(id);
    }

    static Type votes() {
        Type whole = whole(value -> value == 0 || value == 1);
        return (field, given) -> {
            BsonValue votes = whole.read(field, given);
            return votes.isNull() ? votes : small(votes.asInt64().getValue());
        };
    }

    static BsonValue priority(String field, BsonValue given) {
        if (given.isNull()) {
            return given;
        }
        double priority = number(field, given).asNumber().doubleValue();
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new Unreadable(field, "is out of range");
        }
        return new BsonDouble(priority);
    }

    static BsonValue tags(String field, BsonValue given) {
        BsonValue tags = document(field, given);
        if (!tags.isNull() && tags.asDocument().values().stream().anyMatch(tag -> !tag.isString())) {
            throw new Unreadable(field, "has a non-string value");
        }
        return tags;
    }

    /** With the port made explicit. */
    static BsonValue host(String field, BsonValue given) {
        BsonValue text = text(field, given);
        if (text.isNull()) {
            return text;
        }
        return new BsonString(MemberHost.read(field, text.asString().getValue()));
    }

    static BsonValue lastErrorDefaults(String field, BsonValue given) {
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

    static BsonValue writeConcernModes(String field, BsonValue given) {
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

    static BsonValue replicaSetId(String field, BsonValue given) {
        if (given.isNull()) {
            return given;
        }
        if (!given.isObjectId() || given.asObjectId().getValue().equals(new ObjectId(new byte[12]))) {
            throw new Unreadable(field, "is no id of a set");
        }
        return given;
    }
}
