/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/** A context for each connection, because the JDK hands out session tickets whatever it is told; none can be used here. */
final class PerConnectionContext extends SslContext {

    private final Maker maker;
    private final SslContext model;

    PerConnectionContext(Maker maker) throws SSLException {
        this.maker = maker;
        this.model = maker.make();
    }

    @Override
    public boolean isClient() {
        return model.isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return model.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own contract for a context
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return model.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return fresh().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return fresh().newEngine(allocator, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return model.sessionContext();
    }

    private SslContext fresh() {
        try {
            return maker.make();
        } catch (SSLException e) {
            throw new IllegalStateException("a TLS context that could be made once cannot be made again", e);
        }
    }

    /** Makes a context. */
    @FunctionalInterface
    interface Maker {
        SslContext make() throws SSLException;
    }
}
