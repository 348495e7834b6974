package dev.muster.playground;

import com.mongodb.MongoException;
import dev.muster.judge.History;
import dev.muster.judge.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;

/** What is kept of a run that failed, in a directory below the playground's {@code target}. */
final class TroubleEvidence {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final long ANSWER_MILLIS = 3_000;

    private final Path directory;

    private TroubleEvidence(Path directory) {
        this.directory = directory;
    }

    /** Writes all of it while the set still runs, and returns the directory. */
    static Path keep(LocalSet set, TroubleSettings settings, Diary diary, History history, String failure) {
        Path target = SidecarProgram.repository().resolve("playground/target/trouble");
        String name = "seed-%d-%s"
                .formatted(
                        settings.seed(),
                        LocalDateTime.now(ZoneId.systemDefault()).format(TIME));
        try {
            TroubleEvidence evidence = new TroubleEvidence(Files.createDirectories(target.resolve(name)));
            evidence.write("failure.txt", List.of(failure, settings.replay()));
            evidence.write("deeds.txt", diary.lines());
            evidence.write(history);
            for (LocalMember member : set.members()) {
                evidence.copy(member.mongodLog(), member.name() + "-mongod.log");
                evidence.copy(member.mongodOutput(), member.name() + "-mongod.out");
                evidence.copy(member.sidecarLog(), member.name() + "-sidecar.log");
                evidence.write(member.name() + "-config.json", List.of(config(member)));
                evidence.write(member.name() + "-status.json", List.of(status(member)));
            }
            return evidence.directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, List<String> lines) throws IOException {
        Files.write(directory.resolve(name), lines);
    }

    private void write(History history) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(directory.resolve("history.txt"))) {
            for (Operation operation : history.operations()) {
                writer.write(operation.toString());
                writer.newLine();
            }
        }
    }

    private void copy(Path file, String name) throws IOException {
        if (Files.exists(file)) {
            Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Its last one; the earlier ones are in its log. */
    private static String config(LocalMember member) {
        if (!member.isListening()) {
            return "(its mongod does not listen)";
        }
        try {
            return member.mongo()
                    .withTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .getDatabase("admin")
                    .runCommand(new Document("replSetGetConfig", 1))
                    .toJson(JsonWriterSettings.builder().indent(true).build());
        } catch (MongoException e) {
            return "(its mongod does not tell: " + e.getMessage() + ")";
        }
    }

    private static String status(LocalMember member) {
        try {
            return SidecarStatus.get(member, "/status").body();
        } catch (UncheckedIOException e) {
            return "(its sidecar does not tell: " + e.getMessage() + ")";
        }
    }
}
