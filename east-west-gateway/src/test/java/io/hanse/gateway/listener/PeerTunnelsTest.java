/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.gateway.listener;

import static io.hanse.gateway.Catalogs.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.gateway.Catalogs;
import io.hanse.gateway.route.Routes;
import io.hanse.gateway.telemetry.GatewayLog;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.transport.hbone.Peer;
import io.hanse.transport.hbone.RequestHeaders;
import io.hanse.transport.hbone.TunnelListener;
import io.hanse.transport.hbone.TunnelRequest;
import io.hanse.transport.hbone.TunnelStats;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class PeerTunnelsTest {

    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final TrustDomain VISBY = new TrustDomain("visby.example");
    private static final Peer FROM_LUBECK = peer("lubeck.example");
    private static final Peer FROM_VISBY = peer("visby.example");
    private static final Peer FROM_HERE = peer("bergen.example");
    private static final ServiceName LEDGER = new ServiceName("shop", "ledger");
    private static final Workload ONE = Catalogs.local("bergen/one", "127.0.9.1");
    private static final String TO_ONE = Catalogs.authority(ONE, API, 80);
    private static final Workload TWO = Catalogs.local("bergen/two", "127.0.9.2");
    private static final String TO_TWO = Catalogs.authority(TWO, API, 80);
    private static final int LIMIT = 2;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CatalogImage image = CatalogImage.of(
            List.of(Catalogs.service(API, true), Catalogs.service(LEDGER, false)), List.of(ONE, TWO), List.of());
    private final AtomicLong now = new AtomicLong();
    private PeerTunnels tunnels = tunnels(LIMIT);

    private PeerTunnels tunnels(int limit) {
        Routes routes = new Routes(15008, new SplittableRandom(1));
        routes.publish(image, CatalogImage.empty().changesTo(image));
        return new PeerTunnels(Catalogs.BERGEN, routes, new GatewayLog(metrics), limit, HANDSHAKE, now::get);
    }

    @Test
    void aPeersTunnelLeadsToTheEndpointAndIsCountedUntilItEnds() {
        Asked asked = ask(FROM_LUBECK, TO_ONE);
        assertThat(asked.answers).containsExactly("connect 127.0.9.1:15008");
        assertThat(tunnels.openTunnels()).isEqualTo(Map.of(LUBECK, 1));
        asked.end(ReasonCode.OK);
        assertThat(tunnels.openTunnels()).isEmpty();
        assertThat(counted("lubeck.example", "OK")).isEqualTo(1);
    }

    @Test
    @DisplayName("the count returns to zero when the dial fails, the client leaves, or trust is withdrawn")
    void theCountReturnsToZeroHoweverATunnelEnds() {
        for (ReasonCode reason :
                List.of(ReasonCode.UPSTREAM_CONNECT_FAILED, ReasonCode.RESET_BY_CLIENT, ReasonCode.TRUST_WITHDRAWN)) {
            ask(FROM_LUBECK, TO_ONE).end(reason);
            assertThat(tunnels.openTunnels()).as("%s", reason).isEmpty();
            assertThat(counted("lubeck.example", reason.name())).isEqualTo(1);
        }
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
    }

    @Test
    void onePeerAtItsLimitDoesNotCrowdOutAnother() {
        Asked first = ask(FROM_LUBECK, TO_ONE);
        ask(FROM_LUBECK, TO_ONE);
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("503 LIMIT_EXCEEDED");
        assertThat(ask(FROM_VISBY, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
        assertThat(tunnels.openTunnels()).isEqualTo(Map.of(LUBECK, 2, VISBY, 1));
        first.end(ReasonCode.OK);
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
        assertThat(tunnels.openTunnels()).isEqualTo(Map.of(LUBECK, 2, VISBY, 1));
        assertThat(counted("lubeck.example", "LIMIT_EXCEEDED")).isEqualTo(1);
    }

    @Test
    @DisplayName("a peer fills no node's places for handshakes; others get through, and so does it once they are over")
    void aPeerBeginsSoManyTunnelsToANode() {
        tunnels = tunnels(10_000);
        Asked first = ask(FROM_LUBECK, TO_ONE);
        for (int tunnel = 1; tunnel < Beginners.MAX_OF_A_WAY; tunnel++) {
            assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
        }
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("503 LIMIT_EXCEEDED");
        assertThat(counted("lubeck.example", "LIMIT_EXCEEDED")).isEqualTo(1);
        assertThat(tunnels.openTunnels()).isEqualTo(Map.of(LUBECK, Beginners.MAX_OF_A_WAY));
        assertThat(ask(FROM_LUBECK, TO_TWO).answers).containsExactly("connect 127.0.9.2:15008");
        assertThat(ask(FROM_VISBY, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
        first.end(ReasonCode.OK);
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("503 LIMIT_EXCEEDED");
        now.addAndGet(HANDSHAKE.toNanos());
        assertThat(ask(FROM_LUBECK, TO_ONE).answers).containsExactly("connect 127.0.9.1:15008");
    }

    @Test
    void tunnelsThatAreOverLeaveNothingBehind() {
        Beginners beginners = new Beginners(HANDSHAKE, now::get);
        InetSocketAddress hop = new InetSocketAddress(InetAddress.getLoopbackAddress(), 15008);
        Beginners.Tunnel old = beginners.begins(LUBECK, hop).orElseThrow();
        now.addAndGet(HANDSHAKE.toNanos());
        Beginners.Tunnel young = beginners.begins(LUBECK, hop).orElseThrow();
        beginners.ended(young);
        beginners.ended(old);
        assertThat(beginners.ways()).isZero();
    }

    @Test
    void theOwnTrustDomainIsNoPeer() {
        assertThat(ask(FROM_HERE, TO_ONE).answers).containsExactly("401 NOT_A_PEER");
        assertThat(ask(FROM_HERE, "probe.hanse.internal:15021").answers).containsExactly("401 NOT_A_PEER");
        assertThat(tunnels.openTunnels()).isEmpty();
    }

    @Test
    void whatLeadsNowhereIsRefusedWithItsReasonAndNotCounted() {
        assertThat(ask(FROM_LUBECK, LEDGER.hostname() + ":80").answers).containsExactly("401 NOT_EXPORTED");
        assertThat(ask(FROM_LUBECK, "nothing.shop.svc.cluster.local:80").answers)
                .containsExactly("503 UNKNOWN_SERVICE");
        assertThat(ask(FROM_LUBECK, "169.254.169.254:80").answers).containsExactly("400 BAD_REQUEST");
        assertThat(tunnels.openTunnels()).isEmpty();
    }

    @Test
    void aPeersProbeIsAnsweredWithoutATunnel() {
        assertThat(ask(FROM_LUBECK, "probe.hanse.internal:15021").answers).containsExactly("200 empty");
        assertThat(tunnels.openTunnels()).isEmpty();
    }

    private Asked ask(Peer peer, String authority) {
        Asked asked = new Asked(peer, authority);
        tunnels.accept(asked);
        return asked;
    }

    private double counted(String peer, String reason) {
        return metrics.get("hanse.gateway.tunnels")
                .tags("peer", peer, "reason_code", reason)
                .functionCounter()
                .count();
    }

    private static Peer peer(String trustDomain) {
        TestSvid svid = TestAuthority.of(trustDomain).svid("/hanse/node/n1");
        return new Peer(svid.id(), svid.chain());
    }

    /** Remembers how it was answered. */
    private static final class Asked implements TunnelRequest {

        private final Peer peer;
        private final String authority;
        private final List<String> answers = new ArrayList<>();
        private TunnelListener listener = TunnelListener.NONE;

        Asked(Peer peer, String authority) {
            this.peer = peer;
            this.authority = authority;
        }

        void end(ReasonCode reason) {
            listener.closed(new TunnelStats(0, 0, Duration.ZERO, reason, "", List.of(peer.id())));
        }

        @Override
        public Peer peer() {
            return peer;
        }

        @Override
        public String authority() {
            return authority;
        }

        @Override
        public RequestHeaders headers() {
            return RequestHeaders.NONE;
        }

        @Override
        public InetSocketAddress localAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 15008);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        }

        @Override
        public EventLoop eventLoop() {
            throw new AssertionError("nobody needs the loop");
        }

        @Override
        public void answerHeader(String name, String value) {
            throw new AssertionError("no header of the gateway's own");
        }

        @Override
        public void refuse(int status, ReasonCode reason) {
            answers.add(status + " " + reason);
        }

        @Override
        public void refuse(int status, ReasonCode reason, PolicyName policy) {
            throw new AssertionError("the gateway has no policies");
        }

        @Override
        public void answerEmpty(int status) {
            answers.add(status + " empty");
        }

        @Override
        public void connect(InetSocketAddress target, TunnelListener told) {
            answers.add("connect " + target.getAddress().getHostAddress() + ":" + target.getPort());
            listener = told;
        }
    }
}
