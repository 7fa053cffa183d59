/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hanse.model.cluster.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionTest {

    @TempDir
    Path directory;

    private enum Mode {
        PERMISSIVE,
        VERY_STRICT
    }

    @Test
    void readsEveryKindOfValue() throws IOException {
        Section root = root("""
                name: lubeck
                wait: 1h30m
                at: 127.0.0.1:8443
                count: 3
                on: true
                where: state
                words: [a, b]
                mode: very-strict
                inner:
                  key: value
                many:
                  - key: one
                  - key: two
                """);

        assertThat(root.required("name")).isEqualTo("lubeck");
        assertThat(root.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofMinutes(90));
        assertThat(root.address("at", new HostPort("x", 1))).isEqualTo(new HostPort("127.0.0.1", 8443));
        assertThat(root.integer("count", 1, 0, 10)).isEqualTo(3);
        assertThat(root.flag("on", false)).isTrue();
        assertThat(root.path("where", "elsewhere")).isEqualTo(directory.resolve("state"));
        assertThat(root.list("words")).containsExactly("a", "b");
        assertThat(root.oneOf("mode", Mode.PERMISSIVE)).isEqualTo(Mode.VERY_STRICT);
        assertThat(root.section("inner").required("key")).isEqualTo("value");
        assertThat(root.sections("many").stream().map(s -> s.required("key"))).containsExactly("one", "two");
        root.finish();
    }

    @Test
    void takesFallbacksForWhatIsNotThere() throws IOException {
        Section root = root("empty:\n");

        assertThat(root.text("empty", "fallback")).isEqualTo("fallback");
        assertThat(root.path("where", "state")).isEqualTo(directory.resolve("state"));
        assertThat(root.list("words")).isEmpty();
        assertThat(root.section("inner").present()).isFalse();
        assertThat(root.section("inner").integer("count", 7, 0, 10)).isEqualTo(7);
        root.finish();
    }

    @Test
    void namesTheNearestKnownKeyForAnUnknownOne() throws IOException {
        Section root = root("trustDomian: lubeck.example\n");
        root.text("trustDomain", "");
        root.text("cluster", "");

        ConfigException report = report(root);

        assertThat(report.problems()).hasSize(1);
        assertThat(report).hasMessageContaining("cluster.yaml:1:1: the key 'trustDomian' is not known");
        assertThat(report).hasMessageContaining("did you mean 'trustDomain'?");
        assertThat(report).hasMessageContaining("next: correct " + directory.resolve("cluster.yaml"));
    }

    @Test
    void listsKnownKeysWhenNoneIsNear() throws IOException {
        Section root = root("zzzzzzzzzz: 1\n");
        root.text("cluster", "");

        assertThat(report(root)).hasMessageContaining("known keys: cluster");
    }

    @Test
    void reportsEveryProblemOfAllOpenedSectionsAtOnceInTheOrderOfTheFile() throws IOException {
        Section root = root("""
                inner:
                  count: many
                  typo: 1
                wait: soon
                words: single
                """);
        root.required("cluster");
        root.duration("wait", Duration.ZERO);
        root.list("words");
        root.section("inner").integer("count", 1, 0, 10);

        ConfigException report = report(root);

        assertThat(report.problems().stream().map(ConfigException.Problem::what))
                .containsExactly(
                        "the key 'cluster' is missing",
                        "inner.count: number: many (expected: 0 to 10)",
                        "the key 'inner.typo' is not known",
                        "wait: duration: soon (expected: a number and a unit, for example 500ms, 10s, 15m, 24h)",
                        "words: text (expected: a list)");
    }

    @Test
    void refusesAGroupWhereTextBelongsAndTextWhereAGroupBelongs() throws IOException {
        Section root = root("name: {a: 1}\ninner: text\n");
        root.text("name", "");
        root.section("inner");

        assertThat(report(root).problems().stream().map(ConfigException.Problem::what))
                .containsExactly("name: a group of keys (expected: text)", "inner: text (expected: a group of keys)");
    }

    @Test
    void refusesNumbersAndDurationsOutsideTheirBounds() throws IOException {
        Section root = root("count: 11\nwait: 2h\n");
        root.integer("count", 1, 0, 10);
        root.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofHours(1));

        assertThat(report(root).problems().stream().map(ConfigException.Problem::what))
                .containsExactly("count: number: 11 (expected: 0 to 10)", "wait: duration: 2h (expected: 0s to 1h)");
    }

    @Test
    void namesTheHeirOfARetiredKey() throws IOException {
        Section root = root("oldName: x\n").retired("oldName", "newName");

        assertThat(report(root).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.hint()).isEqualTo("use newName"));
    }

    @Test
    void leavesSectionsThatNobodyOpenedAlone() throws IOException {
        Section root = root("other:\n  whatever: 1\n").knownElsewhere("other"::equals);

        root.finish();
    }

    @Test
    void parsesWhatItFormats() {
        for (String text : List.of("0s", "500ms", "10s", "1h30m", "7d", "1d2h3m4s5ms")) {
            assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(text);
        }
    }

    @Test
    void countsASwapOfNeighboursAsOneSlip() {
        assertThat(NearestName.distance("trustdomian", "trustdomain")).isEqualTo(1);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    }

    private Section root(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("cluster.yaml"), yaml);
        return ConfigFile.read(file).root();
    }

    private static ConfigException report(Section root) {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, root::finish);
        assertThat(thrown).as("a report").isNotNull();
        return thrown;
    }
}
