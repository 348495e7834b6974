package dev.muster.mongo;

import com.mongodb.MongoCommandException;
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
        String fcv = fcv();
        try {
            BsonDocument oldest = admin.oplogEntry(false);
            BsonDocument newest = admin.oplogEntry(true);
            if (oldest != null && newest != null) {
                BsonDocument stats = admin.oplogStats();
                return new MongodDetails(
                        version,
                        fcv,
                        Optional.of(Duration.ofSeconds(seconds(newest) - seconds(oldest))),
                        size(stats, "size"),
                        size(stats, "maxSize"));
            }
        } catch (MongoCommandException e) {
            // A member that is empty, starting or rolling back does not let us read its oplog. The rest is still known.
            return withoutOplog(version, fcv);
        }
        return withoutOplog(version, fcv);
    }

    private static MongodDetails withoutOplog(String version, String fcv) {
        return new MongodDetails(version, fcv, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    private String fcv() {
        try {
            return admin.read(new BsonDocument("getParameter", new BsonInt32(1))
                            .append("featureCompatibilityVersion", new BsonInt32(1)))
                    .getDocument("featureCompatibilityVersion", new BsonDocument())
                    .getString("version", new BsonString(""))
                    .getValue();
        } catch (MongoCommandException e) {
            // An empty member has none yet and refuses the command. The rest is still known.
            return "";
        }
    }

    private static long seconds(BsonDocument entry) {
        return entry.getTimestamp("ts").getTime();
    }

    private static OptionalLong size(BsonDocument stats, String field) {
        long bytes = stats.getNumber(field, new BsonInt64(-1)).longValue();
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
