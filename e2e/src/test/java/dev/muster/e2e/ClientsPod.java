package dev.muster.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/** Applications in the cluster, in one pod, whose history is judged: see {@code dev.muster.judge}. */
final class ClientsPod {
    private static final String POD = "clients";
    private static final Duration STARTED = Duration.ofSeconds(90);

    private static final Duration ANSWERED = Duration.ofSeconds(60);

    /** Their last operations, all lists read back, and the judge, of an hour too. */
    private static final Duration JUDGED = Duration.ofMinutes(5);

    private final Release release;

    private ClientsPod(Release release) {
        this.release = release;
    }

    /**
     * What they saw.
     *
     * @param silence for how long no write of any of them has been acknowledged
     * @param longestGap between two acknowledged writes of all of them together
     * @param anomalies what the judge found; empty before it has judged
     */
    record Report(
            long acknowledged,
            Duration silence,
            Duration longestGap,
            Instant longestGapEnded,
            List<String> anomalies,
            Document document) {
        static Report of(Document document) {
            return new Report(
                    document.get("acknowledged", Number.class).longValue(),
                    millis(document, "silenceMillis"),
                    millis(document, "longestGapMillis"),
                    Instant.parse(document.getString("longestGapEnded")),
                    document.containsKey("anomalies") ? document.getList("anomalies", String.class) : List.of(),
                    document);
        }

        private static Duration millis(Document document, String key) {
            return Duration.ofMillis(document.get(key, Number.class).longValue());
        }

        /** Whether they have stopped, and the judge has looked at everything. */
        boolean judged() {
            return document.getBoolean("judged", false);
        }

        /** Why not everything could be read back; empty if it could. */
        String unread() {
            return document.get("unread", "");
        }
    }

    /** Starts them on a node that will not fail; returns when writes are acknowledged. */
    static ClientsPod startOn(Release release, String node, long seed) {
        ApplicationPod.create(
                release,
                POD,
                Optional.of(node),
                // The history of an hour is half a gigabyte.
                List.of("-Xmx2g", "dev.muster.e2e.writer.ClientsMain"),
                Map.of("MONGODB_URIS", String.join(" ", uris(release)), "CLIENTS_SEED", Long.toString(seed)));
        ClientsPod clients = new ClientsPod(release);
        Wait.until(
                "the clients' first acknowledged writes",
                STARTED,
                () -> clients.ask()
                        .filter(report -> report.acknowledged() >= 20)
                        .isPresent());
        return clients;
    }

    /** As the chart's notes say; with all names, as older applications do; and twice by the primary's Service. */
    private static List<String> uris(Release release) {
        String primary = "mongodb://%s-primary.%s.svc:27017/?directConnection=true&authSource=admin"
                .formatted(Release.NAME, release.namespace());
        return List.of(
                "mongodb+srv://%s.%s.svc.cluster.local/?tls=false&authSource=admin"
                        .formatted(Release.NAME, release.namespace()),
                release.uri(),
                primary,
                primary);
    }

    /** What they saw up to now; nothing when they do not answer. */
    Optional<Report> ask() {
        return Cluster.ask(release.namespace(), POD, ApplicationPod.PORT, "/report")
                .map(Report::of);
    }

    /** What they saw up to now; fails when they do not answer. */
    Report report() {
        return Wait.untilPresent("the clients' report", ANSWERED, this::ask);
    }

    /** Stops them, and has everything that was written read back and judged. */
    Report judge() {
        Wait.until(
                "the clients hear that they are to stop",
                Duration.ofSeconds(30),
                () -> Cluster.ask(release.namespace(), POD, ApplicationPod.PORT, "/stop")
                        .isPresent());
        return Wait.untilPresent("the judge", JUDGED, () -> ask().filter(Report::judged));
    }

    /** Writes down all that they did. Never throws: the test's own failure is what counts. */
    void keepHistory(Path file) {
        try {
            Files.writeString(file, Cluster.text(release.namespace(), POD, ApplicationPod.PORT, "/history"));
        } catch (IOException | RuntimeException e) {
            System.out.println("no history of the clients: " + e);
        }
    }
}
