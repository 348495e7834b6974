package dev.muster.mongo;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Reads {@link MongodDetails}, at most once in {@link #LIFETIME}: scrapes may come more often than they change. */
final class DetailsReader {
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private final Admin admin;
    private Optional<MongodDetails> last = Optional.empty();
    private long readAtNanos;

    DetailsReader(Admin admin) {
        this.admin = admin;
    }

    synchronized Optional<MongodDetails> read() {
        if (last.isEmpty() || System.nanoTime() - readAtNanos > LIFETIME.toNanos()) {
            try {
                last = Optional.of(readNow());
            } catch (MongoException e) {
                last = Optional.empty();
            }
            readAtNanos = System.nanoTime();
        }
        return last;
    }

    private MongodDetails readNow() {
        String version = admin.read("buildInfo").getString("version").getValue();
        BsonDocument fcv = admin.read(new BsonDocument("getParameter", new BsonInt32(1))
                .append("featureCompatibilityVersion", new BsonInt32(1)));
        String fcvVersion = fcv.getDocument("featureCompatibilityVersion", new BsonDocument())
                .getString("version", new BsonString(""))
                .getValue();
        BsonDocument oldest = admin.oplogEntry(false);
        BsonDocument newest = admin.oplogEntry(true);
        if (oldest == null || newest == null) {
            return new MongodDetails(version, fcvVersion, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
        }
        BsonDocument stats = admin.oplogStats();
        return new MongodDetails(
                version,
                fcvVersion,
                Optional.of(Duration.ofSeconds(seconds(newest) - seconds(oldest))),
                size(stats, "size"),
                size(stats, "maxSize"));
    }

    private static long seconds(BsonDocument entry) {
        return entry.getTimestamp("ts").getTime();
    }

    private static OptionalLong size(BsonDocument stats, String field) {
        long bytes = stats.getNumber(field, new BsonInt64(-1)).longValue();
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
