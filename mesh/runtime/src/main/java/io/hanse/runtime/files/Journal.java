/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.files;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of text lines, each with its own CRC-32C; a torn end is cut off at the next opening.
 *
 * <p>A line is {@code <8 hex digits of the CRC> <text>\n}. A damaged line that a sound line follows is no torn end: the
 * journal is then refused, not shortened. One process at a time (hold a {@link DirectoryLock}); safe for any thread
 * inside it; blocking.
 */
public final class Journal implements AutoCloseable {

    /** UTF-8 bytes of one line; a certificate or a relationship in JSON stays far below. */
    public static final int MAX_LINE_BYTES = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final int CRC_DIGITS = 8;
    private static final int FRAME_BYTES = CRC_DIGITS + 2;

    private final Path path;
    private FileChannel channel;
    private long length;

    private Journal(Path path, FileChannel channel, long length) {
        this.path = path;
        this.channel = channel;
        this.length = length;
    }

    /**
     * Opens or creates the journal, mode 0600.
     *
     * @throws StateException if a line before the last is damaged, or the file cannot be opened
     */
    public static Journal open(Path path) {
        Path file = path.toAbsolutePath();
        PrivateDirectory.create(DurableFile.directoryOf(file));
        try {
            boolean fresh = !Files.exists(file);
            FileChannel channel = openChannel(file);
            try {
                if (fresh) {
                    DurableFile.syncDirectory(DurableFile.directoryOf(file));
                }
                return new Journal(file, channel, soundLength(file, channel));
            } catch (IOException | StateException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw StateException.of("open the journal", file, e);
        }
    }

    /**
     * Adds a line; when this returns it survives a power cut.
     *
     * @param line no line breaks, at most {@value #MAX_LINE_BYTES} bytes of UTF-8
     * @throws StateException if it cannot be written; the journal then stands as before
     */
    public synchronized void append(String line) {
        byte[] frame = frame(line);
        try {
            channel.position(length);
            DurableFile.writeAll(channel, ByteBuffer.wrap(frame));
            channel.force(false);
            length += frame.length;
        } catch (IOException e) {
            cutBack();
            throw StateException.of("add to the journal", path, e);
        }
    }

    /** Gives every line to the reader, oldest first; nothing is appended meanwhile. */
    public synchronized void replay(Consumer<String> reader) {
        try {
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)));
            long read = 0;
            while (read < length) {
                byte[] raw = rawLine(in);
                read += raw.length;
                reader.accept(text(raw).orElseThrow(() -> damaged(path)));
            }
        } catch (IOException e) {
            throw StateException.of("read the journal", path, e);
        }
    }

    /** Replaces all lines in one durable step: how an owner keeps its journal short. */
    public synchronized void replace(List<String> lines) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        lines.forEach(line -> content.writeBytes(frame(line)));
        DurableFile.write(path, content.toByteArray());
        try {
            FileChannel fresh = openChannel(path);
            channel.close();
            channel = fresh;
            length = content.size();
        } catch (IOException e) {
            throw StateException.of("open the journal", path, e);
        }
    }

    /** Bytes of the file. */
    public synchronized long bytes() {
        return length;
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw StateException.of("close the journal", path, e);
        }
    }

    private void cutBack() {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            // What was half written is a torn end, which the next opening cuts off.
            log.atWarn().addKeyValue("path", path).log("journal keeps a torn end until it is opened again");
        }
    }

    private static FileChannel openChannel(Path file) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return FileChannel.open(file, options, DurableFile.OWNER_ONLY);
    }

    private static long soundLength(Path path, FileChannel channel) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)));
        long sound = 0;
        boolean torn = false;
        for (byte[] raw = rawLine(in); raw.length > 0; raw = rawLine(in)) {
            boolean good = text(raw).isPresent();
            if (good && torn) {
                throw damaged(path);
            }
            torn |= !good;
            sound += good ? raw.length : 0;
        }
        if (torn) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("bytes", channel.size() - sound)
                    .log("cut off the torn end of a journal");
            channel.truncate(sound);
            channel.force(true);
        }
        return sound;
    }

    private static byte[] frame(String line) {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_LINE_BYTES || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(
                    "line: %d bytes (expected: one line, at most %d)".formatted(text.length, MAX_LINE_BYTES));
        }
        byte[] head = "%08x ".formatted(crc(text, 0, text.length)).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + text.length + 1)
                .put(head)
                .put(text)
                .put((byte) '\n')
                .array();
    }

    /** The next line with its line end, or what is left; longer than a line can be ends it too. */
    private static byte[] rawLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() < MAX_LINE_BYTES + FRAME_BYTES) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            line.write(next);
            if (next == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    private static Optional<String> text(byte[] raw) {
        int textLength = raw.length - FRAME_BYTES;
        if (textLength < 0 || raw[raw.length - 1] != '\n' || raw[CRC_DIGITS] != ' ') {
            return Optional.empty();
        }
        String expected = "%08x".formatted(crc(raw, CRC_DIGITS + 1, textLength));
        String written = new String(raw, 0, CRC_DIGITS, StandardCharsets.US_ASCII);
        return expected.equals(written)
                ? Optional.of(new String(raw, CRC_DIGITS + 1, textLength, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static StateException damaged(Path path) {
        return new StateException(
                "a line in the middle of the journal is damaged",
                path,
                "restore the file from a backup, or look at the disk: a crash does not do this");
    }
}
