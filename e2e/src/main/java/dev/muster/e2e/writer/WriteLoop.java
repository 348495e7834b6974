package dev.muster.e2e.writer;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import java.time.Duration;
import java.time.Instant;
import org.bson.Document;

/**
 * Writes one document after the other, as an application does: majority write concern and the driver's own single
 * retry, nothing else. A write that failed counts and is not tried again: it may be there or not.
 */
final class WriteLoop {
    /** The machine is shared with the set; what is measured are gaps, not throughput. */
    private static final Duration BETWEEN = Duration.ofMillis(5);

    /** Hours of writing: a forgotten writer ends. */
    private static final long MOST = 1_000_000;

    private final MongoCollection<Document> collection;
    private final Tally tally;
    private volatile boolean stopping;
    private volatile boolean finished;

    WriteLoop(MongoCollection<Document> collection, Tally tally) {
        this.collection = collection;
        this.tally = tally;
    }

    /** Writes until told to stop. */
    void run() {
        try {
            while (!stopping && !tally.full() && tally.nextId() < MOST) {
                write(tally.nextId());
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finished = true;
        }
    }

    /** Ends after the write under way. */
    void stop() {
        stopping = true;
    }

    boolean finished() {
        return finished;
    }

    private void write(long id) {
        long began = System.nanoTime();
        try {
            collection.insertOne(new Document("_id", id).append("padding", "x".repeat(200)));
            tally.acknowledged(System.nanoTime());
        } catch (MongoException e) {
            tally.failed(e.toString());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        if (took.compareTo(SlowCommands.SLOW) > 0) {
            System.out.printf("slow: %s write %d, after %d ms%n", Instant.now(), id, took.toMillis());
        }
    }
}
