/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down exceptions of an acceptor, which are bugs, with their stack traces: one per {@link #SPAN}, since any peer may
 * be able to cause one per request. Any thread.
 */
final class AcceptorFaults {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptorFaults.class);

    /** A stack trace is some 5 KB: about 1 MB of log an hour at most. */
    static final Duration SPAN = Duration.ofSeconds(20);

    private final AtomicLong nextAt = new AtomicLong(now());
    private final AtomicLong left = new AtomicLong();

    /** Logs {@code bug}, or counts it for the next entry. */
    void heard(RuntimeException bug, String authority) {
        long now = now();
        long due = nextAt.get();
        if (now - due >= 0 && nextAt.compareAndSet(due, now + SPAN.toNanos())) {
            LOG.atError()
                    .addKeyValue("authority", authority)
                    .addKeyValue("notLogged", left.getAndSet(0))
                    .setCause(bug)
                    .log("tunnel acceptor failed; the call was answered 503 INTERNAL_ERROR; please report this bug");
        } else {
            left.incrementAndGet();
        }
    }

    private static long now() {
        return Ticker.systemTicker().nanoTime();
    }
}
