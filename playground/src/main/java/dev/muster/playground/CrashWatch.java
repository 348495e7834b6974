package dev.muster.playground;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Notices that a mongod of a set crashed: it ended by a signal that was not sent here, or it logged why it aborts. A
 * member that crashes is started again by the next step of most tests, and the set is well again; without this, nothing
 * would tell. Safe for use by several threads.
 */
final class CrashWatch {
    /** What mongod logs when it aborts. Some assertions end it with an exit status instead of a signal. */
    private static final List<String> LAST_WORDS = List.of("Invariant failure", "Fatal assertion", "Got signal: ");

    private static final int MAX_LINES = 5;
    private static final int MAX_LINE_CHARACTERS = 500;

    private final List<Mongod> watched = new ArrayList<>();
    private final List<Crash> found = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();

    /** One process; a member that is started again has another, and the same logs. */
    private record Mongod(String member, ChildProcess process, List<Path> logs) {}

    private record Crash(String member, String words) {}

    /** Watches one that was just started. */
    synchronized void watch(String member, ChildProcess process, List<Path> logs) {
        watched.add(new Mongod(member, process, logs));
    }

    /** Says that a crash of this member is no failure, whenever it happens. */
    synchronized void expect(String member) {
        expected.add(member);
    }

    /** Looks at what is known of a member, before its logs are deleted. */
    synchronized void look(String member) {
        List<Mongod> its = watched.stream()
                .filter(mongod -> mongod.member().equals(member))
                .toList();
        found.addAll(crashes(its));
        watched.removeAll(its);
    }

    private static List<Crash> crashes(List<Mongod> mongods) {
        List<Crash> crashes = new ArrayList<>();
        Set<Path> read = new HashSet<>();
        for (Mongod mongod : mongods) {
            signal(mongod.process())
                    .ifPresent(signal -> crashes.add(new Crash(
                            mongod.member(), "its process " + mongod.process().pid() + " ended by signal " + signal)));
            mongod.logs().stream()
                    .filter(read::add)
                    .flatMap(log -> lastWords(log).stream())
                    .forEach(line -> crashes.add(new Crash(mongod.member(), "it logged " + line)));
        }
        return crashes;
    }

    /** The signal that ended the process, unless it was sent here. */
    private static OptionalInt signal(ChildProcess process) {
        return process.isAlive() ? OptionalInt.empty() : process.foreignSignal();
    }

    /** All crashes until now that nothing expected, as sentences. */
    synchronized List<String> unexpected() {
        return Stream.concat(found.stream(), crashes(watched).stream())
                .filter(crash -> !expected.contains(crash.member()))
                .map(crash -> "the mongod of " + crash.member() + " crashed: " + crash.words())
                .toList();
    }

    /** Fails with these sentences; does nothing if there are none. */
    static void failWith(List<String> crashes) {
        if (!crashes.isEmpty()) {
            throw new PlaygroundException(String.join("\n", crashes));
        }
    }

    /** The first lines by which a mongod says that it aborts, shortened. */
    static List<String> lastWords(Stream<String> log) {
        return log.filter(line -> LAST_WORDS.stream().anyMatch(line::contains))
                .limit(MAX_LINES)
                .map(line -> line.length() > MAX_LINE_CHARACTERS ? line.substring(0, MAX_LINE_CHARACTERS) + "…" : line)
                .toList();
    }

    private static List<String> lastWords(Path log) {
        if (!Files.exists(log)) {
            return List.of();
        }
        // Not UTF-8: a mongod that was killed may have written half a character.
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lastWords(lines);
        } catch (IOException e) {
            throw new PlaygroundException("cannot read the log " + log + ": " + e.getMessage(), e);
        }
    }
}
