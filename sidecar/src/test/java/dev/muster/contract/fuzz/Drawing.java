package dev.muster.contract.fuzz;

import dev.muster.contract.Fleet;
import java.util.List;
import java.util.Random;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Random operations. What is never drawn, as no simulated mongod has it:
 *
 * <ul>
 *   <li>{@code horizons}: there is no TLS, without which they mean nothing
 *   <li>an election timeout or a heartbeat so short or so long that it decides for itself when a set comes to rest
 *   <li>a timeout of heartbeats of more than 2^31 ms: all other members refuse such a heartbeat
 *   <li>a time of nearly 2^63 ms, or customized {@code getLastErrorDefaults} of a first configuration: the server
 *       aborts, which is no answer
 *   <li>a version near 2^31: the server takes it, and then answers no other reconfiguration
 *   <li>two names of one mongod, unless it is the one that gets the command: such a set does not come to rest
 *   <li>a host with a slash: it is a socket's path to the server
 *   <li>an anonymous client: to a real mongod it is on the same machine, and may create the first user
 *   <li>users with other roles than root, and what they may do
 * </ul>
 */
final class Drawing {
    private final Random random;

    Drawing(Random random) {
        this.random = random;
    }

    /** An operation after some base, on that configuration. */
    Operation draw(Base base, BsonDocument config) {
        if (base == Base.USERS) {
            return new Operation(Operation.Kind.COMMAND, random.nextInt(2), user());
        }
        if (base == Base.EMPTY) {
            return new Operation(Operation.Kind.INITIATE, random.nextInt(8) == 0 ? 1 : 0, initiation());
        }
        int kind = random.nextInt(20);
        int members = config.getArray("members").size();
        // What one knows that is no member is a matter of chance.
        int other = isMember(config, 1) ? 1 : 0;
        if (kind == 0) {
            return new Operation(Operation.Kind.INITIATE, 0, initiation());
        }
        return kind < 12
                ? new Operation(Operation.Kind.RECONFIGURE, random.nextInt(10) == 0 ? other : 0, edits(members))
                : new Operation(Operation.Kind.FORCE, random.nextInt(4) == 0 ? other : 0, edits(members));
    }

    private static boolean isMember(BsonDocument config, int number) {
        return config.getArray("members").stream()
                .map(member -> member.asDocument().getString("host").getValue())
                .anyMatch(List.of(
                        Fleet.host(number).toString(), Fleet.secondHost(number).toString())::contains);
    }

    private BsonDocument user() {
        String name = random.nextBoolean() ? "createUser" : "updateUser";
        BsonDocument command = new BsonDocument(name, one("'anna'", "'ben'", "'anna'", "''"));
        command.put("pwd", one("'secret'", "'other'", "'secret'", "''"));
        if (name.equals("createUser")) {
            command.put("roles", new BsonArray(List.of(new BsonString("root"))));
        }
        return command;
    }

    /** With up to two other members, and what goes for a reconfiguration too. */
    private BsonDocument initiation() {
        BsonDocument edits = new BsonDocument();
        int more = Math.max(0, random.nextInt(5) - 2);
        for (int member = 1; member <= more; member++) {
            edits.put("members." + member, member(member));
        }
        if (random.nextInt(8) != 0) {
            edits.putAll(edits(more + 1));
        }
        edits.remove("settings.getLastErrorDefaults");
        return edits;
    }

    /**
     * One in most cases; several together, each of which may be fine alone. Many members that are not there come alone:
     * with a new name of its own, a member looks for itself among all of them, for longer than a command may take.
     */
    private BsonDocument edits(int members) {
        if (random.nextInt(12) == 0) {
            return new BsonDocument(
                    "members", random.nextBoolean() ? absent(50 - members, "0") : absent(7 - members, "1"));
        }
        BsonDocument edits = new BsonDocument();
        int count = random.nextInt(2) == 0 ? 1 : 1 + random.nextInt(3);
        for (int edit = 0; edit < count; edit++) {
            switch (random.nextInt(10)) {
                case 0, 1 -> whole(edits);
                case 2 -> settings(edits);
                case 3, 4 -> edits.put("members." + members, member(random.nextInt(8)));
                case 5 -> {
                    // Removing one moves those behind it.
                    if (edits.isEmpty()) {
                        edits.put("members." + random.nextInt(members), one(FieldValues.REMOVED));
                    }
                }
                default -> member(edits, random.nextInt(members));
            }
        }
        return edits;
    }

