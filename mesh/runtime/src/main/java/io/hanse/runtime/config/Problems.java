/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong in one file, gathered while its sections are read; and the sections opened so far. */
final class Problems {

    private record Found(int line, int column, ConfigException.Problem problem) {}

    private final Path file;
    private final Set<Found> found = new LinkedHashSet<>();
    private final Set<Section> opened = new LinkedHashSet<>();

    Problems(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    void opened(Section section) {
        opened.add(section);
    }

    void add(YamlNode.Mark mark, String what, String hint) {
        found.add(new Found(mark.line(), mark.column(), new ConfigException.Problem(mark.toString(), what, hint)));
    }

    void throwIfAny() {
        List.copyOf(opened).forEach(Section::reportUnknownKeys);
        if (!found.isEmpty()) {
            List<ConfigException.Problem> sorted = found.stream()
                    .sorted(Comparator.comparingInt(Found::line).thenComparingInt(Found::column))
                    .map(Found::problem)
                    .toList();
            throw new ConfigException(sorted, "correct %s and start again".formatted(file));
        }
    }
}
