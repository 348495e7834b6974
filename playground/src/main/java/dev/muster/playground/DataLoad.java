package dev.muster.playground;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bson.Document;
import org.bson.types.Binary;

/** Writes a data set of a given size with majority writes, so that a clone has something to copy. */
final class DataLoad {
    private static final int DOCUMENT_BYTES = 1_000;
    private static final int BATCH = 1_000;

    private DataLoad() {}

    /** Adds documents of 1 kB to {@code playground.load}; returns their number. */
    static long write(MongoClient client, DataSize size) {
        MongoCollection<Document> collection = client.getDatabase("playground").getCollection("load");
        RandomGenerator random = RandomGenerator.getDefault();
        long wanted = Math.max(1, size.bytes() / DOCUMENT_BYTES);
        long written = 0;
        while (written < wanted) {
            List<Document> batch = new ArrayList<>(BATCH);
            while (batch.size() < BATCH && written + batch.size() < wanted) {
                // Random, so that compression does not turn the size asked for into next to nothing.
                byte[] bytes = new byte[DOCUMENT_BYTES - 60];
                random.nextBytes(bytes);
                batch.add(new Document("n", written + batch.size()).append("bytes", new Binary(bytes)));
            }
            collection.insertMany(batch, new InsertManyOptions().ordered(false));
            written += batch.size();
        }
        return written;
    }
}
