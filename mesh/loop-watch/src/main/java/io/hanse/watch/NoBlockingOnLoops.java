/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.watch;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test during which something blocked an event loop. JUnit finds it by itself. */
public final class NoBlockingOnLoops implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        LoopWatch.begin();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        failIfAny();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        failIfAny();
    }

    private static void failIfAny() {
        List<Violation> found = LoopWatch.take();
        if (!found.isEmpty()) {
            throw new AssertionError("blocked an event loop %d times:%n%s"
                    .formatted(
                            found.size(),
                            found.stream().distinct().map(Violation::toString).collect(joining("\n"))));
        }
    }
}
