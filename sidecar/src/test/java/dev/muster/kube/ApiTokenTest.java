package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kubelet replaces the service account's token before it expires: after 48 minutes of an hour. The API server here
 * accepts one token only, as the real one does when the other has expired.
 */
@Timeout(20)
class ApiTokenTest {
    private static final String OBJECT = "{\"spec\":{\"replicas\":3}}";

    @TempDir
    private Path directory = Path.of("");

    private final Map<String, String> properties = new HashMap<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String accepted = "first";
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    ApiTokenTest() throws IOException {}

    @BeforeEach
    void start() throws IOException {
        server.createContext("/", this::answer);
        server.start();
        Path token = Files.writeString(directory.resolve("token"), "first");
        set(
                Config.KUBERNETES_MASTER_SYSTEM_PROPERTY,
                "http://127.0.0.1:" + server.getAddress().getPort());
        set(Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY, token.toString());
        set(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        properties.forEach((name, before) -> {
            if (before.isEmpty()) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        });
    }

    @Test
    void aRequestIsMadeAgainWithTheTokenThatIsInTheFileNow() throws IOException {
        try (Api api = new Api()) {
            assertThat(api.get("/object")).isEqualTo(new Answer.Ok(Document.parse(OBJECT)));

            rotate();

            assertThat(api.get("/object")).isEqualTo(new Answer.Ok(Document.parse(OBJECT)));
            assertThat(api.merge("/object", new Document("a", 1))).isInstanceOf(Answer.Ok.class);
        }
        assertThat(seen).containsExactly("Bearer first", "Bearer first", "Bearer second", "Bearer second");
    }

    /** In the steady state a sidecar only watches. */
    @Test
    void aWatchBeginsWithTheTokenThatIsInTheFileNow() throws Exception {
        List<Document> events = new CopyOnWriteArrayList<>();
        try (Api api = new Api()) {
            assertThat(api.watch("/watch", Duration.ofSeconds(5), events::add)).isEmpty();

            rotate();

            assertThat(api.watch("/watch", Duration.ofSeconds(5), events::add)).isEmpty();
        }
        assertThat(events).containsExactly(Document.parse(OBJECT), Document.parse(OBJECT));
        assertThat(seen).containsExactly("Bearer first", "Bearer first", "Bearer second");
    }

    private void rotate() throws IOException {
        Files.writeString(directory.resolve("token"), "second");
        accepted = "second";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            seen.add(authorization);
            boolean isAccepted = authorization.equals("Bearer " + accepted);
            byte[] body =
                    (isAccepted ? OBJECT + "\n" : "{\"message\":\"Unauthorized\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(isAccepted ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void set(String property, String value) {
        properties.putIfAbsent(property, System.getProperty(property, ""));
        System.setProperty(property, value);
    }
}
