/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.svid.JwtSvidVerifier;
import io.hanse.runtime.svid.JwtSvidVerifier.JwtVerification;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.JWTSVID;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.hanse.wire.spiffe.JWTSVIDResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.ValidateJWTSVIDRequest;
import io.hanse.wire.spiffe.ValidateJWTSVIDResponse;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import io.hanse.wire.spiffe.X509SVIDRequest;
import io.hanse.wire.spiffe.X509SVIDResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The five calls, for the callers of one socket. On virtual threads. */
final class WorkloadService extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase {

    /** Audiences of one token: a token for everybody is for nobody. */
    private static final int MAX_AUDIENCES = 16;

    /** As long as a SPIFFE ID may be. */
    private static final int MAX_AUDIENCE_CHARACTERS = SpiffeId.MAX_BYTES;

    /** What all sockets of a node share. */
    record Parts(
            TrustDomain own,
            IdentityView identities,
            BundleSource bundles,
            JwtMinter minter,
            PushStreams streams,
            InstantSource clock) {}

    private final Parts parts;
    private final Function<CallerFacts, List<Workload>> entitled;

    /**
     * Answers callers.
     *
     * @param entitled the workloads that a caller is, in a stable order (WL-8)
     */
    WorkloadService(Parts parts, Function<CallerFacts, List<Workload>> entitled) {
        this.parts = parts;
        this.entitled = entitled;
    }

    @Override
    public void fetchX509SVID(X509SVIDRequest request, StreamObserver<X509SVIDResponse> out) {
        Optional<CallerFacts> caller = CallerFacts.current();
        parts.streams().open(out, () -> {
            List<SpiffeId> ids = identities(caller);
            if (ids.isEmpty()) {
                return new PushStreams.State.Nobody<>();
            }
            List<X509Svid> svids = ids.stream()
                    .map(parts.identities()::svidOf)
                    .flatMap(Optional::stream)
                    .toList();
            BundleMap bundles = parts.bundles().current();
            return svids.isEmpty() || bundles.of(parts.own()).isEmpty()
                    ? new PushStreams.State.NotYet<>()
                    : new PushStreams.State.Full<>(Material.x509(svids, bundles, parts.own()));
        });
    }

    @Override
    public void fetchX509Bundles(X509BundlesRequest request, StreamObserver<X509BundlesResponse> out) {
        Optional<CallerFacts> caller = CallerFacts.current();
        parts.streams().open(out, () -> bundles(caller, Material::x509Bundles));
    }

    @Override
    public void fetchJWTBundles(JWTBundlesRequest request, StreamObserver<JWTBundlesResponse> out) {
        Optional<CallerFacts> caller = CallerFacts.current();
        parts.streams().open(out, () -> bundles(caller, Material::jwtBundles));
    }

    @Override
    public void fetchJWTSVID(JWTSVIDRequest request, StreamObserver<JWTSVIDResponse> out) {
        try {
            List<String> audience = audience(request);
            JWTSVIDResponse.Builder response = JWTSVIDResponse.newBuilder();
            for (SpiffeId id : asked(request.getSpiffeId())) {
                response.addSvids(JWTSVID.newBuilder()
                        .setSpiffeId(id.toString())
                        .setSvid(parts.minter().mint(id, audience)));
            }
            out.onNext(response.build());
            out.onCompleted();
        } catch (StatusRuntimeException e) {
            out.onError(e);
        }
    }

    @Override
    public void validateJWTSVID(ValidateJWTSVIDRequest request, StreamObserver<ValidateJWTSVIDResponse> out) {
        try {
            if (identities(CallerFacts.current()).isEmpty()) {
                throw denied();
            }
            if (request.getAudience().isEmpty() || request.getSvid().isEmpty()) {
                throw invalid("audience and svid must be given (WL-4.5)");
            }
            if (parts.bundles().current().of(parts.own()).isEmpty()) {
                throw Status.UNAVAILABLE
                        .withDescription("IDENTITY_NOT_READY: no trust bundle yet")
                        .asRuntimeException();
            }
            out.onNext(validated(request));
            out.onCompleted();
        } catch (StatusRuntimeException e) {
            out.onError(e);
        }
    }

    private ValidateJWTSVIDResponse validated(ValidateJWTSVIDRequest request) {
        JwtVerification verification = JwtSvidVerifier.verify(
                request.getSvid(),
                parts.bundles().current(),
                request.getAudience(),
                parts.clock().instant());
        return switch (verification) {
            case JwtVerification.Refused refused -> throw invalid(refused.reason() + ": " + refused.detail());
            case JwtVerification.Genuine genuine ->
                ValidateJWTSVIDResponse.newBuilder()
                        .setSpiffeId(genuine.subject().toString())
                        .setClaims(Claims.struct(genuine.claims()))
                        .build();
        };
    }

    private <A> PushStreams.State<A> bundles(Optional<CallerFacts> caller, Function<BundleMap, A> message) {
        if (identities(caller).isEmpty()) {
            return new PushStreams.State.Nobody<>();
        }
        BundleMap bundles = parts.bundles().current();
        return bundles.of(parts.own()).isEmpty()
                ? new PushStreams.State.NotYet<>()
                : new PushStreams.State.Full<>(message.apply(bundles));
    }

    private static List<String> audience(JWTSVIDRequest request) {
        List<String> audience = request.getAudienceList();
        if (audience.isEmpty() || audience.size() > MAX_AUDIENCES) {
            throw invalid("audience: %d given (expected: 1 to %d)".formatted(audience.size(), MAX_AUDIENCES));
        }
        if (audience.stream().anyMatch(a -> a.isEmpty() || a.length() > MAX_AUDIENCE_CHARACTERS)) {
            throw invalid(
                    "audience: empty or too long (expected: 1 to %d characters)".formatted(MAX_AUDIENCE_CHARACTERS));
        }
        return List.copyOf(audience);
    }

    /** One identity if one was asked for, else each the caller has (WL-6.2.1). */
    private List<SpiffeId> asked(String spiffeId) {
        List<SpiffeId> mine = identities(CallerFacts.current());
        if (mine.isEmpty()) {
            throw denied();
        }
        if (spiffeId.isEmpty()) {
            return mine;
        }
        try {
            SpiffeId id = SpiffeId.parse(spiffeId);
            if (!mine.contains(id)) {
                throw denied();
            }
            return List.of(id);
        } catch (InvalidSpiffeId e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private List<SpiffeId> identities(Optional<CallerFacts> caller) {
        return caller.map(entitled).orElse(List.of()).stream()
                .map(Workload::spiffeId)
                .distinct()
                .toList();
    }

    private static StatusRuntimeException invalid(String why) {
        return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
    }

    private static StatusRuntimeException denied() {
        return Status.PERMISSION_DENIED.withDescription("no identity issued").asRuntimeException();
    }
}
