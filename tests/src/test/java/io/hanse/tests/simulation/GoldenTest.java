/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rotation and federation told in full: a command, then the exact state of every cluster. The files are rewritten only by
 * {@code -Dhanse.golden.rewrite=true}; read the difference before you commit it.
 */
final class GoldenTest {

    private static AutoCloseable crypto = () -> {};

    @BeforeAll
    static void prepare() {
        crypto = Crypto.ready();
    }

    @AfterAll
    static void restore() throws Exception {
        crypto.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotation.txt", "federation.txt"})
    void happensAsItIsWritten(String name) throws IOException {
        Path file = folder().resolve(name);
        String written = Files.readString(file);
        String played = Golden.play(written);
        if (Boolean.getBoolean("hanse.golden.rewrite")) {
            Files.writeString(file, played);
        }
        assertThat(played).isEqualTo(Boolean.getBoolean("hanse.golden.rewrite") ? played : written);
    }

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("tests/src/test/resources/golden");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new IllegalStateException("this test runs outside of a checkout");
    }
}
