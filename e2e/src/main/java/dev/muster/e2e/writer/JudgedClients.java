package dev.muster.e2e.writer;

import com.mongodb.MongoException;
import dev.muster.judge.Anomaly;
import dev.muster.judge.clients.Acknowledgements;
import dev.muster.judge.clients.DriverClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Clients, what is known of them, and in the end what the judge finds. Any thread. */
final class JudgedClients {
    /** The set serves again by then, or something is wrong with it. */
    private static final Duration READS_WITHIN = Duration.ofMinutes(2);

    private final DriverClients clients;
    private final int number;
    private boolean stopping;
    private @Nullable Document last;
    private @Nullable List<Anomaly> anomalies;
    private String unread = "";

    JudgedClients(DriverClients clients, int number) {
        this.clients = clients;
        this.number = number;
    }

    /** What they saw up to now. After the end, times are those of the end: reading everything back is no gap. */
    synchronized Document report() {
        Document report = new Document(last == null ? now() : last).append("judged", anomalies != null);
        if (anomalies != null) {
            report.append("anomalies", anomalies.stream().map(Anomaly::toString).toList());
        }
        return report.append("unread", unread);
    }

    private Document now() {
        Acknowledgements acknowledgements = clients.acknowledgements();
        Duration gapEndedBefore = acknowledgements.elapsed().minus(acknowledgements.longestGapEnded());
        return new Document("acknowledged", acknowledgements.count())
                .append("silenceMillis", acknowledgements.silence().toMillis())
                .append("longestGapMillis", acknowledgements.longestGap().toMillis())
                .append("longestGapEnded", Instant.now().minus(gapEndedBefore).toString());
    }

    /** Begins to stop and judge them, once. */
    synchronized void stopAndJudge() {
        if (!stopping) {
            stopping = true;
            Thread.ofPlatform().name("judge").start(this::judge);
        }
    }

    private void judge() {
        clients.stop();
        Document end = now().append(
                        "gapsOfClients",
                        ClientGaps.longest(clients.history().operations(), number).stream()
                                .map(this::words)
                                .toList());
        synchronized (this) {
            last = end;
        }
        String error = readAll();
        List<Anomaly> found = clients.history().anomalies();
        synchronized (this) {
            last = new Document(end)
                    .append("operations", clients.history().operations().size());
            unread = error;
            anomalies = found;
        }
    }

    private String words(ClientGaps.Gap gap) {
        Duration ago = clients.acknowledgements().elapsed().minus(gap.ended());
        return "%d ms until %s".formatted(gap.length().toMillis(), Instant.now().minus(ago));
    }

    /** Why not everything was read; empty if it was. */
    private String readAll() {
        long deadline = System.nanoTime() + READS_WITHIN.toNanos();
        while (true) {
            try {
                clients.readAll();
                return "";
            } catch (MongoException e) {
                if (System.nanoTime() - deadline > 0) {
                    return e.toString();
                }
            }
        }
    }
}
