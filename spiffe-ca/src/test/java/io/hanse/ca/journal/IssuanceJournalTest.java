/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.ca.testing.TestCa;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.time.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IssuanceJournalTest {

    private static final Instant NOW = TestCa.START;
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();

    @Test
    void whatWasRecordedIsThereAfterARestart() {
        try (IssuanceJournal journal = open(10)) {
            journal.record(entry("1", "a", NOW.plus(HOUR)));
            journal.record(entry("2", "b", NOW.plus(HOUR).plus(HOUR)));
        }
        try (IssuanceJournal journal = open(10)) {
            assertThat(journal.issued()).isEqualTo(2);
            assertThat(journal.valid()).isEqualTo(2);
            assertThat(journal.valid("a")).isEqualTo(1);
            assertThat(journal.lastExpiry("b")).contains(NOW.plus(HOUR).plus(HOUR));
            assertThat(journal.soonestExpiry()).contains(NOW.plus(HOUR));
            assertThat(journal.recent(5))
                    .containsExactly(entry("2", "b", NOW.plus(HOUR).plus(HOUR)), entry("1", "a", NOW.plus(HOUR)));
        }
    }

    @Test
    void anEntryIsValidUntilTheSecondItExpires() {
        try (IssuanceJournal journal = open(10)) {
            journal.record(entry("1", "a", NOW.plus(HOUR)));
            clock.advance(HOUR.minusSeconds(1));
            assertThat(journal.valid("a")).isEqualTo(1);
            clock.advance(Duration.ofSeconds(1));
            assertThat(journal.valid("a")).isZero();
            assertThat(journal.soonestExpiry()).isEmpty();
        }
    }

    @Test
    void expiredSegmentsAreDroppedAndTheCountGoesOn() throws Exception {
        try (IssuanceJournal journal = open(2)) {
            for (int i = 0; i < 7; i++) {
                journal.record(
                        entry(Integer.toHexString(i), "a", clock.instant().plus(HOUR)));
                clock.advance(HOUR);
            }
            assertThat(files()).hasSizeLessThanOrEqualTo(3);
        }
        try (IssuanceJournal journal = open(2)) {
            assertThat(journal.issued()).isEqualTo(7);
            clock.advance(HOUR);
            journal.compact();
            assertThat(files()).hasSize(1);
            assertThat(journal.recent(1).getFirst().serial()).isEqualTo("6");
        }
    }

    @Test
    void aSegmentWithOneValidEntryStays() throws Exception {
        try (IssuanceJournal journal = open(2)) {
            journal.record(entry("1", "old", NOW.plus(HOUR.multipliedBy(100))));
            for (int i = 0; i < 6; i++) {
                journal.record(entry("2", "new", NOW.plus(HOUR)));
            }
            clock.advance(HOUR.multipliedBy(2));
            journal.compact();
            assertThat(files()).hasSize(2);
            assertThat(journal.valid("old")).isEqualTo(1);
        }
    }

    @Test
    void aTornLastLineIsNoObstacle() throws Exception {
        try (IssuanceJournal journal = open(10)) {
            journal.record(entry("1", "a", NOW.plus(HOUR)));
        }
        Files.writeString(files().getFirst(), "X509_SVID\t2\tspiff", StandardOpenOption.APPEND);
        try (IssuanceJournal journal = open(10)) {
            journal.record(entry("3", "a", NOW.plus(HOUR)));
            assertThat(journal.recent(9)).extracting(SignedEntry::serial).containsExactly("3", "1");
        }
    }

    @Test
    void theNewestEntriesAreBounded() {
        try (IssuanceJournal journal = open(100_000)) {
            for (int i = 0; i < IssuanceJournal.MAX_RECENT + 1; i++) {
                journal.record(entry(Integer.toHexString(i), "a", NOW.plus(HOUR)));
            }
            assertThat(journal.recent(Integer.MAX_VALUE)).hasSize(IssuanceJournal.MAX_RECENT);
            assertThat(journal.valid()).isEqualTo(IssuanceJournal.MAX_RECENT + 1);
        }
    }

    @Test
    void aLineSaysWhatTheEntrySaid() {
        SignedEntry entry = entry("beef", "key", NOW);
        assertThat(SignedEntry.parse(entry.line())).isEqualTo(entry);
    }

    private IssuanceJournal open(int segment) {
        return IssuanceJournal.open(directory.resolve("issued"), clock, segment);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("issued"))) {
            return all.sorted().toList();
        }
    }

    private static SignedEntry entry(String serial, String authority, Instant notAfter) {
        return new SignedEntry(
                SignedEntry.Kind.X509_SVID,
                serial,
                SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web"),
                authority,
                notAfter,
                NOW,
                "spiffe://lubeck.example/hanse/node/n1");
    }
}
