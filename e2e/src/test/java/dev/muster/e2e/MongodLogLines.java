package dev.muster.e2e;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** What mongod logs, by the numbers that the server gives its messages. */
final class MongodLogLines {
    /** "Waiting for connections". */
    private static final int WAITING_FOR_CONNECTIONS = 23016;

    /** "replSetInitiate admin command received from client". */
    private static final int INITIATE = 21356;

    /** "Replica set state transition". */
    private static final int STATE_TRANSITION = 21358;

    private MongodLogLines() {}

    /** Whether a line says that this member has another state. */
    static boolean changesState(String line) {
        return line.contains("\"id\":" + STATE_TRANSITION + ",");
    }

    /** Whether a line says that this mongod was told to make a set. */
    static boolean initiates(String line) {
        return line.contains("\"id\":" + INITIATE + ",");
    }

    /** When it first accepted connections. */
    static Optional<Instant> acceptsConnections(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("\"id\":" + WAITING_FOR_CONNECTIONS + ","))
                .map(line -> Document.parse(line).get("t", Date.class).toInstant())
                .findFirst();
    }
}
