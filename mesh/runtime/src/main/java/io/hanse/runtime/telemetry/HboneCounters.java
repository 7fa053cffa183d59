/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.Remote;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What happens on HBONE connections, counted by end and reason. A refused connection, a violation and a limit are logged too, at
 * most {@value LogRate#LINES_PER_SECOND} lines a second of a kind, and each limit is a kind of its own: whoever floods a port must not fill a disk, nor hide what else goes on. Any thread.
 */
public final class HboneCounters implements H2Metrics {

    /** Two ends times the reason codes or the violations there are. */
    private static final int MAX_LABEL_SETS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(HboneCounters.class);

    private final LogRate refusals;
    private final LogRate breaches;
    private final Map<Limit, LogRate> perLimit = new EnumMap<>(Limit.class);
    private final Counters opened;
    private final Counters closed;
    private final Counters refused;
    private final Counters violations;
    private final Counters limits;
    private final AtomicLong streams = new AtomicLong();

    /** Counters in {@code metrics}. */
    public HboneCounters(MeterRegistry metrics, Ticker ticker) {
        this.refusals = new LogRate(ticker);
        this.breaches = new LogRate(ticker);
        for (Limit each : Limit.values()) {
            perLimit.put(each, new LogRate(ticker));
        }
        List<String> byReason = List.of("end", "reason_code");
        this.opened = new Counters(
                metrics, "hanse.hbone.connections.opened", "HBONE connections that were verified", List.of("end"), 2);
        this.closed = new Counters(
                metrics, "hanse.hbone.connections.closed", "HBONE connections that ended", byReason, MAX_LABEL_SETS);
        this.refused = new Counters(
                metrics,
                "hanse.hbone.connections.refused",
                "Connections that ended before they were verified",
                byReason,
                MAX_LABEL_SETS);
        this.violations = new Counters(
                metrics,
                "hanse.hbone.violations",
                "Connections ended because the peer broke HTTP/2",
                List.of("end", "code"),
                MAX_LABEL_SETS);
        this.limits = new Counters(
                metrics,
                "hanse.hbone.limits",
                "Times that a peer ran into a limit, by the limit's key",
                List.of("end", "limit"),
                MAX_LABEL_SETS);
        metrics.gauge("hanse.hbone.streams.open", streams);
    }

    @Override
    public void connectionOpened(H2Role role) {
        opened.cell(name(role)).increment();
    }

    @Override
    public void connectionClosed(H2Role role, ReasonCode reason) {
        closed.cell(name(role), reason.name()).increment();
    }

    @Override
    public void connectionRefused(H2Role role, SocketAddress remote, ReasonCode reason, String detail) {
        refused.cell(name(role), reason.name()).increment();
        if (refusals.mayLog()) {
            LOG.atInfo()
                    .addKeyValue("end", name(role))
                    .addKeyValue(LogKeys.ADDRESS, remote)
                    .addKeyValue(LogKeys.REASON_CODE, reason.name())
                    .addKeyValue(LogKeys.REASON, detail)
                    .log("connection refused");
        }
    }

    @Override
    public void streamOpened(H2Role role) {
        streams.incrementAndGet();
    }

    @Override
    public void streamClosed(H2Role role) {
        streams.decrementAndGet();
    }

    @Override
    public void violation(H2Role role, Remote remote, H2Code code, String detail) {
        violations.cell(name(role), code.name()).increment();
        if (breaches.mayLog()) {
            about(LOG.atWarn(), role, remote)
                    .addKeyValue("code", code)
                    .addKeyValue(LogKeys.REASON, detail)
                    .log("connection ended: the peer broke HTTP/2");
        }
    }

    @Override
    public void limited(H2Role role, Remote remote, Limit limit, String detail) {
        limits.cell(name(role), limit.key()).increment();
        if (perLimit.getOrDefault(limit, breaches).mayLog()) {
            // A connection that was not used is no news for an operator at night.
            about(limit == Limit.IDLE ? LOG.atInfo() : LOG.atWarn(), role, remote)
                    .addKeyValue("limit", limit.key())
                    .addKeyValue(LogKeys.REASON, detail)
                    .log("a peer ran into a limit");
        }
    }

    private static LoggingEventBuilder about(LoggingEventBuilder line, H2Role role, Remote remote) {
        LoggingEventBuilder where = line.addKeyValue("end", name(role)).addKeyValue(LogKeys.ADDRESS, remote.address());
        return remote.peer().isEmpty()
                ? where
                : where.addKeyValue(LogKeys.PEER, remote.peer().get());
    }

    private static String name(H2Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
