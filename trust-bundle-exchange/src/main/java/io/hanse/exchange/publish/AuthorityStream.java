/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.bundle.JwtAuthority;
import io.hanse.model.bundle.MalformedBundle;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.grpc.KeptStream;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.BundleCell;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.Subscription;
import io.hanse.wire.spiffe.JWTBundlesRequest;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.SpiffeWorkloadAPIGrpc;
import io.hanse.wire.spiffe.X509BundlesRequest;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The own trust domain's keys as spiffe-ca streams them. Says nothing before both streams have spoken, so that a restart
 * never publishes a document without its JWT keys.
 *
 * <p>Any thread; a message that cannot be read ends its stream, the keys known before stand.
 */
public final class AuthorityStream implements BundleSource, AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /** A new authority must reach peers well before it signs; spiffe-ca is next door. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private final TrustDomain trustDomain;
    private final BundleCell cell = new BundleCell();
    private final KeptStream<X509BundlesRequest, X509BundlesResponse> x509Stream;
    private final KeptStream<JWTBundlesRequest, JWTBundlesResponse> jwtStream;
    private Optional<List<X509Certificate>> x509 = Optional.empty();
    private Optional<List<JwtAuthority>> jwt = Optional.empty();

    /**
     * Streams; nothing is opened before {@link #start}.
     *
     * @param channels to spiffe-ca, a new one for each stream; carries the header of the Workload API
     */
    public AuthorityStream(TrustDomain trustDomain, Supplier<ManagedChannel> channels, Scheduler scheduler) {
        this.trustDomain = trustDomain;
        this.x509Stream = new KeptStream<>(
                SpiffeWorkloadAPIGrpc.getFetchX509BundlesMethod(),
                X509BundlesRequest.getDefaultInstance(),
                channels,
                scheduler,
                Backoff.between(FIRST_RETRY, LONGEST_RETRY),
                KeptStream.Listener.of(this::take));
        this.jwtStream = new KeptStream<>(
                SpiffeWorkloadAPIGrpc.getFetchJWTBundlesMethod(),
                JWTBundlesRequest.getDefaultInstance(),
                channels,
                scheduler,
                Backoff.between(FIRST_RETRY, LONGEST_RETRY),
                KeptStream.Listener.of(this::take));
    }

    /** Opens both streams. */
    public void start() {
        x509Stream.start();
        jwtStream.start();
    }

    @Override
    public BundleMap current() {
        return cell.current();
    }

    @Override
    public Subscription onChange(Consumer<BundleMap> listener) {
        return cell.onChange(listener);
    }

    @Override
    public void close() {
        x509Stream.close();
        jwtStream.close();
    }

    private synchronized void take(X509BundlesResponse message) {
        ByteString der = message.getBundlesOrDefault(trustDomain.id().toString(), ByteString.EMPTY);
        try {
            List<X509Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(der.newInput()).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            x509 = Optional.of(read);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("spiffe-ca streams an authority that cannot be read", e);
        }
        publish();
    }

    private synchronized void take(JWTBundlesResponse message) {
        ByteString jwks = message.getBundlesOrDefault(trustDomain.id().toString(), ByteString.EMPTY);
        try {
            List<JwtAuthority> read = jwks.isEmpty()
                    ? List.of()
                    : BundleJson.parseJwtKeys(trustDomain, jwks.toByteArray()).jwtAuthorities();
            jwt = Optional.of(read);
        } catch (MalformedBundle e) {
            throw new IllegalArgumentException("spiffe-ca streams a JWT key that cannot be read", e);
        }
        publish();
    }

    private void publish() {
        if (x509.isPresent() && jwt.isPresent()) {
            cell.publish(BundleMap.empty()
                    .with(new TrustBundle(trustDomain, x509.get(), jwt.get(), OptionalLong.empty(), Optional.empty())));
        }
    }
}
