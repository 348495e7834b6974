package dev.muster.playground;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ends of log files, for messages. */
final class LogTail {
    private static final int LINES = 12;
    private static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_LINE_CHARACTERS = 400;

    private LogTail() {}

    /** The ends of all logs of these members, each with a heading. */
    static String ofAll(List<LocalMember> members) {
        StringBuilder text = new StringBuilder();
        for (LocalMember member : members) {
            append(text, "sidecar of " + member.name(), member.sidecarLog());
            append(text, "mongod of " + member.name(), member.mongodLog());
            append(text, "mongod of " + member.name() + ", standard output", member.mongodOutput());
        }
        return text.toString();
    }

    /** The last line that is not blank; empty when there is none. */
    static Optional<String> lastLine(Path log) {
        List<String> lines = lines(log);
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
    }

    private static void append(StringBuilder text, String heading, Path log) {
        List<String> lines = lines(log);
        if (lines.isEmpty()) {
            return;
        }
        text.append("--- ").append(heading).append('\n');
        for (String line : lines.subList(Math.max(0, lines.size() - LINES), lines.size())) {
            text.append(line).append('\n');
        }
    }

    private static List<String> lines(Path log) {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - MAX_BYTES));
            byte[] bytes = new byte[(int) Math.min(MAX_BYTES, file.length() - file.getFilePointer())];
            file.readFully(bytes);
            List<String> lines = new ArrayList<>();
            for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
                if (!line.isBlank()) {
                    lines.add(
                            line.length() > MAX_LINE_CHARACTERS ? line.substring(0, MAX_LINE_CHARACTERS) + "…" : line);
                }
            }
            return lines;
        } catch (IOException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }
}
