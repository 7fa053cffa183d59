/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.ConnectionListener;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Connection;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.Remote;
import io.hanse.transport.h2.RequestHead;
import io.hanse.transport.tls.TlsPeer;
import io.hanse.transport.tls.X509Svid;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A verified connection at a server: hands each CONNECT to the acceptor and keeps its tunnels enumerable. */
final class ServerConnection implements ConnectionListener, LiveConnection {

    private final HboneServer server;
    private final Channel channel;
    private final Peer peer;
    private final X509Svid shown;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final H2Metrics metrics;
    private final H2Connection h2;
    private final Turns<ServerTunnel> unasked;
    private final Set<LiveTunnel> tunnels = ConcurrentHashMap.newKeySet();
    private final Backlog unsent;

    ServerConnection(HboneServer server, Channel channel, TlsPeer peer, X509Svid shown, H2Metrics metrics) {
        this.server = server;
        this.channel = channel;
        this.peer = new Peer(peer.id(), peer.chain());
        this.shown = shown;
        this.local = (InetSocketAddress) channel.localAddress();
        this.remote = (InetSocketAddress) channel.remoteAddress();
        this.metrics = metrics;
        this.h2 = new H2Connection(H2Role.SERVER, server.limits().h2(), this, metrics);
        this.unsent = new Unsent(peer.id());
        this.unasked = new Turns<>(channel.eventLoop(), tunnel -> !tunnel.isGone(), server::ask);
    }

    H2Connection h2() {
        return h2;
    }

    HboneLimits limits() {
        return server.limits();
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    TcpDialler dialler() {
        return server.dialler();
    }

    Backlogs backlogs() {
        return server.backlogs(channel.eventLoop());
    }

    /** Renewed while the handshake was under way: nobody drains it later, since it stood nowhere when the others were. */
    @Override
    public void ready() {
        if (!server.shows(local, shown)) {
            h2.drain();
        }
    }

    @Override
    public void request(H2Stream stream, RequestHead head, boolean ended) {
        ServerTunnel tunnel = new ServerTunnel(this, stream, head, ended, limits().answer());
        stream.listen(tunnel);
        tunnels.add(tunnel);
        if (!head.method().equals(RequestHead.CONNECT)) {
            tunnel.refuse(400, ReasonCode.BAD_REQUEST);
            return;
        }
        unasked.add(tunnel);
    }

    @Override
    public void burstEnded() {
        unasked.burstEnded();
    }

    void ended(LiveTunnel tunnel) {
        tunnels.remove(tunnel);
    }

    @Override
    public void violated(H2Code code, String detail) {
        metrics.violation(H2Role.SERVER, with(), code, detail);
    }

    @Override
    public void limited(Limit limit, String detail) {
        metrics.limited(H2Role.SERVER, with(), limit, detail);
    }

    @Override
    public void heldUp() {
        backlogs().grew(unsent, 0);
    }

    private Remote with() {
        return new Remote(remote, Optional.of(peer.id()));
    }

    @Override
    public void closed(ReasonCode reason, String detail) {
        server.forget(this);
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public List<LiveTunnel> tunnels() {
        return List.copyOf(tunnels);
    }

    @Override
    public void drain() {
        channel.eventLoop().execute(h2::drain);
    }

    @Override
    public void close(ReasonCode reason) {
        channel.eventLoop().execute(() -> h2.close(reason, reason.meaning()));
    }

    /** What was written for the peer, which does not read; the tunnels have their own. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
    private final class Unsent extends Backlog {
        Unsent(SpiffeId peer) {
            super(peer);
        }

        @Override
        long waiting() {
            ChannelOutboundBuffer written = channel.unsafe().outboundBuffer();
            return written == null ? 0 : written.totalPendingWriteBytes();
        }

        @Override
        long passed() {
            return h2.written() - waiting();
        }

        @Override
        void giveWay() {
            limited(Limit.MEMORY, "memory is scarce, and the peer reads nothing of what waits for it");
            tunnels().forEach(each -> each.close(ReasonCode.LIMIT_EXCEEDED));
            // Behind TLS, which would keep everything for as long as it waits to say goodbye.
            channel.pipeline().firstContext().close();
        }
    }
}
