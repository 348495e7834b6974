package dev.muster.contract.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Changes of a configuration as a document, so that they can be kept as text and be made on the configuration of any
 * server. Each has a path such as {@code members.1.votes} and the new value. In place of a value there may be:
 *
 * <ul>
 *   <li>{@code {"$remove": 1}}: the field or the member is removed
 *   <li>{@code {"$plus": 2}}: it is that number more than it was
 *   <li>{@code {"$absent": 43, "votes": 1}}: so many members are added that there are not, each with these fields
 * </ul>
 */
final class Edits {
    static final String REMOVE = "$remove";
    static final String PLUS = "$plus";
    static final String ABSENT = "$absent";

    private Edits() {}

    /** The configuration after all edits, in their order. One whose place is not there changes nothing. */
    static BsonDocument apply(BsonDocument config, BsonDocument edits) {
        BsonDocument edited = config.clone();
        edits.clone().forEach((path, value) -> editAt(edited, path, value));
        return edited;
    }

    private static void editAt(BsonDocument config, String path, BsonValue value) {
        List<String> steps = new ArrayList<>(List.of(path.split("\\.")));
        String last = steps.removeLast();
        BsonValue place = config;
        for (String step : steps) {
            place = at(place, step);
        }
        if (place.isDocument()) {
            edit(place.asDocument(), last, value);
        } else if (place.isArray() && isIndex(last)) {
            edit(place.asArray(), Integer.parseInt(last), value);
        }
    }

    private static boolean isIndex(String step) {
        return step.matches("\\d+");
    }

    /** Null, as a BSON value, where there is nothing. */
    private static BsonValue at(BsonValue place, String step) {
        if (place.isDocument()) {
            return place.asDocument().getOrDefault(step, BsonNull.VALUE);
        }
        return place.isArray()
                        && isIndex(step)
                        && Integer.parseInt(step) < place.asArray().size()
                ? place.asArray().get(Integer.parseInt(step))
                : BsonNull.VALUE;
    }

    private static void edit(BsonDocument place, String field, BsonValue value) {
        if (isMarked(value, REMOVE)) {
            place.remove(field);
        } else if (isMarked(value, PLUS)) {
            place.put(field, sum(at(place, field), value.asDocument().getInt32(PLUS)));
        } else if (isMarked(value, ABSENT)) {
            addAbsent(place.getArray(field), value.asDocument());
        } else {
            place.put(field, value);
        }
    }

    private static void edit(BsonArray place, int index, BsonValue value) {
        if (index >= place.size()) {
            if (!isMarked(value, REMOVE)) {
                place.add(value);
            }
        } else if (isMarked(value, REMOVE)) {
            place.remove(index);
        } else {
            place.set(index, value);
        }
    }

    private static boolean isMarked(BsonValue value, String mark) {
        return value.isDocument() && value.asDocument().containsKey(mark);
    }

    private static BsonValue sum(BsonValue before, BsonInt32 more) {
        return before.isInt64()
                ? new BsonInt64(before.asInt64().getValue() + more.getValue())
                : new BsonInt32((before.isNumber() ? before.asNumber().intValue() : 0) + more.getValue());
    }

    private static void addAbsent(BsonArray members, BsonDocument what) {
        for (int number = 0; number < what.getInt32(ABSENT).getValue(); number++) {
            BsonDocument member = new BsonDocument("_id", new BsonInt32(100 + number))
                    .append("host", new BsonString(Base.absent(number)));
            for (Map.Entry<String, BsonValue> field : what.entrySet()) {
                if (!field.getKey().equals(ABSENT)) {
                    member.put(field.getKey(), field.getValue());
                }
            }
            members.add(member);
        }
    }
}
