package dev.muster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of docs/reference.md that are made from the code, each between {@code <!-- name -->} and
 * {@code <!-- /name -->}. With {@code -Dmuster.update=true} a check writes the table instead of comparing it.
 */
public final class ReferencePage {
    // Maven runs tests in the module's directory.
    private static final Path PAGE = Path.of("..", "docs", "reference.md");

    private ReferencePage() {}

    /** A line of a table. */
    public static String row(String... cells) {
        return Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Requires that the table of that name has this header and these rows, and nothing else. */
    public static void check(String name, String header, Stream<String> rows) throws IOException {
        String rule = header.replaceAll("[^|]+", " --- ");
        String table = Stream.concat(Stream.of(header, rule), rows).collect(Collectors.joining("\n", "\n", "\n"));
        String page = Files.readString(PAGE);
        String open = "<!-- " + name + " -->";
        String close = "<!-- /" + name + " -->";
        assertThat(page).contains(open, close);
        int start = page.indexOf(open) + open.length();
        int end = page.indexOf(close);
        if (Boolean.getBoolean("muster.update")) {
            Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end));
            return;
        }
        assertThat(page.substring(start, end)).isEqualTo(table);
    }
}
