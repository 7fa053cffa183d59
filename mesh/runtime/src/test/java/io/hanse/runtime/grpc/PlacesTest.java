/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.Until;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.MintJwtSvidResponse;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections over real TLS to a listener that takes callers without an SVID, and who keeps whom out. */
class PlacesTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final SpiffeId CA = SpiffeId.parse("spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca");
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web");
    private static final SpiffeId API = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/api");
    private static final Duration HOURS = Duration.ofHours(2);
    private static final int DEADLINE_SECONDS = 20;

    private final TestAuthority authority = TestAuthority.of("lubeck.example", CLOCK);
    private final BundleSource bundles = BundleSource.fixed(TestAuthority.bundles(authority));
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<Runnable> cleanup = new ArrayList<>();

    @AfterEach
    void stop() {
        cleanup.reversed().forEach(Runnable::run);
    }

    @Test
    void strangersThatFillTheirPlacesKeepNoMemberOutAndOneMoreIsClosed() throws Exception {
        HostPort server = server(limits(8, 8, 2, HOURS));
        idle(server);
        idle(server);
        assertThat(mint(channel(server, identity(WEB)))).isEqualTo(WEB.toString());
        SSLSocket third = idle(server);
        assertThat(third.getInputStream().readAllBytes()).asString().contains("LIMIT_EXCEEDED");
        assertThat(refused).containsExactly("LIMIT_EXCEEDED: too many connections without an SVID");
    }

    @Test
    void whoeverLeavesMakesRoom() throws Exception {
        HostPort server = server(limits(8, 8, 1, HOURS));
        SSLSocket first = idle(server);
        ManagedChannel second = channel(server, MeshIdentity.withoutSvid(bundles, CLOCK));
        assertRefused(second);
        assertThat(refused).contains("LIMIT_EXCEEDED: too many connections without an SVID");
        first.close();
        Until.holds(() -> serves(second));
    }

    @Test
    void aStrangerIsSentAwayAfterAWhileAndAMemberStays() throws Exception {
        HostPort server = server(limits(8, 1, 1, Duration.ofMillis(200)));
        ManagedChannel member = channel(server, identity(WEB));
        assertThat(mint(member)).isEqualTo(WEB.toString());
        assertThat(idle(server).getInputStream().readAllBytes()).asString().contains("LIMIT_EXCEEDED");
        assertThat(refused).isEmpty();
        // Of this peer there may be one connection: it is the same one still.
        assertThat(mint(member)).isEqualTo(WEB.toString());
        assertThat(refused).isEmpty();
    }

    @Test
    void onePeerHasItsShareOfTheConnectionsAndNoMore() throws Exception {
        HostPort server = server(limits(2, 1, 1, HOURS));
        assertThat(mint(channel(server, identity(WEB)))).isEqualTo(WEB.toString());
        assertRefused(channel(server, identity(WEB)));
        assertThat(mint(channel(server, identity(API)))).isEqualTo(API.toString());
        assertThat(refused).contains("LIMIT_EXCEEDED: too many connections of one peer");
    }

    @Test
    void socketsInTheirHandshakeAreNotWithoutEnd() throws Exception {
        HostPort server = server(limits(1, 1, 1, HOURS));
        List<CompletableFuture<Integer>> silent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            silent.add(firstByteOf(plain(server)));
        }
        // Which of them comes last is for the event loops to say.
        assertThat(CompletableFuture.anyOf(silent.toArray(CompletableFuture[]::new))
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(-1);
        assertThat(refused).contains("LIMIT_EXCEEDED: too many connections");
    }

    private static GrpcLimits limits(int connections, int perPeer, int strangers, Duration age) {
        return new GrpcLimits(1 << 20, connections, perPeer, strangers, age, 100, 100);
    }

    private HostPort server(GrpcLimits limits) throws IOException {
        GrpcServer server = GrpcServer.at(new HostPort("127.0.0.1", 0), identity(CA))
                .clientCertificate(ClientCertificate.OPTIONAL)
                .limits(limits)
                .refusedHandshakes((remote, reason, detail) -> refused.add(reason + ": " + detail))
                .service(new Echo())
                .build()
                .start();
        cleanup.add(server::stop);
        return new HostPort("127.0.0.1", server.port());
    }

    private MeshIdentity identity(SpiffeId id) {
        return TestIdentity.of(authority.svid(id), bundles, CLOCK);
    }

    private ManagedChannel channel(HostPort server, MeshIdentity identity) {
        ManagedChannel channel = GrpcChannels.to(server, identity, CA).open();
        cleanup.add(channel::shutdownNow);
        return channel;
    }

    private static String mint(ManagedChannel channel) {
        return SvidAuthorityGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .mintJwtSvid(MintJwtSvidRequest.getDefaultInstance())
                .getSvid();
    }

    private static boolean serves(ManagedChannel channel) {
        try {
            return mint(channel).equals("nobody");
        } catch (StatusRuntimeException stillFull) {
            return false;
        }
    }

    private static void assertRefused(ManagedChannel channel) {
        // The reason is on its way too, but a socket that is closed on somebody who still writes may lose it.
        assertThatThrownBy(() -> mint(channel))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode())
                                .isIn(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED));
    }

    private static CompletableFuture<Integer> firstByteOf(Socket socket) {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                first.complete(socket.getInputStream().read());
            } catch (IOException e) {
                first.completeExceptionally(e);
            }
        });
        return first;
    }

    /** A stranger that has shaken hands and says nothing more. */
    private SSLSocket idle(HostPort server) throws Exception {
        Socket socket = plain(server);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        TrustManager trust = MeshIdentity.withoutSvid(bundles, CLOCK).trust(PeerCheck.anyKnown());
        context.init(null, new TrustManager[] {trust}, null);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        // The server's settings: from here on it knows of this connection.
        assertThat(tls.getInputStream().read()).isNotNegative();
        return tls;
    }

    private Socket plain(HostPort server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        cleanup.add(() -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return socket;
    }

    /** Answers with the caller's ID. */
    private static final class Echo extends SvidAuthorityGrpc.SvidAuthorityImplBase {
        @Override
        public void mintJwtSvid(MintJwtSvidRequest request, StreamObserver<MintJwtSvidResponse> answer) {
            String caller = Caller.current().map(SpiffeId::toString).orElse("nobody");
            answer.onNext(MintJwtSvidResponse.newBuilder().setSvid(caller).build());
            answer.onCompleted();
        }
    }
}
