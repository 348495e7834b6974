package dev.muster.playground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.json.JsonParseException;

/**
 * From whom a member copied its data. While it clones, the server tells by command; afterwards only its log
 * knows, in the statistics that it writes when an initial sync has succeeded.
 */
final class CloneSource {
    /** The log id of "Initial sync status and statistics". */
    private static final String STATISTICS = "\"id\":21192";

    private CloneSource() {}

    /**
     * The host and port that the last successful initial sync in a mongod's log copied from; empty when
     * there was none, as on the member that initiated the set.
     */
    static Optional<String> inLog(Path log) {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        // Not UTF-8: a line that is being written may end within a character, and that is not an error.
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(STATISTICS))
                    .flatMap(line -> inLine(line).stream())
                    .reduce((earlier, later) -> later);
        } catch (IOException e) {
            throw new PlaygroundException("cannot read the log " + log + ": " + e.getMessage(), e);
        }
    }

    /** The source that one statistics line names; empty for a failed or incomplete attempt. */
    static Optional<String> inLine(String line) {
        try {
            Document attributes = Document.parse(line).get("attr", new Document());
            if (!"successful".equals(attributes.get("status"))) {
                return Optional.empty();
            }
            List<Document> attempts = attributes
                    .get("statistics", new Document())
                    .getList("initialSyncAttempts", Document.class, List.of());
            return attempts.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(attempts.getLast().getString("syncSource"));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
