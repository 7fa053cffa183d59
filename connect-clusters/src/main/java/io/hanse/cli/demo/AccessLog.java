/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** The JSON lines a process writes, read from a mark on. Any thread. */
public final class AccessLog {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Pace pace;

    public AccessLog(Path file, Pace pace) {
        this.file = file;
        this.pace = pace;
    }

    /** The end of the log now. */
    public long mark() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line after the mark that fits, waiting for it a little. */
    public Optional<JsonNode> await(long mark, Predicate<JsonNode> fits) {
        Found found = new Found();
        pace.until(PATIENCE, POLL, () -> {
            found.line = find(mark, fits);
            return found.line.isPresent();
        });
        return found.line;
    }

    /** The first line after the mark that fits. */
    public Optional<JsonNode> find(long mark, Predicate<JsonNode> fits) {
        return text(mark).lines().map(AccessLog::parse).filter(fits).findFirst();
    }

    private String text(long mark) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.max(0, log.length() - mark)];
            log.seek(mark);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String line) {
        try {
            return line.startsWith("{") ? JSON.readTree(line) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // a line that is still being written
        }
    }

    private static final class Found {
        private Optional<JsonNode> line = Optional.empty();
    }
}
