/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the logs of all processes say of the time around a failure: where it failed, nobody can look afterwards. */
final class Testimony {

    private static final Duration AROUND = Duration.ofMillis(300);
    private static final int MOST_LINES = 30;
    private static final Pattern TIME = Pattern.compile("^(?:\\{\"time\":\")?([0-9T:.-]+Z)");

    private Testimony() {}

    /** Lines of that time, calls that went well left out. */
    static List<String> of(List<Cluster> clusters, Instant moment) {
        return clusters.stream()
                .flatMap(cluster -> cluster.processes().stream())
                .flatMap(process -> linesOf(process, moment))
                .limit(MOST_LINES)
                .toList();
    }

    private static Stream<String> linesOf(ClusterProcess process, Instant moment) {
        try (Stream<String> lines = Files.lines(process.log(), StandardCharsets.UTF_8)) {
            return lines
                    .filter(line -> !line.contains("\"reason_code\":\"OK\""))
                    .filter(line -> timeOf(line)
                            .filter(at -> Duration.between(at, moment).abs().compareTo(AROUND) <= 0)
                            .isPresent())
                    .map(line -> process + ": " + line)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Instant> timeOf(String line) {
        Matcher time = TIME.matcher(line);
        try {
            return time.find() ? Optional.of(Instant.parse(time.group(1))) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
