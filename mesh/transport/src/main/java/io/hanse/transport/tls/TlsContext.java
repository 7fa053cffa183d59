/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import io.hanse.transport.tls.SpiffeTls.Side;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/** The TLS context of one SVID generation, for one side; counted, its memory is native. Any thread that retains it. */
final class TlsContext {

    /** Milliseconds; a peer across the world needs a few round trips, a stalled one must not keep a socket. */
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    /** Milliseconds; the bytes before close_notify get this long to leave. */
    private static final long CLOSE_FLUSH_TIMEOUT_MILLIS = 1_000;

    private final X509Svid svid;
    private final Optional<SslContext> kept;
    private final Recipe recipe;

    private TlsContext(X509Svid svid, Recipe recipe) throws SSLException {
        this.svid = svid;
        this.recipe = recipe;
        this.kept = recipe.provider() == TlsProvider.OPENSSL ? Optional.of(recipe.cook()) : Optional.empty();
    }

    static TlsContext build(X509Svid svid, Side side, SpiffeTrustManager trust, TlsProvider provider, List<String> alpn)
            throws SSLException {
        return new TlsContext(svid, new Recipe(svid, side, trust, provider, alpn));
    }

    X509Svid svid() {
        return svid;
    }

    SslHandler newHandler(ByteBufAllocator allocator) throws SSLException {
        // The JDK hands out tickets whatever it is told; a context of its own for each connection leaves none that
        // could be resumed.
        SslContext context = kept.isPresent() ? kept.get() : recipe.cook();
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_FLUSH_TIMEOUT_MILLIS);
        return handler;
    }

    TlsContext retain() {
        kept.ifPresent(ReferenceCountUtil::retain);
        return this;
    }

    void release() {
        kept.ifPresent(ReferenceCountUtil::release);
    }

    private record Recipe(X509Svid svid, Side side, SpiffeTrustManager trust, TlsProvider provider, List<String> alpn) {

        SslContext cook() throws SSLException {
            KeyManagerFactory keys = SvidKeys.of(svid);
            SslContextBuilder builder = side == Side.SERVER
                    ? SslContextBuilder.forServer(keys).clientAuth(ClientAuth.REQUIRE)
                    : SslContextBuilder.forClient().keyManager(keys);
            SslContext context = builder.sslProvider(provider.netty())
                    .trustManager(trust)
                    .protocols("TLSv1.3")
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(applicationProtocols())
                    .build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return context;
        }

        private ApplicationProtocolConfig applicationProtocols() {
            if (alpn.isEmpty()) {
                return ApplicationProtocolConfig.DISABLED;
            }
            // BoringSSL knows only these two behaviours; PeerGate refuses a connection without a protocol.
            return new ApplicationProtocolConfig(
                    Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, alpn);
        }
    }
}
