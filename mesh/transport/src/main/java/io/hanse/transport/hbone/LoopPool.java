/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Metrics;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.tls.PeerCheck;
import io.hanse.transport.tls.TlsPeer;
import io.hanse.transport.tls.X509Svid;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** All keyed pools of one event loop, and how their connections are dialled. On that loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
final class LoopPool {

    /** Keys per loop; each costs about 1 KB, and a node talks to fewer endpoints. */
    private static final int MAX_KEYS = 100_000;

    /** Hears which connections there are. */
    interface Watching {
        /** TLS is up; HTTP/2 starts after this. */
        void up(LiveConnection connection);

        void gone(LiveConnection connection);
    }

    private final EventLoop loop;
    private final HboneLimits limits;
    private final HboneTls tls;
    private final ClientSvids svids;
    private final H2Metrics metrics;
    private final TcpDialler dialler;
    private final Watching watching;
    private final Map<PoolKey, KeyedPool> pools = new HashMap<>();

    LoopPool(
            EventLoop loop,
            HboneLimits limits,
            HboneTls tls,
            ClientSvids svids,
            H2Metrics metrics,
            TcpDialler dialler,
            Watching watching) {
        this.loop = loop;
        this.limits = limits;
        this.tls = tls;
        this.svids = svids;
        this.metrics = metrics;
        this.dialler = dialler;
        this.watching = watching;
    }

    EventLoop loop() {
        return loop;
    }

    H2Metrics metrics() {
        return metrics;
    }

    void acquire(PoolKey key, Waiter waiter) {
        KeyedPool pool = pools.get(key);
        if (pool == null) {
            if (pools.size() >= MAX_KEYS) {
                waiter.failed(new OpenOutcome.Failed(Hop.ENDPOINT, ReasonCode.LIMIT_EXCEEDED, "too many endpoints"));
                return;
            }
            pool = new KeyedPool(this, key, limits);
            pools.put(key, pool);
        }
        pool.acquire(waiter);
    }

    void renewed(SpiffeId client) {
        for (KeyedPool each : List.copyOf(pools.values())) {
            if (each.key().client().equals(client)) {
                each.renewed();
            }
        }
    }

    void unused(KeyedPool pool) {
        if (pool.isUnused()) {
            pools.remove(pool.key(), pool);
        }
    }

    void admitted(PooledConnection connection, TlsPeer peer) {
        watching.up(connection);
        tls.admit(connection, peer);
    }

    void gone(PooledConnection connection) {
        tls.forget(connection);
        watching.gone(connection);
    }

    // ---- dialling

    void dial(KeyedPool pool) {
        switch (pool.key()) {
            case PoolKey.Tcp tcp -> dialTcp(pool, tcp);
            case PoolKey.Inner inner -> dialInner(pool, inner);
        }
    }

    private void dialTcp(KeyedPool pool, PoolKey.Tcp key) {
        if (svids.of(key.client()).isEmpty()) {
            notReady(pool);
            return;
        }
        dialler.dial(loop, key.address()).addListener(dialled -> {
            if (dialled.isSuccess()) {
                Channel channel = (Channel) dialled.getNow();
                TlsHandshake.prepare(channel);
                handshake(pool, channel, null);
                channel.config().setAutoRead(true);
            } else {
                String detail = InWords.of(dialled.cause());
                refused(pool, ReasonCode.PEER_UNREACHABLE, detail, null);
            }
        });
    }

    private void dialInner(KeyedPool pool, PoolKey.Inner key) {
        if (svids.of(key.client()).isEmpty()) {
            notReady(pool);
            return;
        }
        acquire(key.outer(), new Waiter() {
            @Override
            public void ready(PooledConnection outer) {
                new Asking(loop, limits, Hop.GATEWAY, new Asking.Listener() {
                            @Override
                            public void accepted(H2Stream stream, boolean ended) {
                                if (ended) {
                                    String detail = "gateway answered without a tunnel";
                                    pool.dialFailed(
                                            new OpenOutcome.Failed(Hop.GATEWAY, ReasonCode.PROTOCOL_ERROR, detail));
                                    return;
                                }
                                carry(pool, outer, stream);
                            }

                            @Override
                            public void refused(OpenOutcome outcome, boolean untouched) {
                                if (untouched) {
                                    pool.redial(outcome);
                                } else if (outer.h2().isOver() && outcome instanceof OpenOutcome.Failed lost) {
                                    pool.carrierLost(lost);
                                } else {
                                    pool.dialFailed(outcome);
                                }
                            }
                        })
                        .ask(outer, key.outerAuthority(), List.of(), false);
            }

            @Override
            public void failed(OpenOutcome outcome) {
                pool.dialFailed(outcome);
            }
        });
    }

    private void carry(KeyedPool pool, PooledConnection outer, H2Stream stream) {
        H2StreamChannel channel = new H2StreamChannel(outer.channel(), stream);
        stream.listen(channel);
        loop.register(channel);
        handshake(pool, channel, outer);
    }

    private void handshake(KeyedPool pool, Channel channel, @Nullable PooledConnection carrier) {
        Optional<X509Svid> svid = svids.of(pool.key().client());
        if (svid.isEmpty()) {
            channel.close();
            notReady(pool);
            return;
        }
        SslHandler handler;
        try {
            handler = tls.tls().client(channel.alloc(), svid.get());
        } catch (SSLException e) {
            channel.close();
            refused(pool, ReasonCode.INTERNAL_ERROR, InWords.of(e), channel);
            return;
        }
        handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
        PeerCheck check = PeerCheck.anyOf(pool.key().expected());
        TlsHandshake.start(channel, handler, check, new TlsHandshake.Listener() {
            @Override
            public void verified(TlsPeer peer) {
                pool.verified(channel, peer, carrier);
            }

            @Override
            public void failed(ReasonCode reason, String detail) {
                refused(pool, reason, detail, channel);
            }
        });
    }

    private void notReady(KeyedPool pool) {
        pool.dialFailed(new OpenOutcome.Failed(
                pool.hop(),
                ReasonCode.IDENTITY_NOT_READY,
                "no SVID for " + pool.key().client() + " yet"));
    }

    private void refused(KeyedPool pool, ReasonCode reason, String detail, @Nullable Channel channel) {
        OpenOutcome outcome = new OpenOutcome.Failed(pool.hop(), reason, detail);
        if (channel == null) {
            pool.dialFailed(outcome);
            return;
        }
        metrics.connectionRefused(H2Role.CLIENT, channel.remoteAddress(), reason, detail);
        pool.notUp(channel, outcome);
    }
}
