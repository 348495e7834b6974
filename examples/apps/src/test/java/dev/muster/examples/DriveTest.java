package dev.muster.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the driver of the tracking example would notice what it is there to notice. */
@Timeout(30)
class DriveTest {
    @Test
    @DisplayName("a service that keeps everything loses nothing")
    void nothingIsLost() throws Exception {
        Drive.Outcome outcome = driveAgainst(DriveTest::never, DriveTest::never);
        assertThat(outcome.isGood()).isTrue();
        assertThat(outcome.acknowledged()).isGreaterThan(5);
        assertThat(outcome.repeated()).isZero();
    }

    @Test
    @DisplayName("a service that acknowledges one position and does not keep it is found out")
    void lossIsFound() throws Exception {
        Drive.Outcome outcome = driveAgainst(DriveTest::never, request -> request == 3);
        assertThat(outcome.lost()).isOne();
        assertThat(outcome.isGood()).isFalse();
    }

    @Test
    @DisplayName("what is refused is sent again until it is acknowledged")
    void refusedIsSentAgain() throws Exception {
        Drive.Outcome outcome = driveAgainst(request -> request == 2 || request == 4, DriveTest::never);
        assertThat(outcome.repeated()).isEqualTo(2);
        assertThat(outcome.isGood()).isTrue();
    }

    @Test
    @DisplayName("a run in which nothing was acknowledged is no good run")
    void emptyRunIsNoSuccess() {
        assertThat(new Drive.Outcome(0, 0, 0, Duration.ZERO, 0).isGood()).isFalse();
    }

    private static boolean never(int request) {
        return request < 0;
    }

    /** The requests are counted from 1, over all vehicles. */
    private static Drive.Outcome driveAgainst(IntPredicate refused, IntPredicate forgotten)
            throws IOException, InterruptedException {
        Map<String, List<Document>> kept = new ConcurrentHashMap<>();
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/vehicles/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            int status = 200;
            String answer = "";
            if (exchange.getRequestMethod().equals("POST")) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                int request = requests.incrementAndGet();
                status = refused.test(request) ? 503 : 201;
                if (status == 201 && !forgotten.test(request)) {
                    kept.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>())
                            .add(Document.parse(body));
                }
            } else {
                answer = Web.Answer.ok(kept.getOrDefault(path, List.of())).body();
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            return new Drive(address, Duration.ofMillis(500)).run();
        } finally {
            server.stop(0);
        }
    }
}
