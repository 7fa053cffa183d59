/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread will do, with a deadline that only a broken build reaches. */
final class Until {

    static final Duration DEADLINE = Duration.ofSeconds(30);

    private Until() {}

    static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    static void holds(BooleanSupplier condition) throws Exception {
        CountDownLatch tick = new CountDownLatch(1);
        for (long i = 0; i < DEADLINE.toMillis() / 5; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            boolean never = tick.await(5, TimeUnit.MILLISECONDS);
            assert !never;
        }
        throw new AssertionError("condition did not become true in time");
    }
}
