package dev.muster.e2e.writer;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * The writer of the tests: {@code write} writes from its start on, {@code verify} only reads. On port 8080 it answers
 * {@code GET /report}, {@code POST /stop} (ends the writing, answers the last report) and {@code POST /verify} (the
 * body is a report; answers what is missing). It prints its report each second, and a last one on SIGTERM.
 */
public final class WriterMain {
    /**
     * A node that loses its network answers no more and closes nothing: without a limit a write would wait for ever.
     */
    private static final int ANSWER_SECONDS = 10;

    /**
     * The driver waits ten seconds for a connection, and looks at a server that was away every ten seconds. So does a set
     * before it elects. Both are shorter here, so that a gap of ten seconds means an election.
     */
    private static final int CONNECT_SECONDS = 3;

    private static final int LOOK_SECONDS = 4;

    /** Above the driver's 30 s of server selection, after which the write under way has ended one way or the other. */
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(40);

    private final Tally tally = new Tally();
    private final MongoCollection<Document> collection;
    private final WriteLoop loop;

    private WriterMain(MongoClient client, String collectionName) {
        collection = client.getDatabase("e2e").getCollection(collectionName);
        loop = new WriteLoop(collection, tally);
    }

    /** Arguments: {@code write} or {@code verify}. Environment: MONGODB_URI, MONGODB_USER, MONGODB_PASSWORD. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean writes = arguments.length == 1 && arguments[0].equals("write");
        if (!writes && !(arguments.length == 1 && arguments[0].equals("verify"))) {
            System.err.println("usage: write | verify");
            System.exit(2);
        }
        try (MongoClient client = MongoClients.create(settings())) {
            new WriterMain(client, "writes").run(writes);
        }
    }

    private static MongoClientSettings settings() {
        ServersSeen seen = new ServersSeen();
        return MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(Environment.variable("MONGODB_URI")))
                .addCommandListener(new SlowCommands())
                .applyToServerSettings(server -> server.heartbeatFrequency(LOOK_SECONDS, TimeUnit.SECONDS)
                        .addServerListener(seen)
                        .addServerMonitorListener(seen))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                        .readTimeout(ANSWER_SECONDS, TimeUnit.SECONDS))
                .credential(MongoCredential.createCredential(
                        Environment.variable("MONGODB_USER"),
                        "admin",
                        Environment.variable("MONGODB_PASSWORD").toCharArray()))
                .build();
    }

    private void run(boolean writes) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Answers.PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/report", exchange -> Answers.json(exchange, this::report));
        server.createContext("/stop", exchange -> Answers.json(exchange, this::stop));
        server.createContext("/verify", exchange -> {
            Document written =
                    Document.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Answers.json(exchange, () -> new ReadBack(collection).missing(written));
        });
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> print(report())));
        if (writes) {
            Thread.ofPlatform().name("writer").start(loop::run);
        }
        while (true) {
            Thread.sleep(Duration.ofSeconds(1));
            print(report());
        }
    }

    private Document report() {
        return tally.report(System.nanoTime(), loop.finished());
    }

    private Document stop() {
        loop.stop();
        long deadline = System.nanoTime() + STOPS_WITHIN.toNanos();
        while (!loop.finished() && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(Duration.ofMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return report();
    }

    private static void print(Document report) {
        System.out.println(report.toJson(Answers.JSON));
    }
}
