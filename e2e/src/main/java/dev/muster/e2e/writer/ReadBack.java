package dev.muster.e2e.writer;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bson.Document;

/** Reads back what was acknowledged, by the report of the writer that wrote it, which may be gone by now. */
final class ReadBack {
    /** As many missing ids as a person looks at. */
    private static final int MOST_MISSING = 1000;

    private final MongoCollection<Document> collection;

    ReadBack(MongoCollection<Document> collection) {
        this.collection = collection.withReadConcern(ReadConcern.MAJORITY);
    }

    /** The ids that were acknowledged and are not there, with their number. */
    Document missing(Document report) {
        int attempted = Math.toIntExact(report.get("attempted", Number.class).longValue());
        BitSet expected = new BitSet(attempted);
        expected.set(0, attempted);
        report.getList("failed", Number.class).forEach(id -> expected.clear(id.intValue()));
        int acknowledged = expected.cardinality();
        try (MongoCursor<Document> documents = collection
                .find(Filters.lt("_id", (long) attempted))
                .projection(Projections.include("_id"))
                .sort(Sorts.ascending("_id"))
                .cursor()) {
            while (documents.hasNext()) {
                expected.clear(documents.next().get("_id", Number.class).intValue());
            }
        }
        List<Integer> missing = new ArrayList<>();
        expected.stream().limit(MOST_MISSING).forEach(missing::add);
        return new Document("acknowledged", acknowledged)
                .append("lost", expected.cardinality())
                .append("missing", missing);
    }
}
