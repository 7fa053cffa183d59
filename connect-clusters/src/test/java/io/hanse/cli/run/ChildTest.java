/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

    private static final String LOG_LINE = "2026-11-26T20:15:00.762Z INFO  control API listens (ControlServer)";
    private static final String WARNING = "2026-11-26T20:15:00.812Z WARN  a library is surprised (Library)";
    private static final String TRACE = "java.lang.IllegalStateException\n\tat io.library.Loop.run(Loop.java:37)";
    private static final String WHY = "control-plane: cannot listen on 127.0.0.1:15012\nnext: ss -ltnp";

    @TempDir
    private Path folder;

    @Test
    void ofOneThatGaveUpTheSentencesAreShown() throws IOException {
        assertThat(said(LOG_LINE, "control-plane has ended", WHY)).isEqualTo(WHY);
    }

    @Test
    void aStackTraceAmongTheLogLinesIsNoSentence() throws IOException {
        assertThat(said(WARNING, TRACE, "control-plane has ended", WHY)).isEqualTo(WHY);
    }

    @Test
    void ofOneThatSaysNothingInWordsTheLastLinesAreShown() throws IOException {
        assertThat(said(LOG_LINE, WARNING, TRACE)).isEqualTo(String.join("\n", LOG_LINE, WARNING, TRACE));
    }

    @Test
    void whatAnotherWroteThereBeforeIsNotShown() throws IOException {
        Files.writeString(folder.resolve("log"), "the words of yesterday\n");

        assertThat(said(WHY)).isEqualTo(WHY);
    }

    @Test
    void ofALongLogOnlyTheEndIsRead() throws IOException {
        assertThat(said((LOG_LINE + "\n").repeat(10_000) + WHY)).isEqualTo(WHY);
    }

    private String said(String... lines) throws IOException {
        Path script = Files.writeString(folder.resolve("says"), String.join("\n", lines) + "\n");
        Child child = Child.start("says", List.of("cat", script.toString()), folder, folder.resolve("log"));
        assertThat(child.awaitEnd(Duration.ofSeconds(30))).isTrue();
        return child.lastLines();
    }
}
