/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.x509.SvidVerifier;
import io.hanse.model.x509.Verification;
import io.hanse.model.x509.Verification.Refused;
import io.hanse.runtime.grpc.FreshChannel;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.KeyPairs;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.PeerRefused;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.ca.IstioCertificateRequest;
import io.hanse.wire.ca.IstioCertificateResponse;
import io.hanse.wire.ca.IstioCertificateServiceGrpc;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks spiffe-ca for certificates ({@code CreateCertificate}). The key pair is made here; the request carries its public
 * half and the ID it is for, the answer is verified before anybody sees it. Blocks; any thread.
 */
public final class CertificateClient implements AutoCloseable {

    /** Asks spiffe-ca to choose. */
    public static final Duration TTL_OF_CA = Duration.ZERO;

    /** A signature takes milliseconds; the rest is the network and a queue. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** A leaf, a few intermediates and the roots. */
    private static final int MAX_CHAIN = 10;

    private static final String IMPERSONATED_IDENTITY = "ImpersonatedIdentity";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final FreshChannel channel;
    private final InstantSource clock;

    /** Talks to spiffe-ca as {@code identity}: with its SVID in mutual TLS, or without one. */
    public CertificateClient(HostPort ca, TrustDomain trustDomain, MeshIdentity identity) {
        this.channel =
                new FreshChannel(identity, GrpcChannels.to(ca, identity, SystemIdentity.SPIFFE_CA.in(trustDomain)));
        this.clock = identity.clock();
    }

    /**
     * What spiffe-ca gave.
     *
     * @param svid leads to one of the roots
     * @param roots of the own trust domain, as of now
     */
    public record Issued(X509Svid svid, TrustBundle roots) {}

    /** The first certificate, bought with a join token. The token is used up when this returns. */
    public static Issued join(JoinToken token, InstantSource clock) throws CertificateRefused {
        BundleSource bundles = BundleSource.fixed(BundleMap.empty().with(token.bundle()));
        MeshIdentity stranger = MeshIdentity.withoutSvid(bundles, clock);
        try (CertificateClient client = new CertificateClient(token.ca(), token.trustDomain(), stranger)) {
            Metadata bearer = new Metadata();
            bearer.put(AUTHORIZATION, "Bearer " + token.secret());
            return client.create(token.spiffeId(), TTL_OF_CA, Struct.getDefaultInstance(), bearer);
        }
    }

    /** A certificate for this process's own identity, which the mutual TLS proves. */
    public Issued renew(SpiffeId own) throws CertificateRefused {
        return create(own, TTL_OF_CA, Struct.getDefaultInstance(), new Metadata());
    }

    /**
     * A certificate for a workload registered on this node.
     *
     * @param ttl how long it shall live, or {@link #TTL_OF_CA}
     */
    public Issued impersonate(SpiffeId workload, Duration ttl) throws CertificateRefused {
        Struct metadata = Struct.newBuilder()
                .putFields(
                        IMPERSONATED_IDENTITY,
                        Value.newBuilder().setStringValue(workload.toString()).build())
                .build();
        return create(workload, ttl, metadata, new Metadata());
    }

    @Override
    public void close() {
        channel.close();
    }

    private Issued create(SpiffeId id, Duration ttl, Struct metadata, Metadata headers) throws CertificateRefused {
        KeyPair pair = KeyPairs.generate();
        IstioCertificateRequest request = IstioCertificateRequest.newBuilder()
                .setCsr(SigningRequest.pem(pair, id))
                .setValidityDuration(ttl.toSeconds())
                .setMetadata(metadata)
                .build();
        try {
            IstioCertificateResponse response = IstioCertificateServiceGrpc.newBlockingStub(channel.current())
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS)
                    .createCertificate(request);
            return read(response, pair, id);
        } catch (StatusRuntimeException e) {
            String cause = PeerRefused.in(e)
                    .map(PeerRefused::reason)
                    .map(this::usualCause)
                    .orElse("");
            throw new CertificateRefused(GrpcFailures.describe(e) + cause, GrpcFailures.isTransient(e), next(cause), e);
        } catch (MalformedSvid e) {
            throw new CertificateRefused("spiffe-ca's answer cannot be read: " + e.getMessage(), false, "", e);
        }
    }

    private Issued read(IstioCertificateResponse response, KeyPair pair, SpiffeId id)
            throws MalformedSvid, CertificateRefused {
        int elements = response.getCertChainCount();
        if (elements < 2 || elements > MAX_CHAIN) {
            throw new CertificateRefused(
                    "spiffe-ca's answer: %d elements (expected: leaf, intermediates, roots)".formatted(elements));
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (String element : response.getCertChainList().subList(0, elements - 1)) {
            chain.addAll(Pem.certificates(element));
        }
        TrustBundle roots = TrustBundle.ofX509(id.trustDomain(), Pem.certificates(response.getCertChain(elements - 1)));
        X509Svid svid = X509Svid.of(chain, pair.getPrivate());
        Verification verification =
                new SvidVerifier(clock).verify(svid.chain(), BundleMap.empty().with(roots));
        if (verification instanceof Refused refused) {
            String cause = usualCause(refused.reason());
            throw new CertificateRefused(
                    "spiffe-ca's answer does not verify: %s: %s%s".formatted(refused.reason(), refused.detail(), cause),
                    next(cause));
        }
        if (!svid.id().equals(id)) {
            throw new CertificateRefused("spiffe-ca's answer names %s (expected: %s)".formatted(svid.id(), id));
        }
        return new Issued(svid, roots);
    }

    private String usualCause(ReasonCode reason) {
        return ClockSkew.usualCause(reason, clock.instant());
    }

    private static String next(String usualCause) {
        return usualCause.isEmpty() ? "" : ClockSkew.NEXT;
    }
}
