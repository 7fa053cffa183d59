/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The repository looks after itself; each rule is worded as it is enforced. */
final class TidyTest {

    /** A file longer than this has become two files. */
    private static final int MAX_LINES = 500;

    private static final Pattern LOOSE_END = Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b");

    @Test
    @DisplayName("a source file has at most 500 lines")
    void filesAreShort() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : allSources()) {
            int lines = House.linesOf(file).size();
            if (lines > MAX_LINES) {
                tooLong.add(file + ": " + lines);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    @DisplayName("no loose ends in the code")
    void noLooseEnds() {
        List<String> found = new ArrayList<>();
        for (Path file : allSources()) {
            for (String line : House.linesOf(file)) {
                if (LOOSE_END.matcher(line).find()) {
                    found.add(file + ": " + line.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    @DisplayName("R7 every package has its sign, null-marked, with at least a sentence")
    void everyPackageHasItsSign() {
        TreeSet<String> bare = new TreeSet<>();
        for (Path file : House.sources("main")) {
            Path sign = file.resolveSibling("package-info.java");
            if (!Files.exists(sign)) {
                bare.add(file.getParent() + ": no package-info.java");
                continue;
            }
            String text = String.join("\n", House.linesOf(sign));
            if (!text.contains("@NullMarked") || !text.contains("/**")) {
                bare.add(sign + ": no @NullMarked or no sentence");
            }
        }
        assertThat(bare).isEmpty();
    }

    @Test
    @DisplayName("no test is switched off")
    void noTestIsSwitchedOff() {
        List<String> off = new ArrayList<>();
        for (Path file : House.sources("test")) {
            for (String line : House.linesOf(file)) {
                if (line.strip().startsWith("@Dis" + "abled")) {
                    off.add(file.toString());
                }
            }
        }
        assertThat(off).isEmpty();
    }

    private static List<Path> allSources() {
        List<Path> all = new ArrayList<>(House.sources("main"));
        all.addAll(House.sources("test"));
        assertThat(all).hasSizeGreaterThan(200);
        return all;
    }
}
