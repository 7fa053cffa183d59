/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table for people: upper-case heads, columns as wide as their widest cell, three blanks between. Not thread-safe. */
public final class Table {

    private static final String GAP = "   ";

    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(String... heads) {
        this.heads = List.of(heads);
    }

    /** A row; each cell is a {@link Cell} or a text. */
    public Table row(Object... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException("cells: %d (expected: %d)".formatted(cells.length, heads.size()));
        }
        rows.add(IntStream.range(0, cells.length)
                .mapToObj(i -> cells[i] instanceof Cell cell ? cell : new Cell(String.valueOf(cells[i]), Tone.PLAIN))
                .toList());
        return this;
    }

    /** Whether it has no row. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, without trailing blanks. */
    public List<String> lines(boolean colour) {
        int[] widths = IntStream.range(0, heads.size())
                .map(column -> Math.max(
                        heads.get(column).length(),
                        rows.stream()
                                .mapToInt(row -> row.get(column).text().length())
                                .max()
                                .orElse(0)))
                .toArray();
        List<String> lines = new ArrayList<>();
        lines.add(line(heads.stream().map(head -> new Cell(head, Tone.QUIET)).toList(), widths, colour));
        rows.forEach(row -> lines.add(line(row, widths, colour)));
        return lines;
    }

    private static String line(List<Cell> cells, int[] widths, boolean colour) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            Cell cell = cells.get(column);
            line.append(colour ? cell.tone().around(cell.text()) : cell.text());
            if (column < cells.size() - 1) {
                line.append(" ".repeat(widths[column] - cell.text().length())).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    /** A text with a tone. */
    public record Cell(String text, Tone tone) {}
}
