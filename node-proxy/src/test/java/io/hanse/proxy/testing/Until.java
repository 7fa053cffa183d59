/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread will do, with a deadline that only a broken build reaches. */
public final class Until {

    public static final int DEADLINE_MILLIS = 30_000;

    private Until() {}

    public static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }

    public static void holds(BooleanSupplier condition) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int waited = 0; !condition.getAsBoolean(); waited += 5) {
            if (waited > DEADLINE_MILLIS || never.await(5, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("condition did not become true in time");
            }
        }
    }
}
