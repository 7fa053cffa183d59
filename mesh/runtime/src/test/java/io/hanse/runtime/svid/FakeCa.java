/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.grpc.Caller;
import io.hanse.runtime.grpc.ClientCertificate;
import io.hanse.runtime.grpc.GrpcServer;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.Pem;
import io.hanse.wire.ca.IstioCertificateRequest;
import io.hanse.wire.ca.IstioCertificateResponse;
import io.hanse.wire.ca.IstioCertificateServiceGrpc;
import java.io.IOException;
import java.io.StringReader;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** A spiffe-ca that signs whatever is asked for, over real TLS, and remembers who asked. */
final class FakeCa extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase implements AutoCloseable {

    private static final Context.Key<String> BEARER = Context.key("bearer");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final InstantSource clock;
    private final BundleCell bundles;
    private final GrpcServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile TestAuthority signer;
    private volatile Optional<Status> refusal = Optional.empty();
    private volatile boolean refusesTokens = true;
    private volatile Duration backdate = Duration.ofSeconds(10);
    private volatile UnaryOperator<IstioCertificateResponse> spoil = UnaryOperator.identity();

    /** One question. */
    record Asked(Instant at, Optional<SpiffeId> caller, Optional<String> bearer, PublicKey key) {}

    FakeCa(TestAuthority authority, InstantSource clock) throws IOException {
        this.clock = clock;
        this.signer = authority;
        this.bundles = new BundleCell(TestAuthority.bundles(authority));
        this.server = GrpcServer.at(
                        new HostPort("127.0.0.1", 0),
                        TestIdentity.of(
                                authority.svid(
                                        SystemIdentity.SPIFFE_CA.in(authority.trustDomain()),
                                        spec -> spec.notAfter = clock.instant().plus(TestAuthority.AUTHORITY_LIFETIME)),
                                bundles,
                                clock))
                .clientCertificate(ClientCertificate.OPTIONAL)
                .service(this)
                .interceptor(new Bearer())
                .build()
                .start();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", server.port());
    }

    List<Asked> asked() {
        return asked;
    }

    /** Signs with another authority, and names it as the only root. */
    void signWith(TestAuthority authority) {
        signer = authority;
    }

    /** Lets in whom these bundles verify. */
    void trust(BundleMap now) {
        bundles.publish(now);
    }

    void refuse(Status status) {
        refusal = Optional.of(status);
        refusesTokens = true;
    }

    /** Refuses those with an SVID, and none with a token. */
    void refuseRenewals(Status status) {
        refusal = Optional.of(status);
        refusesTokens = false;
    }

    /** How long before now what it signs comes into force; negative for a CA whose clock is ahead. */
    void backdate(Duration by) {
        backdate = by;
    }

    void answerAgain() {
        refusal = Optional.empty();
    }

    void spoil(UnaryOperator<IstioCertificateResponse> change) {
        spoil = change;
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> out) {
        try (PEMParser parser = new PEMParser(new StringReader(request.getCsr()))) {
            PKCS10CertificationRequest csr = (PKCS10CertificationRequest) parser.readObject();
            PublicKey key = new JcaPEMKeyConverter().getPublicKey(csr.getSubjectPublicKeyInfo());
            asked.add(new Asked(clock.instant(), Caller.current(), Optional.ofNullable(BEARER.get()), key));
            if (refusal.isPresent() && (refusesTokens || Caller.current().isPresent())) {
                out.onError(refusal.get().asException());
                return;
            }
            out.onNext(spoil.apply(sign(SpiffeId.parse(uri(csr.getRequestedExtensions())), key)));
            out.onCompleted();
        } catch (IOException e) {
            out.onError(Status.INVALID_ARGUMENT.withCause(e).asException());
        }
    }

    /** A whole answer for an ID and a key. */
    IstioCertificateResponse sign(SpiffeId id, PublicKey key) {
        IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
        for (X509Certificate certificate : signer.svid(id, spec -> {
                    spec.keys = new KeyPair(key, null);
                    spec.notBefore = clock.instant().minus(backdate);
                })
                .chain()) {
            response.addCertChain(Pem.format(certificate));
        }
        return response.addCertChain(Pem.format(signer.certificate())).build();
    }

    private static String uri(Extensions extensions) {
        Extension names = Objects.requireNonNull(extensions.getExtension(Extension.subjectAlternativeName));
        return GeneralNames.getInstance(names.getParsedValue())
                .getNames()[0]
                .getName()
                .toString();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static final class Bearer implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String value = headers.get(AUTHORIZATION);
            Context context =
                    value == null ? Context.current() : Context.current().withValue(BEARER, value);
            return Contexts.interceptCall(context, call, headers, next);
        }
    }
}
