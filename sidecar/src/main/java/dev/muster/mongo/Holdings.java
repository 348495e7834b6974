package dev.muster.mongo;

import dev.muster.model.LocalMongod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code mongod} without a replica set configuration holds. In that state it refuses to list databases and to
 * read anything outside {@code local} (code 13436). It only answers with counts from its catalog, which it loads before
 * it listens, and with its users. See DESIGN.md for what was measured.
 */
final class Holdings {
    private static final BsonDocument CATALOG_STATS = new BsonDocument("serverStatus", new BsonInt32(1))
            // These two are 95 of 109 kB.
            .append("metrics", new BsonInt32(0))
            .append("wiredTiger", new BsonInt32(0));

    private static final BsonDocument USERS =
            new BsonDocument("usersInfo", new BsonDocument("forAllDBs", BsonBoolean.TRUE));

    /** Counts of what is in {@code admin}, {@code config} and {@code local}. All others count databases of its own. */
    private static final Set<String> INTERNAL = Set.of("internalCollections", "internalViews");

    /** What a standalone server creates by itself: {@code admin.system.version}, {@code config.system.sessions}. */
    private static final long SERVERS_OWN = 2;

    private static final int MOST_USERS = 5;
    private static final int LONGEST_NAME = 60;

    private Holdings() {}

    /**
     * Looks at a mongod that has no configuration.
     *
     * @return {@code NotYetInitialized}, {@code HoldsData}, or another value while neither is known
     * @throws com.mongodb.MongoException when it does not answer
     */
    static LocalMongod read(Admin admin) {
        long local = localCollections(admin);
        BsonDocument stats = admin.read(CATALOG_STATS).getDocument("catalogStats", new BsonDocument());
        List<BsonDocument> users = admin.read(USERS).getArray("users").stream()
                .map(BsonValue::asDocument)
                .toList();
        if (localCollections(admin) != local) {
            // It is creating its collections in local, so the counts are from different moments.
            return new LocalMongod.Starting();
        }
        if (!stats.containsKey("collections") || !stats.containsKey("internalCollections")) {
            return new LocalMongod.Misconfigured(
                    "serverStatus has no catalogStats, so it is not known whether mongod is empty: use version 7 or"
                            + " later");
        }
        List<String> held = held(local, stats, users);
        if (held.isEmpty()) {
            return new LocalMongod.NotYetInitialized();
        }
        addOldestStart(held, admin.oldestStart());
        return new LocalMongod.HoldsData(String.join(", ", held));
    }

    /**
     * The data that these answers show, each as part of a sentence; empty where there is none.
     *
     * @param local how many of the internal collections are in {@code local}
     */
    static List<String> held(long local, BsonDocument stats, List<BsonDocument> users) {
        List<String> held = new ArrayList<>();
        addDatabases(held, stats);
        addUsers(held, users);
        long others = count(stats, "internalCollections") - local - SERVERS_OWN;
        if (held.isEmpty() && others > 0) {
            held.add(counted(others, "collection") + " in admin or config that a standalone server does not create");
        }
        return held;
    }

    private static long localCollections(Admin admin) {
        return admin.localStats().getNumber("collections").longValue();
    }

    private static void addDatabases(List<String> held, BsonDocument stats) {
        List<String> counts = new ArrayList<>();
        addCount(counts, count(stats, "collections"), "collection");
        addCount(counts, count(stats, "timeseries"), "time series collection");
        addCount(counts, count(stats, "views"), "view");
        if (counts.isEmpty()) {
            // These counts include other kinds today, but may not in another version.
            stats.keySet().stream()
                    .filter(kind -> !INTERNAL.contains(kind) && count(stats, kind) > 0)
                    .forEach(kind -> counts.add(kind + " " + count(stats, kind)));
        }
        if (!counts.isEmpty()) {
            held.add(String.join(" and ", counts) + " in databases of its own");
        }
    }

    private static void addUsers(List<String> held, List<BsonDocument> users) {
        if (users.isEmpty()) {
            return;
        }
        List<String> names = users.stream()
                .map(user -> name(user, "user") + "@" + name(user, "db"))
                .sorted()
                .limit(MOST_USERS)
                .toList();
        int more = users.size() - names.size();
        held.add((users.size() == 1 ? "user " : "users ")
                + String.join(" ", names)
                + (more > 0 ? " and %d more".formatted(more) : ""));
    }

    private static void addOldestStart(List<String> held, @Nullable BsonDocument start) {
        if (start != null) {
            Instant at = Instant.ofEpochMilli(
                    start.getDateTime("startTime", new BsonDateTime(0)).getValue());
            held.add("oldest entry of local.startup_log from %s on host %s".formatted(at, name(start, "hostname")));
        }
    }

    private static void addCount(List<String> counts, long count, String kind) {
        if (count > 0) {
            counts.add(counted(count, kind));
        }
    }

    private static String counted(long count, String kind) {
        return "%d %s%s".formatted(count, kind, count == 1 ? "" : "s");
    }

    private static long count(BsonDocument stats, String kind) {
        BsonValue count = stats.get(kind);
        return count != null && count.isNumber() ? count.asNumber().longValue() : 0;
    }

    /** Users choose these names: they may be long, and contain control characters. */
    private static String name(BsonDocument document, String field) {
        String name = document.getString(field, new BsonString("?")).getValue().replaceAll("\\p{Cntrl}", "?");
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }
}
