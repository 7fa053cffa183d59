/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who was refused where, as a table for people. One thread. */
final class Matrix {

    private final Map<Forgery<?>, List<String>> doors = new LinkedHashMap<>();

    void refused(Forgery<?> forgery, String door) {
        doors.computeIfAbsent(forgery, first -> new ArrayList<>()).add(door);
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        line(table, "forgery", "rule", "code", "doors");
        doors.forEach((forgery, where) ->
                line(table, forgery.name(), forgery.rule(), forgery.expected().name(), String.join(", ", where)));
        return table.append(doors.size())
                .append(" forgeries refused at ")
                .append(doors.values().stream().mapToInt(List::size).sum())
                .append(" doors in all\n")
                .toString();
    }

    private static void line(StringBuilder table, String forgery, String rule, String code, String where) {
        table.append("%-56s %-16s %-34s %s%n".formatted(forgery, rule, code, where));
    }

    /** Where {@code tests/bin/forged} finds it. */
    void write() throws IOException {
        Path file = Path.of("target", "forged-matrix.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, table());
    }
}
