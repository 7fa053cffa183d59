/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Reads what a process of the product tells a scraper. */
final class Scrape {

    private static final String ALLOCATED = "jvm_allocated_bytes_total ";

    private Scrape() {}

    /** Bytes of heap that all threads of the process at {@code metrics} have asked for so far. */
    static double allocatedBytes(String metrics) {
        try (InputStream in =
                URI.create("http://" + metrics + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(ALLOCATED))
                    .mapToDouble(line -> Double.parseDouble(line.substring(ALLOCATED.length())))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("no metrics at " + metrics, e);
        }
    }
}
