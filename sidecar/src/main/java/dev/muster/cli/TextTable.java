package dev.muster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A table with borders, as wide as its cells. */
final class TextTable {
    private final List<String> header;
    private final Set<Integer> rightAligned;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param rightAligned the columns with numbers, from 0
     */
    TextTable(List<String> header, Set<Integer> rightAligned) {
        this.header = List.copyOf(header);
        this.rightAligned = Set.copyOf(rightAligned);
    }

    /** Adds a row of as many cells as the header has. */
    void add(List<String> cells) {
        if (cells.size() != header.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(cells.size(), header.size()));
        }
        rows.add(List.copyOf(cells));
    }

    List<String> lines() {
        String border = border();
        List<String> lines = new ArrayList<>(List.of(border, line(header), border));
        rows.forEach(row -> lines.add(line(row)));
        lines.add(border);
        return lines;
    }

    private String border() {
        StringBuilder border = new StringBuilder("+");
        for (int column = 0; column < header.size(); column++) {
            border.append("-".repeat(width(column) + 2)).append('+');
        }
        return border.toString();
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            line.append(' ')
                    .append(rightAligned.contains(column) ? padding + cell : cell + padding)
                    .append(" |");
        }
        return line.toString();
    }

    private int width(int column) {
        int width = header.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
