package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.PlaygroundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The decisions in a sidecar's log. Several sidecars of one member, one after the other, write into one log. */
record SidecarLog(LocalMember member) {
    /** Such as {@code 2026-01-31T12:00:00.000Z INFO muster - wait NO_PRIMARY: …}. */
    private static final Pattern LINE =
            Pattern.compile("(?<at>\\S+) +[A-Z]+ muster - (?<kind>settled|wait|act|refuse) (?<reason>[A-Z_]+): .*");

    /** One line that tells of a decision; it is written when the decision is made, or its write has ended. */
    record Line(Instant at, String kind, String reason) {}

    /** The first such line that fits; empty while there is none. */
    Optional<Line> first(Predicate<Line> fits) {
        if (!Files.exists(member.sidecarLog())) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(member.sidecarLog(), StandardCharsets.ISO_8859_1)) {
            return lines.map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(SidecarLog::line)
                    .filter(fits)
                    .findFirst();
        } catch (IOException e) {
            throw new PlaygroundException("cannot read " + member.sidecarLog() + ": " + e.getMessage(), e);
        }
    }

    private static Line line(Matcher matcher) {
        return new Line(
                OffsetDateTime.parse(matcher.group("at")).toInstant(), matcher.group("kind"), matcher.group("reason"));
    }
}
