/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.x509.SvidVerifier;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Makes the TLS end of each connection of the byte path: mutual TLS 1.3, ALPN, no SNI, no host name check, no
 * resumption. Cheap to ask at every connection: the native context of an SVID is built once and kept until the same
 * identity asks with a newer one.
 *
 * <p>A handshake accepts whoever {@link SpiffeTrustManager} can prove; who is wanted on a connection is asked right
 * after it by {@link PeerGate}, so that one context serves connections to many peers. Any thread.
 */
public final class SpiffeTls implements AutoCloseable {

    /** Contexts; two for each identity of a node: 1,000 workloads beside the node itself, with room. */
    private static final int MAX_CONTEXTS = 4096;

    private final SpiffeTrustManager trust;
    private final TlsProvider provider;
    private final List<String> alpn;
    private final LinkedHashMap<ContextKey, TlsContext> contexts = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /**
     * For ALPN {@code h2}, as HBONE wants it, with the best provider of this machine.
     */
    public SpiffeTls(SvidVerifier verifier, BundleSource bundles) {
        this(verifier, bundles, TlsProvider.best(), List.of("h2"));
    }

    /**
     * With everything chosen.
     *
     * @param alpn protocols in order of preference; a peer that offers none of them is refused
     */
    public SpiffeTls(SvidVerifier verifier, BundleSource bundles, TlsProvider provider, List<String> alpn) {
        this.trust = new SpiffeTrustManager(verifier, bundles, PeerCheck.anyKnown());
        this.provider = provider;
        this.alpn = List.copyOf(alpn);
    }

    /**
     * The accepting end; a client certificate is required.
     *
     * @throws SSLException if the TLS stack cannot use the SVID
     */
    public SslHandler server(ByteBufAllocator allocator, X509Svid svid) throws SSLException {
        return handler(allocator, svid, Side.SERVER);
    }

    /**
     * The connecting end.
     *
     * @throws SSLException if the TLS stack cannot use the SVID
     */
    public SslHandler client(ByteBufAllocator allocator, X509Svid svid) throws SSLException {
        return handler(allocator, svid, Side.CLIENT);
    }

    /** How many contexts are kept. */
    synchronized int size() {
        return contexts.size();
    }

    /** Gives the native memory back; connections already open keep theirs until they end. */
    @Override
    public synchronized void close() {
        closed = true;
        contexts.values().forEach(TlsContext::release);
        contexts.clear();
    }

    private SslHandler handler(ByteBufAllocator allocator, X509Svid svid, Side side) throws SSLException {
        ContextKey key = new ContextKey(svid.id(), side);
        Optional<TlsContext> known = known(key, svid);
        // Built while nobody waits: it takes milliseconds, and the other event loops ask for other identities
        // meanwhile.
        TlsContext context =
                known.isPresent() ? known.get() : keep(key, TlsContext.build(svid, side, trust, provider, alpn));
        try {
            return context.newHandler(allocator);
        } finally {
            context.release();
        }
    }

    /** The context of this very SVID, retained for the caller. */
    private synchronized Optional<TlsContext> known(ContextKey key, X509Svid svid) {
        return Optional.ofNullable(contexts.get(key))
                .filter(kept -> kept.svid() == svid)
                .map(TlsContext::retain);
    }

    /** Keeps what was built, instead of what was kept; retained for the caller. */
    private synchronized TlsContext keep(ContextKey key, TlsContext fresh) throws SSLException {
        if (closed) {
            fresh.release();
            throw new SSLException("TLS is closed: this process is shutting down");
        }
        TlsContext old = contexts.put(key, fresh);
        if (old != null) {
            old.release();
        }
        if (contexts.size() > MAX_CONTEXTS) {
            contexts.pollFirstEntry().getValue().release();
        }
        return fresh.retain();
    }

    /** The two ends of a connection. */
    enum Side {
        CLIENT,
        SERVER
    }

    private record ContextKey(SpiffeId id, Side side) {}
}
