/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.attest.Admission;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.issuance.Issuer;
import io.hanse.ca.issuance.SigningGate;
import io.hanse.ca.keys.CryptoProvider;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.runtime.grpc.ClientCertificate;
import io.hanse.runtime.grpc.GrpcLimits;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.time.Ticker;
import io.hanse.transport.tls.PeerCheck;
import java.io.IOException;
import java.time.Duration;

/**
 * The gRPC listener: CreateCertificate, SvidAuthority, and the bundle streams. A client certificate is optional, because
 * who joins has none; one that is shown must be of the own trust domain, or the handshake fails.
 */
public final class CaServer {

    /** A request is a CSR and a handful of names. */
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    private final GrpcServer server;
    private final PushStreams streams;

    public CaServer(
            HostPort listen,
            TrustDomain trustDomain,
            MeshIdentity identity,
            Authorities authorities,
            Admission admission,
            Issuer issuer,
            CryptoProvider crypto,
            CaMetrics metrics,
            PushStreams streams,
            Ticker ticker) {
        Refusals refusals = new Refusals(metrics);
        SigningDesk desk = new SigningDesk(
                admission, issuer, new SigningGate(), new CallerLimits(ticker), crypto, metrics, refusals);
        this.streams = streams;
        this.server = GrpcServer.at(listen, identity)
                .clientCertificate(ClientCertificate.OPTIONAL)
                .callers(PeerCheck.memberOf(trustDomain))
                .refusedHandshakes(metrics.handshakes(ticker))
                .limits(GrpcLimits.defaults().withMaxInboundBytes(MAX_REQUEST_BYTES))
                .interceptor(new FreshCaller(new SvidVerifier(identity.clock()), identity.bundles(), refusals))
                .interceptor(CallHeaders.interceptor())
                .service(new CertificateService(desk))
                .service(new AuthorityService(authorities, admission, desk, streams, refusals))
                .service(new BundleService(authorities, admission, streams, refusals))
                .build();
    }

    /**
     * Binds.
     *
     * @throws IOException if the address cannot be bound
     */
    public void start() throws IOException {
        server.start();
    }

    /** The bound port. */
    public int port() {
        return server.port();
    }

    /** Ends the streams with UNAVAILABLE, waits for signatures in the making, then cuts. */
    public void drain(Duration deadline) {
        streams.drain();
        server.drain(deadline);
    }
}
