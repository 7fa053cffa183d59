/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.grpc.GrpcChannels;
import io.hanse.runtime.grpc.KeptStream;
import io.hanse.runtime.grpc.MeshIdentity;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.hanseca.Authority;
import io.hanse.wire.hanseca.SvidAuthorityGrpc;
import io.hanse.wire.hanseca.WatchAuthoritiesRequest;
import io.hanse.wire.hanseca.WatchAuthoritiesResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which X.509 authorities of the own trust domain are TAINTED, as spiffe-ca says now ({@code WatchAuthorities}). The last
 * word holds while the stream is broken. Any thread; listeners must not block for long.
 */
public final class AuthorityWatch implements AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    /** A taint must not wait longer than this for a stream that is down. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    private final KeptStream<WatchAuthoritiesRequest, WatchAuthoritiesResponse> stream;
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private volatile Set<String> tainted = Set.of();

    /** Watches nothing before {@link #start}. */
    public AuthorityWatch(HostPort ca, TrustDomain trustDomain, MeshIdentity identity, Scheduler scheduler) {
        this.stream = new KeptStream<>(
                SvidAuthorityGrpc.getWatchAuthoritiesMethod(),
                WatchAuthoritiesRequest.getDefaultInstance(),
                () -> GrpcChannels.to(ca, identity, SystemIdentity.SPIFFE_CA.in(trustDomain))
                        .open(),
                scheduler,
                Backoff.between(FIRST_RETRY, LONGEST_RETRY),
                KeptStream.Listener.of(this::take));
    }

    /** Opens the stream; call it once there is an SVID to show. */
    public void start() {
        stream.start();
    }

    /** Subject key identifiers of the tainted authorities, lower-case hex. */
    public Set<String> tainted() {
        return tainted;
    }

    /** Whether a tainted authority stands in the SVID's chain: it must be replaced now. */
    public boolean isTainted(X509Svid svid) {
        return isTainted(svid, tainted);
    }

    /** Calls {@code listener} with all tainted authorities whenever the set changes. */
    public Subscription onChange(Consumer<Set<String>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        stream.close();
    }

    static boolean isTainted(X509Svid svid, Set<String> tainted) {
        return svid.authorityKeyIds().stream().anyMatch(tainted::contains);
    }

    private void take(WatchAuthoritiesResponse response) {
        Set<String> now = response.getX509List().stream()
                .filter(authority -> authority.getState() == Authority.State.TAINTED)
                .map(Authority::getKeyId)
                .collect(Collectors.toUnmodifiableSet());
        if (!now.equals(tainted)) {
            tainted = now;
            listeners.forEach(listener -> listener.accept(now));
        }
    }
}
