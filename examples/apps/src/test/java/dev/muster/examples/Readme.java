package dev.muster.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The commands that an example's README shows, by its section: the lines of its {@code console} blocks that begin with
 * {@code $}. The title's own section has the name "".
 */
public final class Readme {
    private static final String COMMAND = "$ ";

    private final Path file;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    public Readme(Path file) {
        this.file = file;
        String section = "";
        boolean console = false;
        for (String line : read(file).lines().toList()) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
            } else if (!console && line.startsWith("## ")) {
                section = line.substring(3);
            } else if (console && line.startsWith(COMMAND)) {
                commands.computeIfAbsent(section, _ -> new ArrayList<>()).add(line.substring(COMMAND.length()));
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of one section; fails when it has none. */
    public List<String> commands(String section) {
        List<String> found = commands.get(section);
        if (found == null) {
            throw new AssertionError(
                    "%s has no commands in a section '%s', only in %s".formatted(file, section, commands.keySet()));
        }
        return List.copyOf(found);
    }

    public Stream<String> allCommands() {
        return commands.values().stream().flatMap(List::stream);
    }
}
