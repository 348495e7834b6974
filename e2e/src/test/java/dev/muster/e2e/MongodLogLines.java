package dev.muster.e2e;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bson.Document;

/** What mongod logs, by the numbers that the server gives its messages. */
final class MongodLogLines {
    /** "Waiting for connections". */
    private static final int WAITING_FOR_CONNECTIONS = 23016;

    /** "replSetInitiate admin command received from client". */
    private static final int INITIATE = 21356;

    /** "Replica set state transition". */
    private static final int STATE_TRANSITION = 21358;

    /** "New replica set config in use". */
    private static final int CONFIG_IN_USE = 21392;

    private MongodLogLines() {}

    /** Whether a line says that this member has another state. */
    static boolean changesState(String line) {
        return has(line, STATE_TRANSITION);
    }

    /** Whether a line says that this mongod was told to make a set. */
    static boolean initiates(String line) {
        return has(line, INITIATE);
    }

    /** Whether a line shows a configuration that this mongod uses from then on. */
    static boolean usesConfig(String line) {
        return has(line, CONFIG_IN_USE);
    }

    /** When it said its first line. */
    static Optional<Instant> begins(List<String> lines) {
        return firstAt(lines, line -> line.startsWith("{\"t\":"));
    }

    /** When it first accepted connections. */
    static Optional<Instant> acceptsConnections(List<String> lines) {
        return firstAt(lines, line -> has(line, WAITING_FOR_CONNECTIONS));
    }

    /** When it was first told to make a set. */
    static Optional<Instant> initiatedAt(List<String> lines) {
        return firstAt(lines, MongodLogLines::initiates);
    }

    /** When it first had a configuration. */
    static Optional<Instant> hasConfig(List<String> lines) {
        return firstAt(lines, MongodLogLines::usesConfig);
    }

    /** When it first had that state. */
    static Optional<Instant> becomes(String state, List<String> lines) {
        return firstAt(lines, line -> changesState(line) && line.contains("\"newState\":\"" + state + "\""));
    }

    private static boolean has(String line, int id) {
        return line.contains("\"id\":" + id + ",");
    }

    private static Optional<Instant> firstAt(List<String> lines, Predicate<String> which) {
        return lines.stream()
                .filter(which)
                .map(line -> Document.parse(line).get("t", Date.class).toInstant())
                .findFirst();
    }
}
