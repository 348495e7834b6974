package dev.muster.mongo;

import com.mongodb.MongoException;
import dev.muster.model.HostAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * From whom a member made its clone. The server forgets it when the clone ends, except in its log: the last thousand
 * lines of it can be asked for, and are, once after each clone and once when a sidecar starts.
 */
final class CloneOrigin {
    /**
     * Log line 21192 closes an attempt, "Initial sync status and statistics", and lists all attempts of the clone: the
     * one that ended with OK is meant. One that was redirected before it began names {@code :27017}.
     */
    private static final Pattern FINISHED = Pattern.compile("\"id\":\\s?21192,.*\"status\":\\s?\"successful\""
            + ".*?\"status\":\\s?\"OK\",\\s?\"syncSource\":\\s?\"([^\":][^\"]*)\"");

    private Optional<HostAddress> origin = Optional.empty();
    private boolean known;

    /** Forgets: a clone is under way, or another process answers. */
    synchronized void forget() {
        known = false;
        origin = Optional.empty();
    }

    /** From whom the present data was cloned; empty where it was not, or the log no longer says. */
    synchronized Optional<HostAddress> of(Admin admin) {
        if (!known) {
            try {
                BsonDocument log = admin.read(new BsonDocument("getLog", new BsonString("global")));
                log.getArray("log")
                        .forEach(line ->
                                parse(line.asString().getValue()).ifPresent(host -> origin = Optional.of(host)));
                known = true;
            } catch (MongoException e) {
                // Asked again in the next cycle; it is told to people, nothing is decided by it.
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
