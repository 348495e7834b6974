package dev.muster.examples;

import com.mongodb.MongoException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/** JSON over HTTP with what the JDK has. */
final class Web {
    static final int PORT = 8080;

    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    /** Longer than a Service takes to learn that this pod is going away. */
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private Web() {}

    record Answer(int status, String body) {
        static Answer ok(Document document) {
            return new Answer(200, document.toJson(JSON));
        }

        static Answer ok(List<Document> documents) {
            return new Answer(
                    200,
                    documents.stream().map(each -> each.toJson(JSON)).collect(Collectors.joining(",\n", "[", "]")));
        }

        static Answer created(Document document) {
            return new Answer(201, document.toJson(JSON));
        }

        static Answer error(int status, String message) {
            return new Answer(status, new Document("error", message).toJson());
        }
    }

    interface Handler {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    /** Serves until the process is told to end; requests under way are answered then. */
    static void serve(Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> send(exchange, answer(handler, exchange)));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Thread.sleep(GOODBYE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            server.stop(Math.toIntExact(GOODBYE.toSeconds()));
        }));
        System.out.println("listening on port " + PORT);
    }

    private static Answer answer(Handler handler, HttpExchange exchange) throws IOException {
        try {
            return handler.answer(exchange);
        } catch (MongoException e) {
            System.err.println(exchange.getRequestURI() + ": " + e);
            return Answer.error(503, "the database does not answer; try again");
        } catch (IllegalArgumentException e) {
            return Answer.error(400, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            System.err.println(exchange.getRequestURI() + ": " + e);
            return Answer.error(500, "a fault of this program; its log says more");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = (answer.body() + "\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
