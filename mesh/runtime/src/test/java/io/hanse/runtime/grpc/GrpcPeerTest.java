/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.SvidCell;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.hanseca.MintJwtSvidRequest;
import io.hanse.wire.hanseca.MintJwtSvidResponse;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrpcPeerTest {

    private static final InstantSource CLOCK = InstantSource.system();

    private final TestAuthority own = TestAuthority.of("lubeck.example", CLOCK);
    private final BundleSource bundles = BundleSource.fixed(TestAuthority.bundles(own));
    private final SpiffeId ca = SpiffeId.parse("spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca");

    /** Answers with the caller's ID. */
    private static final class Echo extends SvidAuthorityGrpc.SvidAuthorityImplBase {
        @Override
        public void mintJwtSvid(MintJwtSvidRequest request, StreamObserver<MintJwtSvidResponse> answer) {
            String caller = Caller.current().map(SpiffeId::toString).orElse("nobody");
            answer.onNext(MintJwtSvidResponse.newBuilder().setSvid(caller).build());
            answer.onCompleted();
        }
    }

    private MeshIdentity identity(SpiffeId id) throws MalformedSvid {
        TestSvid svid = own.svid(id);
        return new MeshIdentity(new SvidCell(X509Svid.of(svid.chain(), svid.key())), bundles, CLOCK);
    }

    private GrpcServer server(ClientCertificate certificate) throws MalformedSvid, IOException {
        return GrpcServer.at(new HostPort("127.0.0.1", 0), identity(ca))
                .clientCertificate(certificate)
                .service(new Echo())
                .build()
                .start();
    }

    private static String call(GrpcServer server, MeshIdentity caller, SpiffeId expected) {
        ManagedChannel channel = GrpcChannels.to(new HostPort("127.0.0.1", server.port()), caller, expected)
                .open();
        try {
            return mint(channel);
        } finally {
            channel.shutdownNow();
        }
    }

    private static String mint(ManagedChannel channel) {
        return SvidAuthorityGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .mintJwtSvid(MintJwtSvidRequest.getDefaultInstance())
                .getSvid();
    }

    @Test
    void handlerSeesTheVerifiedCaller() throws Exception {
        SpiffeId web = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web");
        GrpcServer server = server(ClientCertificate.REQUIRED);
        try {
            assertThat(call(server, identity(web), ca)).isEqualTo(web.toString());
        } finally {
            server.stop();
        }
    }

    @Test
    void callerWithoutSvidIsNobodyWhereThatIsAllowedAndRefusedElsewhere() throws Exception {
        MeshIdentity stranger = MeshIdentity.withoutSvid(bundles, CLOCK);
        GrpcServer open = server(ClientCertificate.OPTIONAL);
        GrpcServer strict = server(ClientCertificate.REQUIRED);
        try {
            assertThat(call(open, stranger, ca)).isEqualTo("nobody");
            assertThatThrownBy(() -> call(strict, stranger, ca)).isInstanceOf(io.grpc.StatusRuntimeException.class);
        } finally {
            open.stop();
            strict.stop();
        }
    }

    @Test
    void renewedSvidIsShownByTheNextCallOfAFreshChannel() throws Exception {
        SvidCell held = new SvidCell();
        MeshIdentity caller = new MeshIdentity(held, bundles, CLOCK);
        GrpcServer server = server(ClientCertificate.REQUIRED);
        try (FreshChannel channel =
                new FreshChannel(caller, GrpcChannels.to(new HostPort("127.0.0.1", server.port()), caller, ca))) {
            for (String name : List.of("first", "second")) {
                SpiffeId id = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/" + name);
                TestSvid svid = own.svid(id);
                held.publish(X509Svid.of(svid.chain(), svid.key()));
                assertThat(mint(channel.current())).isEqualTo(id.toString());
            }
            assertThat(channel.current()).isSameAs(channel.current());
        } finally {
            server.stop();
        }
    }

    @Test
    void serverOfAnotherIdentityIsRefusedByTheChannel() throws Exception {
        SpiffeId other = SpiffeId.parse("spiffe://lubeck.example/ns/hanse-system/sa/cluster-registry");
        GrpcServer server = server(ClientCertificate.REQUIRED);
        try {
            MeshIdentity caller = identity(SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web"));
            assertThatThrownBy(() -> call(server, caller, other))
                    .satisfies(e -> assertThat(GrpcFailures.describe(e)).contains("IDENTITY_UNEXPECTED"));
        } finally {
            server.stop();
        }
    }
}
