/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.runtime.files.StateMark.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateMarkTest {

    private static final Path STATE = Path.of("/somewhere/state");
    private static final String LOSS = "look at what came back";

    @TempDir
    Path directory;

    private StateMark mark() {
        return StateMark.open(directory.resolve("marks"), "spiffe-ca");
    }

    private Path file(String name) {
        return directory.resolve("marks").resolve(name);
    }

    private static SortedMap<String, Long> found(long authorities, long bans) {
        return new TreeMap<>(java.util.Map.of("authorities", authorities, "banned nodes", bans));
    }

    private StateException refused(SortedMap<String, Long> found) {
        try {
            mark().judge(STATE, found, LOSS);
        } catch (StateException refused) {
            return refused;
        }
        throw new AssertionError("older state was taken");
    }

    @Test
    void rememberWhatWasNewestOverRestartsAndNeverGoesBack() throws IOException {
        StateMark first = mark();
        first.raise("authorities", 7);
        first.raise("authorities", 3);
        first.raise("banned nodes", 1);

        assertThat(mark().of("authorities")).isEqualTo(7);
        assertThat(mark().of("banned nodes")).isEqualTo(1);
        assertThat(mark().of("never heard of")).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("spiffe-ca.mark"))))
                .isEqualTo("rw-------");
    }

    @Test
    void stateWithoutAMarkIsTakenAndMarkedFromThenOn() {
        assertThat(mark().judge(STATE, found(5, 2), LOSS)).isEqualTo(Standing.LEVEL);
        assertThat(mark().of("authorities")).isEqualTo(5);
    }

    @Test
    void stateAheadOfItsMarkIsWhatACrashBetweenTheTwoLeaves() {
        mark().raise(found(5, 2));
        assertThat(mark().judge(STATE, found(6, 2), LOSS)).isEqualTo(Standing.LEVEL);
        assertThat(mark().of("authorities")).isEqualTo(6);
    }

    @Test
    void refusesOlderStateAndSaysWhatWhereWhyAndWhatNext() {
        mark().raise(found(5, 2));
        StateException refused = refused(found(5, 1));
        assertThat(refused)
                .hasMessageContaining(STATE.toString())
                .hasMessageContaining("banned nodes 1, was 2")
                .hasMessageContaining("backup");
        assertThat(refused.getMessage()).doesNotContain("authorities");
        assertThat(refused.next()).contains("put the newest state back", "echo ", "spiffe-ca.accept-older", LOSS);
        assertThat(mark().of("banned nodes")).as("refusing changes nothing").isEqualTo(2);
    }

    @Test
    void refusesStateThatIsGone() {
        mark().raise(found(5, 2));
        assertThat(refused(found(0, 0))).hasMessageContaining("authorities missing, was 5");
    }

    @Test
    void goesOnWithOlderStateWhenTheOperatorSaysSoForThisVeryState() throws IOException {
        mark().raise(found(5, 2));
        consentTo(refused(found(4, 2)));

        StateException another = refused(found(3, 2));
        assertThat(another).as("the consent was for 4").hasMessageContaining("authorities 3, was 5");

        assertThat(mark().judge(STATE, found(4, 2), LOSS)).isEqualTo(Standing.OLDER_ACCEPTED);
        StateMark accepted = mark();
        assertThat(accepted.of("authorities")).as("what to go beyond").isEqualTo(5);
        accepted.raise(found(6, 3));
        accepted.settled();
        assertThat(file("spiffe-ca.accept-older")).doesNotExist();
        assertThat(mark().judge(STATE, found(6, 3), LOSS)).isEqualTo(Standing.LEVEL);
    }

    @Test
    void aConsentThatWasNotNeededIsTakenBack() throws IOException {
        mark().raise(found(5, 2));
        consentTo(refused(found(4, 2)));
        assertThat(mark().judge(STATE, found(5, 2), LOSS)).isEqualTo(Standing.LEVEL);
        refused(found(4, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hanse-mark 2\n", "hanse-mark 1\nauthorities\n", "hanse-mark 1\nauthorities x\n", "{}"})
    void refusesADamagedMarkAndNamesIt(String content) throws IOException {
        Files.createDirectories(directory.resolve("marks"));
        Files.writeString(file("spiffe-ca.mark"), content);
        assertThatThrownBy(this::mark).isInstanceOfSatisfying(StateException.class, refused -> {
            assertThat(refused).hasMessageContaining("spiffe-ca.mark");
            assertThat(refused.next()).contains("rm ");
        });
    }

    @Test
    void aMarkThatCannotBeWrittenStopsNobodyAndIsWrittenWithTheNext() throws IOException {
        StateMark mark = mark();
        mark.raise("authorities", 1);
        // A directory that is not empty stands where the temporary file goes: fails for root too.
        Path obstacle = file(".spiffe-ca.mark.tmp");
        Files.createDirectories(obstacle.resolve("full"));
        mark.raise("authorities", 2);
        assertThat(mark().of("authorities")).isEqualTo(1);
        Files.delete(obstacle.resolve("full"));
        mark.raise("banned nodes", 1);
        assertThat(mark().of("authorities")).isEqualTo(2);
    }

    /** Does what the message says. */
    private static void consentTo(StateException refused) throws IOException {
        Matcher command = Pattern.compile("echo (\\S+) > (\\S+),").matcher(refused.next());
        assertThat(command.find()).as(refused.next()).isTrue();
        Files.writeString(Path.of(command.group(2)), command.group(1) + "\n");
    }
}
