package dev.muster.contract.fuzz;

import dev.muster.contract.ContractMembers;
import dev.muster.contract.Fleet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * One command, for whichever server it is put to.
 *
 * @param member the number of the member that gets it
 * @param what of a command on the configuration the {@link Edits}: for {@code replSetInitiate} of a configuration of
 *     that member alone, otherwise of the one that the server has, if any. Of other commands the command itself
 */
record Operation(Kind kind, int member, BsonDocument what) {
    enum Kind {
        INITIATE,
        RECONFIGURE,
        FORCE,
        COMMAND
    }

    /** The form in which numbers keep their types. */
    private static final JsonWriterSettings SHELL =
            JsonWriterSettings.builder().outputMode(JsonMode.SHELL).build();

    private static final Pattern TEXT = Pattern.compile("([a-z]+) (\\d) (\\{.*})");

    /** As {@link #toString} writes it. */
    static Operation parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an operation: " + text);
        }
        return new Operation(
                Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Integer.parseInt(matcher.group(2)),
                BsonDocument.parse(matcher.group(3)));
    }

    /**
     * The command for a server.
     *
     * @param current the configuration that it has; empty where it has none
     */
    BsonDocument command(BsonDocument current) {
        return switch (kind) {
            case COMMAND -> what;
            case INITIATE -> new BsonDocument("replSetInitiate", Edits.apply(alone(), what));
            case RECONFIGURE -> new BsonDocument("replSetReconfig", edited(current));
            case FORCE -> new BsonDocument("replSetReconfig", edited(current)).append("force", BsonBoolean.TRUE);
        };
    }

    private BsonDocument alone() {
        BsonDocument self = new BsonDocument("_id", new BsonInt32(0))
                .append("host", new BsonString(Fleet.host(member).toString()));
        return new BsonDocument("_id", new BsonString(ContractMembers.SET_NAME))
                .append("version", new BsonInt32(1))
                .append("members", new BsonArray(List.of(self)))
                .append("settings", new BsonDocument());
    }

    /** The next version, unless it is about the version. */
    private BsonDocument edited(BsonDocument stored) {
        BsonDocument current = stored.isEmpty() ? alone() : stored;
        BsonDocument edited = Edits.apply(current, what);
        if (!what.containsKey("version")) {
            edited.put("version", new BsonInt32(current.getNumber("version").intValue() + 1));
        }
        return edited;
    }

    Operation with(BsonDocument other) {
        return new Operation(kind, member, other);
    }

    @Override
    public String toString() {
        return "%s %d %s".formatted(kind.name().toLowerCase(Locale.ROOT), member, what.toJson(SHELL));
    }
}
