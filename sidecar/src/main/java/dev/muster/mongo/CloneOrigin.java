package dev.muster.mongo;

import com.mongodb.MongoException;
import dev.muster.model.HostAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Which member a member cloned from. When the clone ends, the server keeps it in its log only. Muster reads the last
 * thousand lines of the log, once after each clone and once when a sidecar starts.
 */
final class CloneOrigin {
    /**
     * Log line 21192, "Initial sync status and statistics", ends an attempt and lists all attempts of the clone. This
     * finds the one that ended with OK. An attempt that was redirected before it began names {@code :27017}.
     */
    private static final Pattern FINISHED = Pattern.compile("\"id\":\\s?21192,.*\"status\":\\s?\"successful\""
            + ".*?\"status\":\\s?\"OK\",\\s?\"syncSource\":\\s?\"([^\":][^\"]*)\"");

    private Optional<HostAddress> origin = Optional.empty();
    private boolean known;

    /** Forgets the source, because a clone runs or another process answers. */
    synchronized void forget() {
        known = false;
        origin = Optional.empty();
    }

    /** The member that the current data was cloned from; empty where it was not cloned, or the log no longer says. */
    synchronized Optional<HostAddress> of(Admin admin) {
        if (!known) {
            try {
                BsonDocument log = admin.read(new BsonDocument("getLog", new BsonString("global")));
                log.getArray("log")
                        .forEach(line ->
                                parse(line.asString().getValue()).ifPresent(host -> origin = Optional.of(host)));
                known = true;
            } catch (MongoException e) {
                // Asked again in the next cycle. No decision depends on it.
                return Optional.empty();
            }
        }
        return origin;
    }

    static Optional<HostAddress> parse(String line) {
        Matcher matcher = FINISHED.matcher(line);
        return matcher.find() ? Optional.of(HostAddress.parse(matcher.group(1))) : Optional.empty();
    }
}
