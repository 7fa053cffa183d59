/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("journal");
    }

    @Test
    void givesBackEveryLineInOrderAfterReopening() throws IOException {
        append("one", "", "zwölf €");

        assertThat(replay()).containsExactly("one", "", "zwölf €");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void cutsOffATornEndAtEveryLengthAndGoesOn() throws IOException {
        append("first", "second");
        byte[] whole = Files.readAllBytes(file);
        int firstLength = whole.length - "00000000 second\n".length();
        for (int cut = firstLength; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));

            append("third");

            assertThat(replay()).as("cut at %d", cut).containsExactly("first", "third");
        }
    }

    @Test
    void cutsOffZeroesThatAPowerCutLeftAtTheEnd() throws IOException {
        append("first");
        Files.write(file, new byte[5000], StandardOpenOption.APPEND);

        assertThat(replay()).containsExactly("first");
        assertThat(Files.size(file)).isEqualTo("00000000 first\n".length());
    }

    @Test
    void refusesDamageBeforeTheLastLine() throws IOException {
        append("first", "second");
        byte[] bytes = Files.readAllBytes(file);
        bytes[10] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> Journal.open(file))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("a line in the middle of the journal is damaged");
        assertThat(Files.readAllBytes(file)).as("nothing was cut").isEqualTo(bytes);
    }

    @Test
    void refusesLineBreaksAndLinesThatAreTooLong() {
        try (Journal journal = Journal.open(file)) {
            assertThatThrownBy(() -> journal.append("a\nb")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.append("x".repeat(Journal.MAX_LINE_BYTES + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            journal.append("x".repeat(Journal.MAX_LINE_BYTES));
        }
        assertThat(replay()).singleElement().satisfies(line -> assertThat(line).hasSize(Journal.MAX_LINE_BYTES));
    }

    @Test
    void isShortenedInOneStepAndGoesOn() {
        append("a", "b", "c");
        try (Journal journal = Journal.open(file)) {
            journal.replace(List.of("c"));
            journal.append("d");
        }

        assertThat(replay()).containsExactly("c", "d");
    }

    private void append(String... lines) {
        try (Journal journal = Journal.open(file)) {
            for (String line : lines) {
                journal.append(line);
            }
        }
    }

    private List<String> replay() {
        List<String> lines = new ArrayList<>();
        try (Journal journal = Journal.open(file)) {
            journal.replay(lines::add);
        }
        return lines;
    }
}
