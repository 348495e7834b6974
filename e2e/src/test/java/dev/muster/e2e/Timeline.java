package dev.muster.e2e;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.json.JsonParseException;

/** What the sidecars did, the members elected and the clients waited for, in the order of the times. */
final class Timeline {
    private static final int MOST = 300;
    private static final Pattern SIDECAR = Pattern.compile("(\\S+Z) \\w+ \\S+ - (.*)");
    private static final Pattern CLIENT = Pattern.compile("(?:slow|server): (\\S+Z) (.*)");

    private record Entry(Instant at, String text) {}

    private Timeline() {}

    /** Of the lines of each container of each pod. */
    static List<String> of(Stream<PodLogs.Line> lines) {
        return lines.flatMap(line -> entry(line).stream())
                .sorted(Comparator.comparing(Entry::at))
                .map(entry -> entry.at() + " " + entry.text())
                .toList();
    }

    private static Optional<Entry> entry(PodLogs.Line line) {
        return switch (line.container()) {
            case "muster" -> plain(SIDECAR, line);
            case "mongod" -> ofMongod(line);
            default -> plain(CLIENT, line);
        };
    }

    private static Optional<Entry> plain(Pattern pattern, PodLogs.Line line) {
        var matcher = pattern.matcher(line.text());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Entry(Instant.parse(matcher.group(1)), line.pod() + ": " + shortened(matcher.group(2))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Entry> ofMongod(PodLogs.Line line) {
        boolean tells = line.text().contains("\"c\":\"ELECTION\"") || MongodLogLines.changesState(line.text());
        if (!tells) {
            return Optional.empty();
        }
        try {
            Document parsed = Document.parse(line.text());
            Document attributes = parsed.get("attr", new Document());
            return Optional.of(new Entry(
                    parsed.get("t", Date.class).toInstant(),
                    "%s mongod: %s %s".formatted(line.pod(), parsed.getString("msg"), shortened(attributes.toJson()))));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    }
}
