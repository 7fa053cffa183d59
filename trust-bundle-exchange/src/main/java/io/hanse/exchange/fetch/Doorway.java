/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.time.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * The way to a peer's endpoint: straight, or through the first of its gateways that lets the connection pass. A request
 * that went out is never repeated at another gateway.
 */
public final class Doorway {

    private final HttpsLine line;
    private final Ticker ticker;

    public Doorway(HttpsLine line, Ticker ticker) {
        this.line = line;
        this.ticker = ticker;
    }

    /** A deadline from now on, shared by several requests. */
    public Deadline deadline(Duration limit) {
        return new Deadline(ticker, ticker.nanos() + limit.toNanos());
    }

    /** To the URL's own host. */
    public HttpsAnswer direct(HttpsCall call, Deadline deadline) {
        return line.call(call.within(deadline.left()));
    }

    /** Through the gateways in their order; the SNI stays the URL's host. */
    public HttpsAnswer throughAny(List<HostPort> gateways, HttpsCall call, Deadline deadline) {
        HttpsAnswer last = new HttpsAnswer.Failed(
                HttpsAnswer.Stage.CONNECT, ReasonCode.PEER_UNREACHABLE, "no gateway address is known");
        for (HostPort gateway : gateways) {
            last = direct(call.through(gateway), deadline);
            boolean tryNext = last instanceof HttpsAnswer.Failed failed
                    && failed.stage() != HttpsAnswer.Stage.SENT
                    && deadline.hasTimeLeft();
            if (!tryNext) {
                return last;
            }
        }
        return last;
    }

    /** When a series of requests must be over. */
    public static final class Deadline {

        private static final Duration LEAST = Duration.ofMillis(1);

        private final Ticker ticker;
        private final long atNanos;

        private Deadline(Ticker ticker, long atNanos) {
            this.ticker = ticker;
            this.atNanos = atNanos;
        }

        boolean hasTimeLeft() {
            return atNanos - ticker.nanos() > LEAST.toNanos();
        }

        Duration left() {
            Duration left = Duration.ofNanos(atNanos - ticker.nanos());
            return left.compareTo(LEAST) < 0 ? LEAST : left;
        }
    }
}
