package dev.muster.playground;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;

/** Writes one document after the other with majority write concern, as an application does, and keeps count. */
public final class MajorityWriter implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(2);
    private static final int MOST = 100_000;

    private final MongoCollection<Document> collection;
    private final List<Integer> acknowledged = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private Duration longestGap = Duration.ZERO;
    private int failed;

    public MajorityWriter(LocalSet set) {
        this(set, "documents");
    }

    /** @param name of a collection that does not exist yet */
    public MajorityWriter(LocalSet set, String name) {
        MongoDatabase database = set.client().getDatabase("writer");
        collection = database.getCollection(name);
        thread = Thread.ofPlatform().daemon().start(this::write);
    }

    private void write() {
        long last = System.nanoTime();
        for (int id = 0; id < MOST && !stopped; id++) {
            try {
                collection.insertOne(new Document("_id", id).append("padding", "x".repeat(200)));
                acknowledged.add(id);
                long now = System.nanoTime();
                Duration gap = Duration.ofNanos(now - last);
                longestGap = gap.compareTo(longestGap) > 0 ? gap : longestGap;
                last = now;
                Thread.sleep(BETWEEN);
            } catch (MongoException e) {
                failed++;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Stops, and tells how many acknowledged writes are not there. */
    public int lost() {
        close();
        Set<Integer> present = collection
                .find()
                .projection(new Document("_id", 1))
                .map(document -> document.getInteger("_id"))
                .into(new ArrayList<>())
                .stream()
                .collect(Collectors.toSet());
        return (int) acknowledged.stream().filter(id -> !present.contains(id)).count();
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Those that were not acknowledged; of all of them once it is closed. */
    public int failed() {
        return failed;
    }

    /** Between two acknowledged writes; of all of them once it is closed. */
    public Duration longestGap() {
        return longestGap;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
