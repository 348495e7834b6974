package dev.muster.playground.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One line of the table: one side of one figure.
 *
 * @param name the benchmark's
 * @param side who or what was measured
 * @param ratio its median against that of the side to beat, empty text where there is none
 */
record Row(String name, String figure, String side, Series values, Unit unit, String ratio, List<Target> targets) {
    private static final double SMALLEST_RATIO = 0.01;

    Row {
        targets = List.copyOf(targets);
    }

    /** A side that stands alone, or is the one to beat. */
    static Row of(String name, String figure, String side, Series values, Unit unit, Target... targets) {
        return new Row(name, figure, side, values, unit, "", List.of(targets));
    }

    /** The same row, with its ratio to the side to beat. */
    Row against(Series other) {
        double quotient = values.median() / other.median();
        String words = quotient < SMALLEST_RATIO ? "< " + SMALLEST_RATIO : String.format(Locale.ROOT, "%.2f", quotient);
        return new Row(name, figure, side, values, unit, words, targets);
    }

    String markdown() {
        String wanted = targets.stream().map(Target::words).collect(Collectors.joining("; "));
        String verdict = targets.stream().map(Target::verdict).collect(Collectors.joining("; "));
        return "| "
                + String.join(
                        " | ",
                        name,
                        figure,
                        side,
                        Integer.toString(values.size()),
                        unit.text(values.median()),
                        unit.range(values.lowest(), values.highest()),
                        ratio,
                        wanted,
                        verdict)
                + " |";
    }
}
