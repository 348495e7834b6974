package dev.muster.playground.bench;

import java.util.Locale;

/** A figure that was to be reached, and whether it was. */
record Target(String words, boolean met) {
    /** At most so much, in the figure's unit. */
    static Target atMost(Unit unit, double limit, double measured) {
        return new Target("≤ " + unit.text(limit), measured <= limit);
    }

    /** At most that part of the side to beat. */
    static Target ratioAtMost(double limit, Series own, Series other) {
        return new Target(
                String.format(Locale.ROOT, "≤ %.2f of the other", limit), own.median() <= limit * other.median());
    }

    String verdict() {
        return met ? "met" : "missed";
    }
}
