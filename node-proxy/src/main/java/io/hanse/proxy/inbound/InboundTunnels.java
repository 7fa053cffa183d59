/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.identity.TrustDomain;
import io.hanse.proxy.telemetry.ProxyLog;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.hbone.HboneHeaders;
import io.hanse.transport.hbone.LiveConnection;
import io.hanse.transport.hbone.LiveTunnel;
import io.hanse.transport.hbone.Peer;
import io.hanse.transport.hbone.TunnelAcceptor;
import io.hanse.transport.hbone.TunnelListener;
import io.hanse.transport.hbone.TunnelRequest;
import io.hanse.transport.hbone.TunnelStats;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Answers CONNECTs to this node's workloads, and judges the open ones again when the catalog changes.
 *
 * <p>{@link #accept} runs on event loops, {@link #publish} on the thread that brings the image.
 */
public final class InboundTunnels implements TunnelAcceptor {

    /**
     * How long a tunnel of a workload that left the catalog may go on: the call that it is answering is not lost, one that
     * lasts is ended, since nobody can judge it any more.
     */
    static final Duration FAREWELL = Duration.ofSeconds(10);

    private final TrustDomain own;
    private final String node;
    private final int hbonePort;
    private final ProxyLog log;
    private final Scheduler scheduler;
    private final Set<LiveTunnel> leaving = ConcurrentHashMap.newKeySet();
    private volatile Judge judge;

    /** An acceptor that knows no workload yet. */
    public InboundTunnels(TrustDomain own, String node, int hbonePort, ProxyLog log, Scheduler scheduler) {
        this.own = own;
        this.node = node;
        this.hbonePort = hbonePort;
        this.log = log;
        this.scheduler = scheduler;
        this.judge = new Judge(CatalogImage.empty(), own, node, hbonePort);
    }

    /**
     * From now on judges by {@code image}, and ends those open tunnels that it would refuse: at once, or after {@link
     * #FAREWELL} if their workload has left.
     *
     * @param open the server's connections; asked for after the new rules hold, so that a tunnel which the old ones let in
     *     meanwhile is among them
     */
    public void publish(CatalogImage image, Supplier<List<LiveConnection>> open) {
        Judge next = new Judge(image, own, node, hbonePort);
        judge = next;
        for (LiveConnection connection : open.get()) {
            for (LiveTunnel tunnel : connection.tunnels()) {
                if (next.workloadAt(tunnel.localAddress().getAddress()).isPresent()) {
                    endIfRefused(tunnel);
                } else if (leaving.add(tunnel)) {
                    scheduler.after(FAREWELL, () -> {
                        leaving.remove(tunnel);
                        endIfRefused(tunnel);
                    });
                }
            }
        }
    }

    private void endIfRefused(LiveTunnel tunnel) {
        if (verdict(judge, tunnel.peer(), tunnel.authority(), tunnel.remoteAddress(), tunnel.localAddress())
                instanceof Verdict.Refuse refused) {
            tunnel.close(refused.reason());
        }
    }

    @Override
    public void accept(TunnelRequest request) {
        if (request.authority().equals(HboneHeaders.PROBE_AUTHORITY)) {
            request.answerEmpty(Status.OK);
            return;
        }
        // Also if it was said twice: who asks for a verdict must never get a tunnel.
        boolean dryRun = request.headers().has(HboneHeaders.DRY_RUN);
        switch (verdict(judge, request.peer(), request.authority(), request.remoteAddress(), request.localAddress())) {
            case Verdict.Refuse refused -> refuse(request, refused, dryRun);
            case Verdict.Allow allowed -> {
                if (dryRun) {
                    request.answerEmpty(Status.OK);
                } else {
                    connect(request, allowed);
                }
            }
        }
    }

    /** The judge of plain-text calls, the same one. */
    Judge judge() {
        return judge;
    }

    private void connect(TunnelRequest request, Verdict.Allow allowed) {
        request.connect(allowed.target(), new TunnelListener() {
            @Override
            public void closed(TunnelStats stats) {
                log.received(request, allowed.workload(), allowed.service(), allowed.target(), stats);
            }
        });
    }

    private void refuse(TunnelRequest request, Verdict.Refuse refused, boolean dryRun) {
        if (!dryRun) {
            log.refused(request, refused.workload(), refused.reason(), refused.policy());
        }
        if (refused.policy().isPresent()) {
            request.refuse(refused.status(), refused.reason(), refused.policy().get());
        } else {
            request.refuse(refused.status(), refused.reason());
        }
    }

    private static Verdict verdict(
            Judge judge, Peer peer, String authority, InetSocketAddress remote, InetSocketAddress local) {
        return judge.judge(peer.id(), authority, remote.getAddress(), local.getAddress());
    }
}
