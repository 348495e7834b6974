package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's tables say what the code does; {@code -Dmuster.update=true} writes them. */
class ReadmeTablesTest {
    // Maven runs tests in the module's directory.
    private static final Path README = Path.of("..", "README.md");

    @Test
    void options() throws IOException {
        check(
                "options",
                Stream.concat(
                        Stream.of(
                                "| Flag | Variable | Default | Allowed | Meaning |", "| --- | --- | --- | --- | --- |"),
                        Arrays.stream(Option.values())
                                .map(option -> row(
                                        "`" + option.flag() + "`",
                                        "`" + option.variable() + "`",
                                        option.defaultValue().asMarkdown(),
                                        option.allowed().replace("<", "&lt;").replace(">", "&gt;"),
                                        option.description()))));
    }

    @Test
    void reasons() throws IOException {
        check(
                "reasons",
                Stream.concat(
                        Stream.of("| Reason | Meaning | What to do |", "| --- | --- | --- |"),
                        Arrays.stream(Reason.values())
                                .map(reason -> row("`" + reason.name() + "`", reason.meaning(), reason.whatToDo()))));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static void check(String marker, Stream<String> lines) throws IOException {
        String table = lines.collect(Collectors.joining("\n", "\n", "\n"));
        String readme = Files.readString(README);
        String open = "<!-- " + marker + " -->";
        String close = "<!-- /" + marker + " -->";
        assertThat(readme).contains(open, close);
        int start = readme.indexOf(open) + open.length();
        int end = readme.indexOf(close);
        if (Boolean.getBoolean("muster.update")) {
            Files.writeString(README, readme.substring(0, start) + table + readme.substring(end));
            return;
        }
        assertThat(readme.substring(start, end)).isEqualTo(table);
    }
}
