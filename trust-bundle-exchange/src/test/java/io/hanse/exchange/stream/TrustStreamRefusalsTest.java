/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.hanse.exchange.store.TrustView;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.hanse.wire.spiffe.X509SVIDResponse;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is not told anything. */
final class TrustStreamRefusalsTest extends OwnStreams {

    @Test
    @DisplayName("WL-5.2.2 before the own bundle is known there is nothing true to say: UNAVAILABLE, not an empty map")
    void saysUnavailableBeforeTheOwnBundleIsKnown() throws Exception {
        // The handshake itself needs a bundle here: the caller is judged with it.
        TrustStream empty = new TrustStream(Stores.open(directory.resolve("empty"), own.trustDomain()));
        publishOwn();
        GrpcServer.Builder builder = GrpcServer.at(
                new HostPort("127.0.0.1", 0), new MeshIdentity(svids(own.svid(self)), new TrustView(store), CLOCK));
        empty.services().forEach(builder::service);
        server.stop();
        server = builder.build().start();
        Status status = x509(proxy()).end();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("IDENTITY_NOT_READY");
    }

    @Test
    @DisplayName("design 1 a member of a trusted foreign domain is refused in the handshake, on every stream")
    void refusesAForeignTrustDomain() throws Exception {
        publishOwn();
        connect();
        ManagedChannel foreign = as(peer.svid("/ns/hanse-system/sa/trust-bundle-exchange"));
        assertThat(x509(foreign).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(jwt(foreign).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(relationships(foreign).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.subscribers()).isZero();
    }

    @Test
    @DisplayName(
            "WL-4.6 an own ID signed by a foreign root is refused, although that root is trusted for its own domain")
    void refusesAnOwnIdFromAForeignRoot() throws Exception {
        publishOwn();
        connect();
        assertThat(x509(as(peer.svid(new SpiffeId(own.trustDomain(), "/hanse/node/a"))))
                        .end()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.subscribers()).isZero();
    }

    @Test
    void refusesACallerWithoutACertificate() throws Exception {
        publishOwn();
        ManagedChannel stranger = channel(MeshIdentity.withoutSvid(trustedByCallers(), CLOCK), true);
        assertThat(x509(stranger).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(relationships(stranger).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.subscribers()).isZero();
    }

    @Test
    @DisplayName("X509-3.2b refuses a caller that shows the authority's own certificate")
    void refusesAnAuthorityAsCaller() throws Exception {
        publishOwn();
        MeshIdentity authority;
        try {
            authority = new MeshIdentity(svids(own.asSvid()), trustedByCallers(), CLOCK);
        } catch (MalformedSvid refusedBeforeItIsShown) {
            return;
        }
        assertThat(x509(channel(authority, true)).end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void anyMemberOfTheOwnTrustDomainMayListen() throws Exception {
        publishOwn();
        for (String path : List.of(
                "/ns/hanse-system/sa/cluster-registry", "/ns/hanse-system/sa/east-west-gateway", "/ns/shop/sa/web")) {
            assertThat(x509(as(own.svid(path))).next().getBundlesMap()).containsOnlyKeys(OWN);
        }
    }

    @Test
    @DisplayName("WE-3 the Workload API's calls need their security header, the relationships do not")
    void refusesAWorkloadApiCallWithoutItsHeader() throws Exception {
        publishOwn();
        ManagedChannel bare =
                channel(new MeshIdentity(svids(own.svid("/hanse/node/a")), trustedByCallers(), CLOCK), false);
        assertThat(x509(bare).end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(jwt(bare).end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(relationships(bare).next().getRelationshipsList()).isEmpty();
    }

    @Test
    void givesNoSvidToAnybody() throws Exception {
        publishOwn();
        Heard<X509SVIDResponse> heard = new Heard<>();
        SpiffeWorkloadAPIGrpc.newStub(proxy()).fetchX509SVID(X509SVIDRequest.getDefaultInstance(), heard);
        assertThat(heard.end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
}
