/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlReaderTest {

    @Test
    void readsEveryDocumentWithThePlaceOfEachNode() throws MalformedYaml {
        List<YamlNode> documents = YamlReader.parseAll("m.yaml", "kind: Service\n---\n# nothing\n---\na:\n  - b: 1\n");

        assertThat(documents).hasSize(2);
        YamlNode.Mapping second = (YamlNode.Mapping) documents.get(1);
        YamlNode.Sequence list = (YamlNode.Sequence) second.get("a").orElseThrow();
        YamlNode.Mapping item = (YamlNode.Mapping) list.items().getFirst();
        assertThat(item.entry("b").orElseThrow().keyMark()).hasToString("m.yaml:6:5");
        assertThat(item.get("b").orElseThrow().mark()).hasToString("m.yaml:6:8");
    }

    @Test
    void tellsTextFromNumbersFlagsAndNothing() throws MalformedYaml {
        YamlNode node = YamlReader.parseAll("m", "{a: x, b: 7, c: true, d: null, e: '7', f: 1.5, g: [1], h: yes}")
                .getFirst();

        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("a", "x");
        expected.put("b", 7L);
        expected.put("c", true);
        expected.put("d", null);
        expected.put("e", "7");
        expected.put("f", 1.5);
        expected.put("g", Arrays.asList(1L));
        expected.put("h", "yes");
        assertThat(node.plain()).isEqualTo(expected);
    }

    @Test
    void refusesAKeyThatStandsTwiceWithItsLine() {
        assertThatThrownBy(() -> YamlReader.parseAll("m.yaml", "a: 1\nb: 2\na: 3\n"))
                .isInstanceOf(MalformedYaml.class)
                .hasMessage("m.yaml:3:1: the key 'a' stands here a second time");
    }

    @Test
    void refusesBrokenSyntaxWithItsLine() {
        assertThatThrownBy(() -> YamlReader.parseAll("m.yaml", "a: 1\nb: [1, 2\nc: 3\n"))
                .isInstanceOfSatisfying(
                        MalformedYaml.class, e -> assertThat(e.mark().line()).isEqualTo(3));
    }

    @Test
    void refusesAliasesThatBlowUp() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, before))));
        }

        assertThatThrownBy(() -> YamlReader.parseAll("m", bomb.toString()))
                .isInstanceOf(MalformedYaml.class)
                .hasMessageContaining("aliases");
    }

    @Test
    void refusesANodeThatHoldsItself() {
        assertThatThrownBy(() -> YamlReader.parseAll("m", "a: &x [1, *x]")).isInstanceOf(MalformedYaml.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> YamlReader.parseAll("m", "[".repeat(500) + "]".repeat(500)))
                .isInstanceOf(MalformedYaml.class)
                .hasMessageContaining("deeper");
    }

    /** A virtual thread's stack is deep, a parser's recursion deeper still. */
    @Test
    void refusesNestingThatNoStackHolds() {
        for (String deep : List.of("[", "{a: ", "- ", "? ")) {
            assertThatThrownBy(() -> YamlReader.parseAll("m.yaml", "a: 1\n---\n" + deep.repeat(200_000)))
                    .isInstanceOf(MalformedYaml.class)
                    .hasMessageStartingWith("m.yaml:3:")
                    .hasMessageEndingWith("nested deeper than 64 levels");
        }
    }

    @Test
    void readsWhatIsNestedAsDeepAsAllowed() throws MalformedYaml {
        assertThat(YamlReader.parseAll("m", "[".repeat(64) + "]".repeat(64))).hasSize(1);
    }

    @Test
    void refusesTagsOfOnesOwn() {
        assertThatThrownBy(() -> YamlReader.parseAll("m", "a: !!java.net.URL [x]\nb: !mine 3"))
                .isInstanceOf(MalformedYaml.class);
    }

    @Test
    void refusesAFileThatIsTooLongOrNotText(@TempDir Path directory) throws Exception {
        Path large = Files.write(directory.resolve("large.yaml"), new byte[YamlReader.MAX_BYTES + 1]);
        Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});

        assertThatThrownBy(() -> YamlReader.readAll(large)).hasMessageContaining("longer than 1048576 bytes");
        assertThatThrownBy(() -> YamlReader.readAll(binary)).hasMessageContaining("not UTF-8");
    }
}
