/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.Remote;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.PeerCounts;
import io.hanse.transport.tls.TlsPeer;
import io.hanse.transport.tls.X509Svid;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * Takes HBONE connections at any number of addresses and asks a {@link TunnelAcceptor} about each CONNECT. Any thread.
 *
 * <p>A connection passes {@link ConnectionGate} (unless that takes everything), TLS with the SVID that {@link ServerSvids}
 * names for its address, and the HTTP/2 handshake; its tunnels are dialled and copied on the event loop that accepted it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
public final class HboneServer implements AutoCloseable {

    private final EventLoops loops;
    private final HboneLimits limits;
    private final HboneTls tls;
    private final ServerSvids svids;
    private final ConnectionGate gate;
    private final TunnelAcceptor acceptor;
    private final H2Metrics metrics;
    private final TcpDialler dialler;
    private final Listeners listeners;
    private final AcceptorFaults faults = new AcceptorFaults();

    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger unproved = new AtomicInteger();
    private final PeerCounts perPeer;
    private final AtomicInteger passedThrough = new AtomicInteger();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean draining;

    /** A server without an address yet. */
    public HboneServer(
            EventLoops loops,
            HboneLimits limits,
            HboneTls tls,
            ServerSvids svids,
            ConnectionGate gate,
            TunnelAcceptor acceptor,
            H2Metrics metrics) {
        this.loops = loops;
        this.limits = limits;
        this.tls = tls;
        this.svids = svids;
        this.gate = gate;
        this.acceptor = acceptor;
        this.metrics = metrics;
        this.perPeer = new PeerCounts(limits.maxPerPeer());
        this.dialler = new TcpDialler(loops, limits.connect());
        this.listeners = new Listeners(loops, this::accepted);
    }

