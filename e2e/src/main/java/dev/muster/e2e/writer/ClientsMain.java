package dev.muster.e2e.writer;

import com.sun.net.httpserver.HttpServer;
import dev.muster.judge.clients.DriverClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Clients whose history is judged. On port 8080 they answer {@code GET /report}, {@code POST /stop} (starts to stop and
 * to judge them, and answers at once; the report says when that is done) and {@code GET /history}. They print the report
 * every ten seconds.
 */
public final class ClientsMain {
    private ClientsMain() {}

    /**
     * Environment: MONGODB_URIS (one client for each; separated by white space), MONGODB_USER, MONGODB_PASSWORD,
     * CLIENTS_SEED.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> uris = List.of(Environment.variable("MONGODB_URIS").split("\\s+"));
        String credentials = encoded("MONGODB_USER") + ":" + encoded("MONGODB_PASSWORD") + "@";
        DriverClients clients = new DriverClients(
                uris.stream()
                        .map(uri -> uri.replaceFirst("://", "://" + credentials))
                        .toList(),
                "judged",
                Long.parseLong(Environment.variable("CLIENTS_SEED")));
        JudgedClients judged = new JudgedClients(clients, uris.size());

        HttpServer server = HttpServer.create(new InetSocketAddress(Answers.PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/report", exchange -> Answers.json(exchange, judged::report));
        server.createContext("/stop", exchange -> {
            judged.stopAndJudge();
            Answers.json(exchange, judged::report);
        });
        server.createContext(
                "/history",
                exchange ->
                        Answers.text(exchange, HistoryText.of(clients.history().operations())));
        server.start();
        while (true) {
            System.out.println(judged.report().toJson(Answers.JSON));
            Thread.sleep(Duration.ofSeconds(10));
        }
    }

    private static String encoded(String variable) {
        return URLEncoder.encode(Environment.variable(variable), StandardCharsets.UTF_8);
    }
}
