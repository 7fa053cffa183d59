/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hanse.ca.attest.Admission;
import io.hanse.ca.attest.Refusal;
import io.hanse.ca.authority.Authorities;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.grpc.Caller;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code SpiffeWorkloadAPI/FetchX509Bundles} and {@code /FetchJWTBundles} with the bundle of the own trust domain alone
 * (Workload API 5.2.2, 6.2.2): every message is the full state (4.3). The other methods are a node's; here they answer
 * UNIMPLEMENTED.
 */
final class BundleService extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase {

    private final Authorities authorities;
    private final Admission admission;
    private final PushStreams streams;
    private final Refusals refusals;

    BundleService(Authorities authorities, Admission admission, PushStreams streams, Refusals refusals) {
        this.authorities = authorities;
        this.admission = admission;
        this.streams = streams;
        this.refusals = refusals;
    }

    @Override
    public void fetchX509Bundles(X509BundlesRequest request, StreamObserver<X509BundlesResponse> answer) {
        open(answer, () -> x509(authorities.image().bundle()));
    }

    @Override
    public void fetchJWTBundles(JWTBundlesRequest request, StreamObserver<JWTBundlesResponse> answer) {
        open(answer, () -> jwt(authorities.image().bundle()));
    }

    private <T> void open(StreamObserver<T> answer, Supplier<T> newest) {
        if (!CallHeaders.current().fromWorkloadApiClient()) {
            throw refusals.of(new Refusal(
                    Refusal.Code.HEADER_MISSING,
                    "the call must carry workload.spiffe.io: true, once (Workload Endpoint 3)"));
        }
        Optional<Refusal> refusal = admission.forWatching(Caller.current());
        if (refusal.isPresent()) {
            throw refusals.of(refusal.get());
        }
        SpiffeId caller = Caller.required();
        Optional<Refusal> full = streams.begin(caller, (ServerCallStreamObserver<T>) answer, newest);
        if (full.isPresent()) {
            throw refusals.of(full.get());
        }
    }

    private static X509BundlesResponse x509(TrustBundle bundle) {
        ByteString der = ByteString.EMPTY;
        for (X509Certificate certificate : bundle.x509Authorities()) {
            der = der.concat(ByteString.copyFrom(encoded(certificate)));
        }
        return X509BundlesResponse.newBuilder()
                .putBundles(bundle.trustDomain().id().toString(), der)
                .build();
    }

    private static JWTBundlesResponse jwt(TrustBundle bundle) {
        return JWTBundlesResponse.newBuilder()
                .putBundles(bundle.trustDomain().id().toString(), ByteString.copyFrom(BundleJson.formatJwtKeys(bundle)))
                .build();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate lost its encoding", impossible);
        }
    }
}
