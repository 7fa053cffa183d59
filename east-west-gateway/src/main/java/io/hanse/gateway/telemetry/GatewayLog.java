/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.telemetry;

import io.hanse.gateway.route.NextHop;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.AccessLine;
import io.hanse.runtime.telemetry.Counters;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.hbone.TunnelListener;
import io.hanse.transport.hbone.TunnelRequest;
import io.hanse.transport.hbone.TunnelStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** One access-log line and one count for each tunnel, carried or refused. On the event loops; nothing blocks. */
public final class GatewayLog {

    /** Label sets: peers times reasons; a peer more than that is counted under {@code other}. */
    private static final int MAX_LABEL_SETS = 2_000;

    private static final String DIRECTION = "gateway";

    private final Counters tunnels;
    private final Counters bytes;
    private final Counters passedThrough;

    /** A log that counts in {@code metrics}. */
    public GatewayLog(MeterRegistry metrics) {
        this.tunnels = new Counters(
                metrics,
                "hanse.gateway.tunnels",
                "Outer tunnels that ended, by peer and reason code",
                List.of("peer", "reason_code"),
                MAX_LABEL_SETS);
        this.bytes = new Counters(
                metrics,
                "hanse.gateway.bytes",
                "Ciphertext bytes carried, by peer and direction",
                List.of("peer", "direction"),
                MAX_LABEL_SETS);
        this.passedThrough = new Counters(
                metrics,
                "hanse.gateway.passed.through",
                "Connections passed through by SNI, by server name and reason code",
                List.of("server_name", "reason_code"),
                MAX_LABEL_SETS);
    }

    /** A tunnel ran and ended. */
    public void carried(TunnelRequest request, NextHop.Endpoint endpoint, TunnelStats stats) {
        String peer = request.peer().id().trustDomain().name();
        tunnels.cell(peer, stats.reason().name()).increment();
        bytes.cell(peer, "to_peer").add(stats.bytesSent());
        bytes.cell(peer, "from_peer").add(stats.bytesReceived());
        AccessLine.of(DIRECTION, stats.reason())
                .with(LogKeys.SRC_ADDRESS, request.remoteAddress())
                .with(LogKeys.SRC_IDENTITY, request.peer().id())
                .with(LogKeys.DST_SERVICE, endpoint.service())
                .with(LogKeys.DST_WORKLOAD, endpoint.workload().name())
                .with(LogKeys.DST_ADDRESS, endpoint.proxy())
                .with(LogKeys.BYTES_SENT, stats.bytesSent())
                .with(LogKeys.BYTES_RECEIVED, stats.bytesReceived())
                .with(LogKeys.ELAPSED, stats.duration())
                .log("tunnel carried");
    }

    /** A tunnel was refused. */
    public void refused(TunnelRequest request, ReasonCode reason) {
        tunnels.cell(request.peer().id().trustDomain().name(), reason.name()).increment();
        AccessLine.of(DIRECTION, reason)
                .with(LogKeys.SRC_ADDRESS, request.remoteAddress())
                .with(LogKeys.SRC_IDENTITY, request.peer().id())
                .with("authority", request.authority())
                .log("tunnel refused");
    }

    /** Hears of connections passed through under {@code serverName}. */
    public TunnelListener passThrough(String serverName) {
        return stats -> passedThrough.cell(serverName, stats.reason().name()).increment();
    }
}
