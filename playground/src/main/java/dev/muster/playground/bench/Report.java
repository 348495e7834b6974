package dev.muster.playground.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks found: rows of the table, and sentences below it. Progress goes to standard error at once. */
final class Report {
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void add(Row row) {
        rows.add(row);
    }

    /** A sentence about what a reader of the table must know, such as a run that does not count. */
    void note(String sentence) {
        notes.add(sentence);
        System.err.println("muster: " + sentence);
    }

    /** For whoever watches: one value of one run. */
    void progress(String name, int run, int runs, String side, String value) {
        System.err.printf("muster: %s, run %d of %d, %s: %s%n", name, run, runs, side, value);
    }

    /** Prints all as Markdown. */
    void print(PrintStream out, String machine) {
        out.println("| benchmark | figure | side | n | median | range | ratio | target | |");
        out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        rows.forEach(row -> out.println(row.markdown()));
        out.println();
        notes.forEach(note -> out.println("- " + note));
        out.println("- " + machine);
    }
}
