package dev.muster.playground.bench;

import java.util.Locale;

/** How a figure is printed. */
enum Unit {
    SECONDS("%.2f", "s"),
    MILLISECONDS("%.0f", "ms"),
    /** Of 1,048,576 bytes, as in -Xmx. */
    MEGABYTES("%.1f", "MB"),
    PERCENT("%.2f", "%"),
    COUNT("%.0f", "");

    private final String format;
    private final String symbol;

    Unit(String format, String symbol) {
        this.format = format;
        this.symbol = symbol;
    }

    String text(double value) {
        return (format(value) + " " + symbol).strip();
    }

    String range(double lowest, double highest) {
        return format(lowest) + " to " + format(highest);
    }

    private String format(double value) {
        // Locale.ROOT: the table is to be pasted and compared.
        return String.format(Locale.ROOT, format, value);
    }
}
