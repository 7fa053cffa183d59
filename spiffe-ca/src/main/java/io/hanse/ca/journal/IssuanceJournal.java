/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.journal;

import io.hanse.ca.keys.CaException;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.Journal;
import io.hanse.runtime.files.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything this authority signed, append-only, in segments {@code issued-<first number>.log}. A segment is deleted when
 * everything in it has expired, so that the disk and the replay at start are bounded by what is still valid; the last
 * segment stays, so that there is always something to read after an incident.
 *
 * <p>Any thread; appending blocks until the entry is on disk.
 */
public final class IssuanceJournal implements AutoCloseable {

    /** Entries of a segment: small enough to be dropped soon, large enough that files are few. */
    static final int SEGMENT_ENTRIES = 50_000;

    /** The newest entries kept in memory for the control API. */
    public static final int MAX_RECENT = 1_000;

    /** How long an expired entry counts as the last of its authority, so that the authority can stay a little longer. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private static final String PREFIX = "issued-";
    private static final String SUFFIX = ".log";

    private final Path directory;
    private final InstantSource clock;
    private final int segmentEntries;
    private final ExpiryCounts counts = new ExpiryCounts();
    private final Deque<SignedEntry> recent = new ArrayDeque<>();
    /** First number to the moment when everything in that segment has expired. */
    private final TreeMap<Long, Instant> segments = new TreeMap<>();

    private Journal current;
    private long currentFirst;
    private long issued;

    private IssuanceJournal(Path directory, InstantSource clock, int segmentEntries) {
        this.directory = directory;
        this.clock = clock;
        this.segmentEntries = segmentEntries;
        for (long first : firstNumbers()) {
            segments.put(first, Instant.EPOCH);
            replay(first);
        }
        counts.forgetExpiredBefore(clock.instant().minus(REMEMBERED));
        this.currentFirst = segments.isEmpty() ? 0 : segments.lastKey();
        segments.putIfAbsent(currentFirst, Instant.EPOCH);
        this.current = Journal.open(pathOf(currentFirst));
    }

    /** Opens the journal and reads what is still of interest. */
    public static IssuanceJournal open(Path directory, InstantSource clock) {
        return open(directory, clock, SEGMENT_ENTRIES);
    }

    static IssuanceJournal open(Path directory, InstantSource clock, int segmentEntries) {
        return new IssuanceJournal(PrivateDirectory.create(directory), clock, segmentEntries);
    }

    /** Records an entry; when this returns it survives a power cut. Called before the signed thing is handed out. */
    public synchronized void record(SignedEntry entry) {
        if (issued - currentFirst >= segmentEntries) {
            beginSegment();
        }
        // Counted first: if the disk refuses, the authority is kept a little longer than needed, never shorter.
        note(currentFirst, entry);
        current.append(entry.line());
        issued++;
    }

    /** How many signed things of an authority are valid now. */
    public synchronized long valid(String authority) {
        return counts.valid(authority, clock.instant());
    }

    /** How many signed things are valid now. */
    public synchronized long valid() {
        return counts.valid(clock.instant());
    }

    /** When the last thing of an authority expires, or expired a few minutes ago. */
    public synchronized Optional<Instant> lastExpiry(String authority) {
        return counts.last(authority);
    }

    /** When the next valid thing expires. */
    public synchronized Optional<Instant> soonestExpiry() {
        return counts.soonest(clock.instant());
    }

    /** How many things were ever signed with this state directory. */
    public synchronized long issued() {
        return issued;
    }

    /** The newest entries, newest first. */
    public synchronized List<SignedEntry> recent(int limit) {
        List<SignedEntry> all = new ArrayList<>(recent);
        return List.copyOf(all.reversed().subList(0, Math.clamp(limit, 0, all.size())));
    }

    /** Drops segments in which everything has expired. */
    public synchronized void compact() {
        Instant limit = clock.instant().minus(REMEMBERED);
        counts.forgetExpiredBefore(limit);
        List<Long> over = segments.headMap(currentFirst, false).entrySet().stream()
                .filter(segment -> segment.getValue().isBefore(limit))
                .map(Map.Entry::getKey)
                .toList();
        for (long first : over) {
            DurableFile.delete(pathOf(first));
            segments.remove(first);
        }
    }

    /** Goes on counting from {@code newest}: what was signed since this journal was copied is not in it. */
    public synchronized void goBeyond(long newest) {
        if (newest > issued) {
            issued = newest;
            beginSegment();
        }
    }

    @Override
    public synchronized void close() {
        current.close();
    }

    private void beginSegment() {
        Journal fresh = Journal.open(pathOf(issued));
        current.close();
        current = fresh;
        currentFirst = issued;
        segments.put(currentFirst, Instant.EPOCH);
        compact();
    }

    private void replay(long first) {
        issued = first;
        try (Journal segment = Journal.open(pathOf(first))) {
            segment.replay(line -> {
                note(first, SignedEntry.parse(line));
                issued++;
            });
        } catch (IllegalArgumentException foreign) {
            throw new CaException(
                    CaException.Code.STATE,
                    "the journal holds a line that is not ours: " + pathOf(first) + ": " + foreign.getMessage(),
                    "restore the state directory from a backup",
                    foreign);
        }
    }

    private void note(long segment, SignedEntry entry) {
        counts.add(entry);
        segments.merge(segment, entry.notAfter(), (a, b) -> a.isAfter(b) ? a : b);
        recent.addLast(entry);
        if (recent.size() > MAX_RECENT) {
            recent.removeFirst();
        }
    }

    private List<Long> firstNumbers() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(SUFFIX))
                    .map(name -> Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length())))
                    .sorted()
                    .toList();
        } catch (IOException | NumberFormatException unreadable) {
            throw new CaException(
                    CaException.Code.STATE,
                    "the journal directory cannot be read: " + directory,
                    "check its owner and its files",
                    unreadable);
        }
    }

    private Path pathOf(long first) {
        return directory.resolve("%s%019d%s".formatted(PREFIX, first, SUFFIX));
    }
}
