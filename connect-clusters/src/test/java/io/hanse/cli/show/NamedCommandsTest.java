/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedCommandsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Next: connect-clusters status|Next: connect-clusters status --dir x",
                "connect-clusters status; to start over: connect-clusters disconnect bergen"
                        + "|connect-clusters status --dir x; to start over: connect-clusters disconnect bergen --dir x",
                "connect-clusters authority show, then connect-clusters authority taint <key id>"
                        + "|connect-clusters authority show --dir x, then connect-clusters authority taint <key id> --dir x",
                "wait, or connect-clusters authority activate --force and accept that"
                        + "|wait, or connect-clusters authority activate --force --dir x and accept that",
                "connect-clusters explain shop/frontend shop/api-server:80."
                        + "|connect-clusters explain shop/frontend shop/api-server:80 --dir x.",
                "connect-clusters invite <cluster>, or accept|connect-clusters invite <cluster> --dir x, or accept",
            })
    void aCommandIsCompletedWithTheFolder(String text, String completed) {
        assertThat(NamedCommands.completed(text, "x")).isEqualTo(completed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connect-clusters run --dir y (its output: z)",
                "connect-clusters invite --help",
                "connect-clusters init <name>",
                "connect-clusters invite lubeck (there)",
                "connect-clusters accept - (there) and paste it",
            })
    void aCommandThatIsWholeOrForAnotherOperatorStays(String text) {
        assertThat(NamedCommands.completed(text, "x")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource("connect-clusters status")
    void withoutAFolderNothingIsAdded(String text) {
        assertThat(NamedCommands.completed(text, "")).isEqualTo(text);
    }
}
