package dev.muster.playground.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The values of one figure of one side, one for each run, in the figure's {@link Unit}. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    Series() {}

    static Series of(Collection<Double> values) {
        Series series = new Series();
        values.forEach(series::add);
        return series;
    }

    void add(double value) {
        values.add(value);
    }

    int size() {
        return values.size();
    }

    /** The middle value; of an even count, the mean of the middle two. Throws without values. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double lowest() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double highest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
