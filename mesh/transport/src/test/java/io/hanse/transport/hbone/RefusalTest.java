/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows in what arrives
final class RefusalTest {

    static {
        Leaks.watch();
    }

    private final World world = new World(HboneLimits.defaults(), 1);

    @AfterEach
    void end() throws Exception {
        world.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private OpenOutcome outcomeOf(InetSocketAddress entry) throws Exception {
        try (Socket socket = World.dial(entry)) {
            socket.getOutputStream().write(1);
            OpenOutcome outcome = world.outcomes.poll(30, TimeUnit.SECONDS);
            assertThat(outcome).isNotNull();
            return outcome;
        }
    }

    private OpenOutcome direct(TunnelAcceptor acceptor) throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, acceptor));
        return outcomeOf(world.tunnelled(world.pool(), world.direct(server)));
    }

    @Test
    void aRefusalByPolicyArrivesWithItsReasonAndThePolicysName() throws Exception {
        PolicyName policy = PolicyName.parse("shop/only-frontend");
        OpenOutcome outcome = direct(request -> request.refuse(401, ReasonCode.DENIED_BY_POLICY, policy));
        assertThat(outcome)
                .isEqualTo(
                        new OpenOutcome.Refused(Hop.ENDPOINT, 401, ReasonCode.DENIED_BY_POLICY, Optional.of(policy)));
    }

    @Test
    void aRefusalMayComeLaterFromAnotherThread() throws Exception {
        OpenOutcome outcome =
                direct(request -> Thread.ofVirtual().start(() -> request.refuse(503, ReasonCode.NO_ENDPOINT)));
        assertThat(outcome)
                .isEqualTo(new OpenOutcome.Refused(Hop.ENDPOINT, 503, ReasonCode.NO_ENDPOINT, Optional.empty()));
    }

    @Test
    void aBugInTheAcceptorIsAnsweredAsSuch() throws Exception {
        OpenOutcome outcome = direct(request -> {
            throw new IllegalStateException("bug");
        });
        assertThat(outcome)
                .isEqualTo(new OpenOutcome.Refused(Hop.ENDPOINT, 503, ReasonCode.INTERNAL_ERROR, Optional.empty()));
    }

    @Test
    void anApplicationThatDoesNotListenIsToldAs503() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort);
        assertThat(direct(world.to(nobody)))
                .isEqualTo(new OpenOutcome.Refused(
                        Hop.ENDPOINT, 503, ReasonCode.UPSTREAM_CONNECT_FAILED, Optional.empty()));
        TunnelStats stats = world.serverStats.poll(30, TimeUnit.SECONDS);
        assertThat(stats).isNotNull();
        assertThat(stats.reason()).isEqualTo(ReasonCode.UPSTREAM_CONNECT_FAILED);
    }

    @Test
    void aGatewaysRefusalIsToldAsTheGateways() throws Exception {
        InetSocketAddress gateway =
                world.bind(world.server(world.gateway, request -> request.refuse(401, ReasonCode.NOT_EXPORTED)));
        assertThat(outcomeOf(world.tunnelled(world.pool(), world.via(gateway))))
                .isEqualTo(new OpenOutcome.Refused(Hop.GATEWAY, 401, ReasonCode.NOT_EXPORTED, Optional.empty()));
    }

    @Test
    void aGatewayThatDoesNotListenIsUnreachable() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThat(outcomeOf(world.tunnelled(world.pool(), world.via(nobody))))
                .isInstanceOfSatisfying(OpenOutcome.Failed.class, failed -> {
                    assertThat(failed.hop()).isEqualTo(Hop.GATEWAY);
                    assertThat(failed.reason()).isEqualTo(ReasonCode.PEER_UNREACHABLE);
                });
    }

    @Test
    void anotherIdentityThanTheExpectedOneIsRefused() throws Exception {
        SpiffeId other = new SpiffeId(world.bergen.trustDomain(), "/ns/shop/sa/other");
        world.issue(world.bergen, other);
        InetSocketAddress server = world.bind(world.server(other, world.to(world.app(World::echo))));
        assertThat(outcomeOf(world.tunnelled(world.pool(), world.direct(server))))
                .isInstanceOfSatisfying(
                        OpenOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.IDENTITY_UNEXPECTED));
    }

    @Test
    void aServerUnderAForgedRootIsRefused() throws Exception {
        TestAuthority forged = TestAuthority.of("bergen.example");
        world.issue(forged, world.backend);
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        assertThat(outcomeOf(world.tunnelled(world.pool(), world.direct(server))))
                .isInstanceOfSatisfying(
                        OpenOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.CERTIFICATE_CHAIN_BROKEN));
    }

    @Test
    void aClientOfAnUnknownTrustDomainIsRefusedByTheServer() throws Exception {
        world.trust(TestAuthority.bundles(world.bergen));
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        assertThat(outcomeOf(world.tunnelled(world.pool(), world.direct(server))))
                .isInstanceOf(OpenOutcome.Failed.class);
        assertThat(world.metrics.refused.poll(30, TimeUnit.SECONDS)).isEqualTo(ReasonCode.TRUST_DOMAIN_UNKNOWN);
    }

    @Test
    void aClientWithoutCertificateIsRefused() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(server.getAddress(), server.getPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(30_000);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().readAllBytes();
                    })
                    .isInstanceOf(java.io.IOException.class);
        }
        assertThat(world.metrics.refused.poll(30, TimeUnit.SECONDS)).isEqualTo(ReasonCode.NO_CLIENT_CERTIFICATE);
    }

    @Test
    void withoutAnSvidNothingIsDialledAndNothingIsServed() throws Exception {
        InetSocketAddress server = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        TunnelPool pool = world.pool();
        world.svids.remove(world.frontend);
        assertThat(outcomeOf(world.tunnelled(pool, world.direct(server))))
                .isInstanceOfSatisfying(
                        OpenOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(ReasonCode.IDENTITY_NOT_READY));
        world.svids.remove(world.backend);
        try (Socket socket = World.dial(server)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(world.metrics.refused.poll(30, TimeUnit.SECONDS)).isEqualTo(ReasonCode.IDENTITY_NOT_READY);
    }

    @Test
    void aRefusedChannelIsUntouchedAndMayTryAnotherEndpoint() throws Exception {
        InetSocketAddress refusing =
                world.bind(world.server(world.backend, request -> request.refuse(503, ReasonCode.NO_ENDPOINT)));
        InetSocketAddress serving = world.bind(world.server(world.backend, world.to(world.app(World::echo))));
        TunnelPool pool = world.pool();
        io.netty.channel.Channel listener = new io.netty.bootstrap.ServerBootstrap()
                .group(world.loops.group())
                .channel(world.loops.serverChannelType())
                .childOption(io.netty.channel.ChannelOption.AUTO_READ, false)
                .childOption(io.netty.channel.ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new io.netty.channel.ChannelInitializer<io.netty.channel.Channel>() {
                    @Override
                    protected void initChannel(io.netty.channel.Channel app) {
                        app.eventLoop().execute(() -> {
                            pool.open(app, world.direct(refusing), TunnelListener.NONE)
                                    .thenCompose(first -> pool.open(app, world.direct(serving), TunnelListener.NONE));
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (Socket socket = World.dial((InetSocketAddress) listener.localAddress())) {
            socket.getOutputStream().write(42);
            assertThat(socket.getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void probesAndDryRunsAreAnsweredWithoutATunnel() throws Exception {
        TunnelAcceptor acceptor = request -> {
            if (request.authority().equals(HboneHeaders.PROBE_AUTHORITY)) {
                request.answerEmpty(200);
            } else if (request.headers().single(HboneHeaders.DRY_RUN).equals(Optional.of("1"))) {
                request.refuse(401, ReasonCode.DENIED_BY_POLICY);
            } else {
                request.refuse(400, ReasonCode.BAD_REQUEST);
            }
        };
        InetSocketAddress server = world.bind(world.server(world.backend, acceptor));
        InetSocketAddress gateway = world.bind(world.server(world.gateway, world.to(server)));
        TunnelPool pool = world.pool();
        assertThat(Until.done(pool.probe(world.via(gateway))))
                .isInstanceOfSatisfying(ProbeOutcome.Answered.class, answered -> {
                    assertThat(answered.peers()).containsExactly(world.gateway, world.backend);
                    assertThat(answered.roundTrip()).isPositive();
                });
        assertThat(Until.done(pool.dryRun(world.via(gateway))))
                .isEqualTo(new ProbeOutcome.NotAnswered(
                        new OpenOutcome.Refused(Hop.ENDPOINT, 401, ReasonCode.DENIED_BY_POLICY, Optional.empty())));
    }

    /** A client that trusts every server, to reach the server's own check. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
