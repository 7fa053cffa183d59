/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.telemetry;

import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.AccessLine;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.hbone.TunnelRequest;
import io.hanse.transport.hbone.TunnelStats;
import java.net.InetSocketAddress;
import java.util.Optional;

/** One access-log line and its counts for each call, at either end. */
public final class ProxyLog {

    private static final String INBOUND = "inbound";
    private static final String OUTBOUND = "outbound";

    private final ProxyCounters counters;

    /** A log that counts too. */
    public ProxyLog(ProxyCounters counters) {
        this.counters = counters;
    }

    /** A call to a workload of this node ended, also if the workload did not take it. */
    public void received(
            TunnelRequest request,
            Workload workload,
            Optional<Service> service,
            InetSocketAddress target,
            TunnelStats stats) {
        counters.ended(
                ProxyCounters.Reporter.DESTINATION,
                request.peer().id(),
                workload,
                service.map(Service::name),
                stats.reason(),
                stats.bytesReceived(),
                stats.bytesSent());
        AccessLine line = AccessLine.of(INBOUND, stats.reason())
                .with(LogKeys.SRC_ADDRESS, request.remoteAddress())
                .with(LogKeys.SRC_IDENTITY, request.peer().id())
                .with(LogKeys.DST_ADDRESS, target)
                .with(LogKeys.DST_IDENTITY, workload.spiffeId())
                .with(LogKeys.DST_SERVICE, service.map(Service::name));
        counted(line, stats).log("call received");
    }

    /** A call to this node was refused. */
    public void refused(
            TunnelRequest request, Optional<Workload> workload, ReasonCode reason, Optional<PolicyName> policy) {
        counters.refused(ProxyCounters.Reporter.DESTINATION, request.peer().id(), workload, Optional.empty(), reason);
        AccessLine.of(INBOUND, reason)
                .with(LogKeys.SRC_ADDRESS, request.remoteAddress())
                .with(LogKeys.SRC_IDENTITY, request.peer().id())
                .with("authority", request.authority())
                .with(LogKeys.DST_IDENTITY, workload.map(Workload::spiffeId))
                .with(LogKeys.POLICY, policy)
                .log("call refused");
    }

    /** A plain-text call to a workload of this node ended or was refused. */
    public void plain(
            InetSocketAddress source, Workload workload, int port, ReasonCode reason, Optional<PolicyName> policy) {
        counters.plain(workload, reason);
        AccessLine.of(INBOUND, reason)
                .with(LogKeys.SRC_ADDRESS, source)
                .with(LogKeys.DST_IDENTITY, workload.spiffeId())
                .with("dst.port", port)
                .with("plaintext", true)
                .with(LogKeys.POLICY, policy)
                .log(reason == ReasonCode.OK ? "plain call received" : "plain call refused");
    }

    /** A call of a workload of this node ended. */
    public void sent(
            SpiffeId client, InetSocketAddress source, ServiceName service, Workload endpoint, TunnelStats stats) {
        counters.ended(
                ProxyCounters.Reporter.SOURCE,
                client,
                endpoint,
                Optional.of(service),
                stats.reason(),
                stats.bytesSent(),
                stats.bytesReceived());
        AccessLine line = AccessLine.of(OUTBOUND, stats.reason())
                .with(LogKeys.SRC_ADDRESS, source)
                .with(LogKeys.SRC_IDENTITY, client)
                .with(LogKeys.DST_SERVICE, service)
                .with(LogKeys.DST_CLUSTER, endpoint.cluster())
                .with(
                        LogKeys.DST_IDENTITY,
                        stats.peers().isEmpty() ? "" : stats.peers().getLast());
        counted(line, stats).log("call sent");
    }

    /**
     * A call of a workload of this node reached nobody.
     *
     * @param detail one clause for people, empty where the code says it all
     */
    public void unsent(
            SpiffeId client,
            InetSocketAddress source,
            ServiceName service,
            int port,
            Optional<Workload> lastTried,
            ReasonCode reason,
            Optional<PolicyName> policy,
            String detail) {
        counters.refused(ProxyCounters.Reporter.SOURCE, client, lastTried, Optional.of(service), reason);
        AccessLine.of(OUTBOUND, reason)
                .with(LogKeys.SRC_ADDRESS, source)
                .with(LogKeys.SRC_IDENTITY, client)
                .with(LogKeys.DST_SERVICE, service)
                .with("dst.port", port)
                .with(LogKeys.DST_CLUSTER, lastTried.map(Workload::cluster))
                .with(LogKeys.POLICY, policy)
                .with(LogKeys.REASON, detail)
                .log("call refused");
    }

    private static AccessLine counted(AccessLine line, TunnelStats stats) {
        return line.with(LogKeys.REASON, stats.detail())
                .with(LogKeys.BYTES_SENT, stats.bytesSent())
                .with(LogKeys.BYTES_RECEIVED, stats.bytesReceived())
                .with(LogKeys.ELAPSED, stats.duration());
    }
}
