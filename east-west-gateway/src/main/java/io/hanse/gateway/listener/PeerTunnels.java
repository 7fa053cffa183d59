/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.listener;

import io.hanse.gateway.route.NextHop;
import io.hanse.gateway.route.Routes;
import io.hanse.gateway.telemetry.GatewayLog;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.hbone.TunnelAcceptor;
import io.hanse.transport.hbone.TunnelListener;
import io.hanse.transport.hbone.TunnelRequest;
import io.hanse.transport.hbone.TunnelStats;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers outer CONNECTs: admits peers, never the own trust domain; bounds what one peer holds, and begins at one next hop;
 * sends the rest to their next hop.
 *
 * <p>That the caller's trust domain has a bundle was proved by the handshake; a bundle of a foreign trust domain is here
 * only while the relationship lives, so a handshake that passed is an admission.
 */
public final class PeerTunnels implements TunnelAcceptor {

    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;

    private final TrustDomain own;
    private final Routes routes;
    private final GatewayLog log;
    private final int maxTunnelsPerPeer;
    private final Beginners beginners;
    private final Map<TrustDomain, AtomicInteger> open = new ConcurrentHashMap<>();

    /**
     * An acceptor.
     *
     * @param maxTunnelsPerPeer tunnels one trust domain may hold at once, so that no peer crowds out the others
     * @param handshake how long a node waits for a handshake, in which a tunnel that just began may be
     */
    public PeerTunnels(
            TrustDomain own, Routes routes, GatewayLog log, int maxTunnelsPerPeer, Duration handshake, Ticker ticker) {
        this.own = own;
        this.routes = routes;
        this.log = log;
        this.maxTunnelsPerPeer = maxTunnelsPerPeer;
        this.beginners = new Beginners(handshake, ticker);
    }

    @Override
    public void accept(TunnelRequest request) {
        TrustDomain peer = request.peer().id().trustDomain();
        if (peer.equals(own)) {
            refuse(request, UNAUTHORIZED, ReasonCode.NOT_A_PEER);
            return;
        }
        switch (routes.of(request.authority())) {
            case NextHop.Probe probe -> request.answerEmpty(200);
            case NextHop.Nowhere nowhere -> refuse(request, nowhere.status(), nowhere.reason());
            case NextHop.Endpoint endpoint -> carry(request, peer, endpoint);
        }
    }

    /** How many tunnels each peer holds. */
    public Map<TrustDomain, Integer> openTunnels() {
        Map<TrustDomain, Integer> counts = new java.util.TreeMap<>();
        open.forEach((peer, count) -> {
            if (count.get() > 0) {
                counts.put(peer, count.get());
            }
        });
        return counts;
    }

    private void carry(TunnelRequest request, TrustDomain peer, NextHop.Endpoint endpoint) {
        // Never removed: there are as many counters as there were peers, and those are few.
        AtomicInteger held = open.computeIfAbsent(peer, key -> new AtomicInteger());
        if (held.incrementAndGet() > maxTunnelsPerPeer) {
            held.decrementAndGet();
            refuse(request, UNAVAILABLE, ReasonCode.LIMIT_EXCEEDED);
            return;
        }
        Optional<Beginners.Tunnel> beginner = beginners.begins(peer, endpoint.proxy());
        if (beginner.isEmpty()) {
            held.decrementAndGet();
            refuse(request, UNAVAILABLE, ReasonCode.LIMIT_EXCEEDED);
            return;
        }
        request.connect(endpoint.proxy(), new TunnelListener() {
            @Override
            public void closed(TunnelStats stats) {
                held.decrementAndGet();
                beginners.ended(beginner.get());
                log.carried(request, endpoint, stats);
            }
        });
    }

    private void refuse(TunnelRequest request, int status, ReasonCode reason) {
        log.refused(request, reason);
        request.refuse(status, reason);
    }
}
