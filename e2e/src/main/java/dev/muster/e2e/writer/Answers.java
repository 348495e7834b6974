package dev.muster.e2e.writer;

import com.mongodb.MongoException;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** What the applications here answer to the tests. */
final class Answers {
    static final int PORT = 8080;

    static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    private Answers() {}

    /** A document; status 503 and the error if the set does not give it. */
    static void json(HttpExchange exchange, Supplier<Document> answer) throws IOException {
        try {
            send(exchange, 200, answer.get().toJson(JSON));
        } catch (MongoException e) {
            send(exchange, 503, new Document("error", e.toString()).toJson());
        }
    }

    static void text(HttpExchange exchange, String text) throws IOException {
        send(exchange, 200, text);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
