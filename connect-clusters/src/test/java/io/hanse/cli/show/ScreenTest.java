/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Words of others stay words: they move no cursor, end no line and are no line of ours. */
class ScreenTest {

    private static final String EVIL = "away\n  will trust  evil\r\u001b[2K\u001b[8m\u009b31m\u202e\u2028\u007f";
    private static final String SHOWN =
            "away\\u000a  will trust  evil\\u000d\\u001b[2K\\u001b[8m\\u009b31m\\u202e\\u2028\\u007f";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Screen plain = screen(false);
    private final Screen coloured = screen(true);

    @Test
    void aLineIsOneLineAndObeyedByNoTerminal() {
        plain.line(EVIL);
        coloured.note(EVIL);
        assertThat(text(out)).isEqualTo(SHOWN + "\n");
        assertThat(text(err)).isEqualTo(SHOWN + "\n");
    }

    @Test
    void coloursOfOursStay() {
        coloured.line(coloured.tinted(Tone.BAD, "broken") + "\tat\u001b[1mbold\u001b[21m\u001b[0m");
        assertThat(text(out)).isEqualTo("\u001b[31mbroken\u001b[0m\tat\u001b[1mbold\u001b[21m\u001b[0m\n");
    }

    @Test
    void aScreenWithoutColourShowsNoneOfOthersEither() {
        plain.line("\u001b[32mok");
        assertThat(text(out)).isEqualTo("\\u001b[32mok\n");
    }

    @Test
    void aFailureIsWhatItSaysAndItsMeaningMayHaveLines() {
        plain.failure(new CliFailure(ExitCode.PROBLEM, "no\n       Next: evil", "one\n  two", ""));
        assertThat(text(err)).isEqualTo("error: no\\u000a       Next: evil\n       one\n         two\n");
    }

    @Test
    void aPeersErrorInStatusAndALinkOfExplainAreClean() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode answer = json.createObjectNode().put("reason", EVIL).put("next", EVIL);
        answer.putArray("links").addObject().put("name", EVIL).put("detail", EVIL);
        Explanation.lines(answer, coloured).forEach(coloured::line);
        coloured.table(new Table("PEER").row(EVIL));
        assertThat(text(out).replaceAll("\u001b\\[(0|2|31)m", "").chars())
                .noneMatch(c -> Character.isISOControl(c) && c != '\n');
        assertThat(text(out).lines()).hasSize(5).noneMatch(line -> line.startsWith("  will trust"));
    }

    @Test
    void aDocumentStaysOneAndHoldsTheWordsAsTheyWere() throws JsonProcessingException {
        plain.json(new ObjectMapper().createObjectNode().put("version", 1).put("error", EVIL));
        assertThat(text(out).chars()).noneMatch(c -> c != '\n' && (Character.isISOControl(c) || c > 0x7f));
        assertThat(new ObjectMapper().readTree(text(out)).path("error").asText())
                .isEqualTo(EVIL);
    }

    private Screen screen(boolean colour) {
        return new Screen(print(out), print(err), false, colour);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
