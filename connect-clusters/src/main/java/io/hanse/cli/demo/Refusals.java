/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a process refused connections, from its metrics. In TLS 1.3 the one who is refused sees only an alert; the reason
 * is told to the operator of the refusing side.
 */
final class Refusals {

    private static final int DEADLINE_MILLIS = 5_000;

    /** A whole scrape has a few hundred lines. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Pattern COUNTER = Pattern.compile(
            "^hanse_hbone_connections_refused_total\\{[^}]*reason_code=\"([A-Z_]+)\"[^}]*} ([0-9.E]+)$",
            Pattern.MULTILINE);

    private final InetSocketAddress metrics;
    private final Pace pace;
    private final Map<String, Double> before;

    private Refusals(InetSocketAddress metrics, Pace pace) throws StepFailed {
        this.metrics = metrics;
        this.pace = pace;
        this.before = read();
    }

    /** What is counted from now on. */
    static Refusals since(InetSocketAddress metrics, Pace pace) throws StepFailed {
        return new Refusals(metrics, pace);
    }

    /** The first reason that was counted since, waiting a little for it. */
    String reason() throws StepFailed {
        Pace.Stopwatch watch = pace.start();
        while (watch.elapsed().compareTo(PATIENCE) < 0) {
            Optional<String> counted = counted();
            if (counted.isPresent()) {
                return counted.get();
            }
            pace.pause(POLL);
        }
        throw new StepFailed("the gateway counted no refusal");
    }

    private Optional<String> counted() throws StepFailed {
        return read().entrySet().stream()
                .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0.0))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<String, Double> read() throws StepFailed {
        try (Socket socket = new Socket()) {
            socket.connect(metrics, DEADLINE_MILLIS);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.getOutputStream()
                    .write("GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            Map<String, Double> counts = new TreeMap<>();
            Matcher line = COUNTER.matcher(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            while (line.find()) {
                counts.merge(line.group(1), Double.parseDouble(line.group(2)), Double::sum);
            }
            return counts;
        } catch (IOException e) {
            throw new StepFailed("the metrics at %s cannot be read: %s".formatted(metrics, e.getMessage()));
        }
    }
}
