package dev.muster.examples;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.geojson.Point;
import com.mongodb.client.model.geojson.Position;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.json.JsonParseException;

/**
 * Where vehicles are and were, on port 8080. An answer with status 200 or 201 to a POST is a promise: a majority of the
 * set has the position. The same position sent again is stored once, so a client that got no answer repeats it.
 */
public final class Tracking {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration WRITABLE_WITHIN = Duration.ofMinutes(5);
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int MOST_OF_HISTORY = 5000;
    private static final int MOST_NEAR = 100;
    private static final int LARGEST_BODY = 4096;
    private static final Pattern VEHICLE =
            Pattern.compile("/vehicles/(?<vehicle>[A-Za-z0-9_-]{1,64})/(?<what>positions|position)");
    private static final Bson WITHOUT_ID = new Document("_id", 0);

    private final MongoClient client;

    /** Every position of the last days, one document for each. */
    private final MongoCollection<Document> positions;

    /** The last position of each vehicle: what is near is looked up here. */
    private final MongoCollection<Document> vehicles;

    private Tracking(MongoClient client) {
        this.client = client;
        // Said here, not left to the URI: the answers promise it.
        MongoDatabase database = client.getDatabase("tracking").withWriteConcern(WriteConcern.MAJORITY);
        positions = database.getCollection("positions");
        vehicles = database.getCollection("vehicles");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Tracking tracking = new Tracking(Database.connect());
        tracking.makeIndexes();
        Web.serve(tracking::answer);
    }

    /** Until the set takes them: before it is formed there is no primary, and a moment longer no user. */
    private void makeIndexes() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                positions.createIndex(
                        Indexes.compoundIndex(Indexes.ascending("vehicle"), Indexes.descending("at")),
                        new IndexOptions().unique(true));
                positions.createIndex(
                        Indexes.ascending("at"), new IndexOptions().expireAfter(KEPT.toSeconds(), TimeUnit.SECONDS));
                vehicles.createIndex(Indexes.geo2dsphere("location"));
                return;
            } catch (MongoException e) {
                if (System.nanoTime() - start > WRITABLE_WITHIN.toNanos()) {
                    throw e;
                }
                System.out.println("not writable yet: " + e.getMessage());
                Thread.sleep(BETWEEN);
            }
        }
    }

    private Web.Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/healthz")) {
            return health();
        }
        if (path.equals("/vehicles/near")) {
            return near(query(exchange));
        }
        Matcher matcher = VEHICLE.matcher(path);
        if (!matcher.matches()) {
            return Web.Answer.error(
                    404, "there are /vehicles/{id}/positions, /vehicles/{id}/position, /vehicles/near and /healthz");
        }
        String vehicle = matcher.group("vehicle");
        return switch (exchange.getRequestMethod() + " " + matcher.group("what")) {
            case "POST positions" -> store(vehicle, exchange.getRequestBody().readNBytes(LARGEST_BODY));
            case "GET positions" -> history(vehicle);
            case "GET position" -> last(vehicle);
            default -> Web.Answer.error(405, "that is not done here");
        };
    }

    private Web.Answer store(String vehicle, byte[] body) {
        Document sent;
        try {
            sent = Document.parse(new String(body, StandardCharsets.UTF_8));
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
        }
        Point location = point(number(sent, "longitude"), number(sent, "latitude"));
        Date at = Date.from(time(sent));
        boolean isNew = insert(new Document("vehicle", vehicle).append("at", at).append("location", location));
        // After the history: whoever gets no answer sends it again, and comes to here too.
        move(vehicle, at, location);
        Document stored =
                new Document("vehicle", vehicle).append("at", at.toInstant().toString());
        return isNew ? Web.Answer.created(stored) : Web.Answer.ok(stored);
    }

    /** Whether it was not there yet. */
    private boolean insert(Document position) {
        try {
            positions.insertOne(position);
            return true;
        } catch (MongoWriteException e) {
            if (ErrorCategory.fromErrorCode(e.getCode()) != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
            return false;
        }
    }

    /** Unless it is there already, or was further on: then the upsert meets the vehicle's own id. */
    private void move(String vehicle, Date at, Point location) {
        try {
            vehicles.updateOne(
                    Filters.and(Filters.eq("_id", vehicle), Filters.lt("at", at)),
                    Updates.combine(Updates.set("at", at), Updates.set("location", location)),
                    new UpdateOptions().upsert(true));
        } catch (MongoWriteException e) {
            if (ErrorCategory.fromErrorCode(e.getCode()) != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
        }
    }

    private Web.Answer last(String vehicle) {
        Document found = vehicles.find(Filters.eq("_id", vehicle)).first();
        return found == null ? Web.Answer.error(404, "that vehicle was never seen") : Web.Answer.ok(shown(found));
    }

    private Web.Answer history(String vehicle) {
        return Web.Answer.ok(positions
                .find(Filters.eq("vehicle", vehicle))
                .projection(WITHOUT_ID)
                .sort(Sorts.descending("at"))
                .limit(MOST_OF_HISTORY)
                .map(Tracking::shown)
                .into(new ArrayList<>()));
    }

    /** The nearest first. */
    private Web.Answer near(Map<String, String> query) {
        Point centre = point(number(query, "longitude"), number(query, "latitude"));
        return Web.Answer.ok(vehicles.find(Filters.nearSphere("location", centre, number(query, "metres"), 0.0))
                .limit(MOST_NEAR)
                .map(Tracking::shown)
                .into(new ArrayList<>()));
    }

    private static Document shown(Document stored) {
        Object vehicle = stored.containsKey("vehicle") ? stored.get("vehicle") : stored.get("_id");
        List<Double> coordinates = stored.get("location", Document.class).getList("coordinates", Double.class);
        return new Document("vehicle", vehicle)
                .append("at", stored.getDate("at").toInstant().toString())
                .append("longitude", coordinates.get(0))
                .append("latitude", coordinates.get(1));
    }

    /** What the driver knows, without asking: a probe must not wait for a database that is away. */
    private Web.Answer health() {
        return client.getClusterDescription().hasReadableServer(ReadPreference.primaryPreferred())
                ? Web.Answer.ok(new Document("database", "readable"))
                : Web.Answer.error(503, "no member of the set is known to answer");
    }

    private static Point point(double longitude, double latitude) {
        if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) {
            throw new IllegalArgumentException(
                    "no such place: longitude %s, latitude %s".formatted(longitude, latitude));
        }
        return new Point(new Position(longitude, latitude));
    }

    /** The server keeps milliseconds, so the rest would make a repetition look new. */
    private static Instant time(Document sent) {
        try {
            return Instant.ofEpochMilli(
                    Instant.parse(String.valueOf(sent.get("at"))).toEpochMilli());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("at: a time such as 2026-11-21T06:00:00.000Z is needed", e);
        }
    }

    private static double number(Document sent, String name) {
        if (sent.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + ": a number is needed");
    }

    private static double number(Map<String, String> query, String name) {
        try {
            return Double.parseDouble(query.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": a number is needed", e);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getQuery();
        for (String pair : text == null ? new String[0] : text.split("&", -1)) {
            int sign = pair.indexOf('=');
            if (sign > 0) {
                query.put(pair.substring(0, sign), pair.substring(sign + 1));
            }
        }
        return query;
    }
}
