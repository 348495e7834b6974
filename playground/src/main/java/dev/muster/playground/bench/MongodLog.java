package dev.muster.playground.bench;

import dev.muster.playground.LocalMember;
import dev.muster.playground.PlaygroundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The time stamps in a mongod's log, which are of this machine's clock in milliseconds. */
record MongodLog(LocalMember member) {
    /** The id of "Transition to primary complete; database writes are now permitted". */
    private static final String WRITABLE = "\"id\":21331,";

    private static final Pattern TIME = Pattern.compile("\"\\$date\":\"(?<at>[^\"]+)\"");

    /** When it became a writable primary for the first time after that moment; empty when it did not. */
    Optional<Instant> writableAfter(Instant moment) {
        try (Stream<String> lines = Files.lines(member.mongodLog(), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(WRITABLE))
                    .map(TIME::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> OffsetDateTime.parse(matcher.group("at")).toInstant())
                    .filter(moment::isBefore)
                    .findFirst();
        } catch (IOException e) {
            throw new PlaygroundException("cannot read " + member.mongodLog() + ": " + e.getMessage(), e);
        }
    }
}