    private void whole(BsonDocument edits) {
        switch (random.nextInt(10)) {
            case 0 -> edits.put("_id", one(FieldValues.SET_NAMES));
            case 1, 2, 3 -> edits.put("version", one(FieldValues.VERSIONS));
            case 4, 5 -> edits.put("term", one(FieldValues.TERMS));
            case 6 -> edits.put("protocolVersion", one(FieldValues.PROTOCOLS));
            case 7 -> edits.put("members", one(FieldValues.MEMBERS));
            case 8 ->
                edits.put(name("writeConcernMajorityJournalDefault", "configsvr", "repaired"), one(FieldValues.FLAGS));
            default -> edits.put(name("unknown", "priority", "Version", "$db"), one("1", "null"));
        }
    }

    private void settings(BsonDocument edits) {
        switch (random.nextInt(12)) {
            case 0 -> edits.put("settings", one("{}", "5", "null", "[]", "{$remove: 1}"));
            case 1, 2 -> edits.put("settings.replicaSetId", one(FieldValues.SET_IDS));
            case 3, 4 -> edits.put("settings.chainingAllowed", one(FieldValues.FLAGS));
            case 5 -> edits.put("settings.getLastErrorDefaults", one(FieldValues.LAST_ERROR_DEFAULTS));
            case 6 -> edits.put("settings.getLastErrorModes", one(FieldValues.LAST_ERROR_MODES));
            case 7 -> edits.put("settings.unknown", one("1", "null", "{}"));
            default -> {
                String field = name(
                        "heartbeatIntervalMillis",
                        "heartbeatTimeoutSecs",
                        "electionTimeoutMillis",
                        "catchUpTimeoutMillis",
                        "catchUpTakeoverDelayMillis");
                edits.put(
                        "settings." + field,
                        one(field.equals("heartbeatIntervalMillis") ? FieldValues.INTERVALS : FieldValues.TIMES));
            }
        }
    }

    /** So many that a set has just as many as it may have, or one more. */
    private BsonValue absent(int count, String votes) {
        return parse("{$absent: %d, votes: %s, priority: %s}".formatted(count + random.nextInt(2), votes, votes));
    }

    /** A new member: mostly the one of that number. */
    private BsonDocument member(int number) {
        BsonDocument member = new BsonDocument("_id", parse(Integer.toString(number)));
        if (number < Fleet.MEMBERS && random.nextInt(6) != 0) {
            member.put("host", new BsonString(Fleet.host(number).toString()));
        } else {
            member.put("host", one(FieldValues.HOSTS));
        }
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                member.put("votes", parse("0"));
                member.put("priority", parse("0"));
            }
            case 3 -> member.put("arbiterOnly", one(FieldValues.FLAGS));
            case 4 -> {
                String field = field();
                member.put(field, valueOf(field));
            }
            default -> {}
        }
        return member;
    }

    private void member(BsonDocument edits, int index) {
        String at = "members.%d.".formatted(index);
        switch (random.nextInt(8)) {
            case 0 -> {
                edits.put(at + "votes", parse("0"));
                edits.put(at + "priority", parse("0"));
            }
            case 1 -> {
                edits.put(at + "priority", parse("0"));
                String field = name("hidden", "secondaryDelaySecs", "buildIndexes", "arbiterOnly");
                edits.put(at + field, valueOf(field));
            }
            case 2 ->
                edits.put(at + "host", new BsonString(Fleet.secondHost(index).toString()));
            default -> {
                String field = field();
                edits.put(at + field, valueOf(field));
            }
        }
    }

    private String field() {
        return name(
                "_id",
                "host",
                "host",
                "votes",
                "priority",
                "hidden",
                "secondaryDelaySecs",
                "arbiterOnly",
                "buildIndexes",
                "tags",
                "newlyAdded",
                "unknown");
    }

    private BsonValue valueOf(String field) {
        // Any field may be missing.
        if (random.nextInt(12) == 0) {
            return one(FieldValues.REMOVED);
        }
        return switch (field) {
            case "_id" -> one(FieldValues.IDS);
            case "host" -> random.nextInt(10) == 0 ? one(FieldValues.NO_HOSTS) : one(FieldValues.HOSTS);
            case "votes" -> one(FieldValues.VOTES);
            case "priority" -> one(FieldValues.PRIORITIES);
            case "secondaryDelaySecs" -> one(FieldValues.DELAYS);
            case "tags" -> one(FieldValues.TAGS);
            default -> one(FieldValues.FLAGS);
        };
    }

    private BsonValue one(List<String> values) {
        return parse(values.get(random.nextInt(values.size())));
    }

    private BsonValue one(String... values) {
        return one(List.of(values));
    }

    private String name(String... names) {
        return names[random.nextInt(names.length)];
    }

    private static BsonValue parse(String json) {
        return BsonArray.parse("[" + json + "]").getFirst();
    }
}
