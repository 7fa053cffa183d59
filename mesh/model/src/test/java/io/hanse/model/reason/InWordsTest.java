/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.reason;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;

class InWordsTest {

    @Test
    void aMessageIsTakenAsItIs() {
        assertThat(InWords.of(new IOException("Connection reset by peer"))).isEqualTo("Connection reset by peer");
    }

    @Test
    void wordsOfOthersAreOneLineThatNothingObeys() {
        assertThat(InWords.plain("fjord \u00e5 \ud83d\ude00")).isEqualTo("fjord \u00e5 \ud83d\ude00");
        assertThat(InWords.plain("\u001b[2Jno\nok: all is well\u202e\u2028\u009b"))
                .isEqualTo("?[2Jno?ok: all is well???");
        assertThat(InWords.plain("x".repeat(5000))).hasSizeLessThan(1100);
    }

    @Test
    void aFailureWithoutOneIsNamed() {
        assertThat(InWords.of(new ClosedChannelException())).isEqualTo("connection closed");
        assertThat(InWords.of(new AsynchronousCloseException())).isEqualTo("connection closed");
        assertThat(InWords.of(new NotYetConnectedException())).isEqualTo("not yet connected");
        assertThat(InWords.of(new StackOverflowError(" "))).isEqualTo("stack overflow");
        assertThat(InWords.of(new EOFException())).isEqualTo("eof");
        assertThat(InWords.of(new Exception())).isEqualTo("exception");
        assertThat(InWords.of(new RuntimeException() {})).startsWith(InWordsTest.class.getName());
    }
}
