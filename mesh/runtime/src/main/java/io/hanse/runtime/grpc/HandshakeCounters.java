/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.Counters;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.telemetry.LogRate;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.SocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the handshakes that a gRPC listener refused:
 * {@code hanse_grpc_handshakes_refused_total{listener, reason_code}}. Strangers cause these lines, so they are few.
 */
public final class HandshakeCounters implements RefusedHandshakes {

    /** As many as there are reason codes, with room. */
    private static final int MAX_LABEL_SETS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeCounters.class);

    private final String listener;
    private final Counters refused;
    private final LogRate rate;

    /**
     * Counters in {@code metrics}.
     *
     * @param listener whose handshakes these are, the role's name
     */
    public HandshakeCounters(MeterRegistry metrics, Ticker ticker, String listener) {
        this.listener = listener;
        this.rate = new LogRate(ticker);
        this.refused = new Counters(
                metrics,
                "hanse.grpc.handshakes.refused",
                "gRPC connections that ended with their handshake",
                List.of("listener", "reason_code"),
                MAX_LABEL_SETS);
    }

    @Override
    public void refused(SocketAddress remote, ReasonCode reason, String detail) {
        refused.cell(listener, reason.name()).increment();
        if (rate.mayLog()) {
            LOG.atInfo()
                    .addKeyValue("listener", listener)
                    .addKeyValue(LogKeys.ADDRESS, remote)
                    .addKeyValue(LogKeys.REASON_CODE, reason.name())
                    .addKeyValue(LogKeys.REASON, detail)
                    .log("connection refused");
        }
    }
}
