package dev.muster.contract.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the two sets once disagreed about, with the answer of the real one: {@code corpus.txt} beside this class. Each
 * entry is a base and, line by line, the operations with the codes; lines with {@code #} are comments.
 */
final class Corpus {
    private static final String FILE = "corpus.txt";
    private static final Pattern STEP = Pattern.compile("  (.*) -> (\\d+)");

    private Corpus() {}

    /**
     * One operation of an entry.
     *
     * @param code what the server answers, 0 where it does so
     */
    record Step(Operation operation, int code) {
        @Override
        public String toString() {
            return "%s -> %d".formatted(operation, code);
        }
    }

    /** The operations that follow one another after a base. */
    record Entry(Base base, List<Step> steps) {
        Entry {
            steps = List.copyOf(steps);
        }

        @Override
        public String toString() {
            return steps.stream().map(Step::toString).collect(Collectors.joining("\n  ", base + "\n  ", ""));
        }
    }

    static Stream<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (String line : text().lines().toList()) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher step = STEP.matcher(line);
            if (step.matches()) {
                Entry last = entries.removeLast();
                List<Step> steps = new ArrayList<>(last.steps());
                steps.add(new Step(Operation.parse(step.group(1)), Integer.parseInt(step.group(2))));
                entries.add(new Entry(last.base(), steps));
            } else {
                entries.add(new Entry(Base.valueOf(line), List.of()));
            }
        }
        return entries.stream();
    }

    private static String text() {
        try (InputStream file = Corpus.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing");
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