    /**
     * Listens at {@code address}; port 0 takes a free one.
     *
     * @return the address bound; fails with {@link java.net.BindException} if the port is taken
     */
    public CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        return listeners.bind(address);
    }

    /** Stops listening at a bound address; its connections stay. */
    public CompletableFuture<Void> unbind(InetSocketAddress bound) {
        return listeners.unbind(bound);
    }

    /** Verified connections that are up now. */
    public List<LiveConnection> connections() {
        return List.copyOf(connections);
    }

    /**
     * Stops listening, lets running tunnels end, and after {@code deadline} ends what is left.
     *
     * @return completes when no connection is left
     */
    public CompletableFuture<Void> drain(Duration deadline) {
        draining = true;
        return listeners.unbindAll().thenCompose(unbound -> {
            connections.forEach(ServerConnection::drain);
            ScheduledFuture<?> force =
                    loops.each().getFirst().schedule(this::forceClosed, deadline.toNanos(), TimeUnit.NANOSECONDS);
            completeIfEmpty();
            return empty.whenComplete((done, failure) -> force.cancel(false));
        });
    }

    /** Drains without patience. */
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    private void forceClosed() {
        connections.forEach(each -> each.close(ReasonCode.DRAINING));
        // Handshakes and connections passed through; verified ones say GOAWAY first.
        channels.forEach(each -> each.eventLoop().execute(each::close));
    }

    // ---- accepting, on the channel's loop

    private void accepted(Channel channel) {
        channels.add(channel);
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> {
            channels.remove(channel);
            open.decrementAndGet();
            completeIfEmpty();
        });
        if (draining) {
            refuse(channel, ReasonCode.DRAINING, "not admitted");
            return;
        }
        if (now > limits.maxConnections()) {
            refuse(channel, Limit.CONNECTIONS, ReasonCode.LIMIT_EXCEEDED, "too many connections");
            return;
        }
        if (unproved.get() >= limits.maxHandshakes()) {
            refuse(channel, Limit.HANDSHAKES, ReasonCode.LIMIT_EXCEEDED, "too many connections in their handshake");
            return;
        }
        if (loops.memory().isShort()) {
            refuse(channel, Limit.MEMORY, ReasonCode.LIMIT_EXCEEDED, "memory is short, no new connections");
            return;
        }
        Stranger.count(channel, unproved);
        if (gate.equals(ConnectionGate.HBONE_ONLY)) {
            handshake(channel);
        } else {
            peek(channel);
        }
    }

    private void completeIfEmpty() {
        if (draining && channels.isEmpty()) {
            empty.complete(null);
        }
    }

    private void refuse(Channel channel, ReasonCode reason, String detail) {
        metrics.connectionRefused(H2Role.SERVER, channel.remoteAddress(), reason, detail);
        channel.close();
    }

    private void refuse(Channel channel, Limit limit, ReasonCode reason, String detail) {
        metrics.limited(H2Role.SERVER, new Remote(channel.remoteAddress(), Optional.empty()), limit, detail);
        refuse(channel, reason, detail);
    }

    private void peek(Channel channel) {
        channel.pipeline().addLast(new ClientHelloPeek(limits.clientHello(), new ClientHelloPeek.Listener() {
            @Override
            public void hello(ClientHello hello) {
                route(channel, hello);
            }

            @Override
            public void failed(ReasonCode reason, String detail) {
                if (reason == ReasonCode.HANDSHAKE_TIMEOUT) {
                    refuse(channel, Limit.CLIENT_HELLO, reason, detail);
                } else {
                    refuse(channel, reason, detail);
                }
            }
        }));
    }

    private void route(Channel channel, ClientHello hello) {
        Admission admission = gate.admit(
                hello, (InetSocketAddress) channel.localAddress(), (InetSocketAddress) channel.remoteAddress());
        switch (admission) {
            case Admission.Hbone hbone -> handshake(channel);
            case Admission.PassThrough through -> passThrough(channel, through);
            case Admission.Refuse refused -> refuse(channel, refused.reason(), "not admitted");
        }
    }

    private void passThrough(Channel accepted, Admission.PassThrough through) {
        if (passedThrough.incrementAndGet() > limits.maxPassThrough()) {
            passedThrough.decrementAndGet();
            refuse(accepted, Limit.PASS_THROUGH, ReasonCode.LIMIT_EXCEEDED, "too many connections passed through");
            return;
        }
        accepted.closeFuture().addListener(closed -> passedThrough.decrementAndGet());
        Stranger.known(accepted);
        accepted.config().setAutoRead(false);
        long started = Ticker.systemTicker().nanoTime();
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        HeldBytes held = HeldBytes.of(accepted);
        dialler.dial(accepted.eventLoop(), through.target()).addListener(dialled -> {
            if (!dialled.isSuccess()) {
                String detail = InWords.of(dialled.cause());
                Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
                through.listener()
                        .closed(new TunnelStats(0, 0, took, ReasonCode.UPSTREAM_CONNECT_FAILED, detail, List.of()));
                refuse(accepted, ReasonCode.UPSTREAM_CONNECT_FAILED, detail);
                return;
            }
            if (!accepted.isActive()) {
                ((Channel) dialled.getNow()).close();
                Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
                through.listener().closed(new TunnelStats(0, 0, took, ReasonCode.RESET_BY_CLIENT, "", List.of()));
                return;
            }
            RawSplice splice = new RawSplice(
                    accepted, (Channel) dialled.getNow(), through.listener(), started, backlogs(accepted.eventLoop()));
            splice.start(held);
        });
    }

    private void handshake(Channel channel) {
        Optional<X509Svid> svid = svids.at((InetSocketAddress) channel.localAddress());
        if (svid.isEmpty()) {
            refuse(channel, ReasonCode.IDENTITY_NOT_READY, "no SVID for this address yet");
            return;
        }
        SslHandler handler;
        try {
            handler = tls.tls().server(channel.alloc(), svid.get());
        } catch (SSLException e) {
            refuse(channel, ReasonCode.INTERNAL_ERROR, InWords.of(e));
            return;
        }
        handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
        TlsHandshake.start(channel, handler, PeerCheck.anyKnown(), new TlsHandshake.Listener() {
            @Override
            public void verified(TlsPeer peer) {
                HboneServer.this.verified(channel, peer, svid.get());
            }

            @Override
            public void failed(ReasonCode reason, String detail) {
                if (reason == ReasonCode.HANDSHAKE_TIMEOUT) {
                    refuse(channel, Limit.HANDSHAKE, reason, detail);
                    return;
                }
                metrics.connectionRefused(H2Role.SERVER, channel.remoteAddress(), reason, detail);
            }
        });
    }

    private void verified(Channel channel, TlsPeer peer, X509Svid shown) {
        Stranger.known(channel);
        if (!perPeer.admit(peer.id())) {
            Remote remote = new Remote(channel.remoteAddress(), Optional.of(peer.id()));
            metrics.limited(H2Role.SERVER, remote, Limit.CONNECTIONS_PER_PEER, "too many connections of one peer");
            refuse(channel, ReasonCode.LIMIT_EXCEEDED, "too many connections of one peer");
            return;
        }
        channel.closeFuture().addListener(closed -> perPeer.left(peer.id()));
        ServerConnection connection = new ServerConnection(this, channel, peer, shown, metrics);
        connections.add(connection);
        channel.pipeline().addLast(connection.h2());
        tls.admit(connection, peer);
        if (draining) {
            connection.drain();
        }
    }

    // ---- for ServerConnection

    /** Whether a handshake at this address would show the same SVID now. */
    boolean shows(InetSocketAddress local, X509Svid svid) {
        return svids.at(local).equals(Optional.of(svid));
    }

    void ask(TunnelRequest request) {
        if (loops.memory().isShort()) {
            Remote remote = new Remote(
                    request.remoteAddress(), Optional.of(request.peer().id()));
            metrics.limited(H2Role.SERVER, remote, Limit.MEMORY, "memory is short, no new tunnels");
            request.refuse(503, ReasonCode.LIMIT_EXCEEDED);
            return;
        }
        try {
            acceptor.accept(request);
        } catch (RuntimeException e) {
            // The top of this thread's work for a request: a bug must cost one answer, not the connection.
            request.refuse(503, ReasonCode.INTERNAL_ERROR);
            faults.heard(e, request.authority());
        }
    }

    void forget(ServerConnection connection) {
        tls.forget(connection);
        connections.remove(connection);
    }

    HboneLimits limits() {
        return limits;
    }

    TcpDialler dialler() {
        return dialler;
    }

    Backlogs backlogs(EventLoop loop) {
        return loops.backlogs(loop);
    }
}
