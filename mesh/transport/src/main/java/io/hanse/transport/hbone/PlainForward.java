/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Carries an accepted TCP connection to another address as it is, with no tunnel: what a permissive workload takes in
 * plain text. Any thread; a connection stays on the loop that accepted it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
public final class PlainForward {

    private final EventLoops loops;
    private final TcpDialler dialler;

    /**
     * A forwarder.
     *
     * @param connect how long a dial may take
     */
    public PlainForward(EventLoops loops, Duration connect) {
        this.loops = loops;
        this.dialler = new TcpDialler(loops, connect);
    }

    /**
     * Dials {@code target} and copies bytes both ways until both directions have ended; closes instead while memory is short.
     *
     * @param accepted unread, AUTO_READ off, half closure on
     * @param listener hears the end exactly once, also if it was not dialled or the dial failed
     */
    public void forward(Channel accepted, InetSocketAddress target, TunnelListener listener) {
        long started = Ticker.systemTicker().nanoTime();
        if (loops.memory().isShort()) {
            listener.closed(new TunnelStats(
                    0, 0, Duration.ZERO, ReasonCode.LIMIT_EXCEEDED, "memory is short, no new calls", List.of()));
            accepted.close();
            return;
        }
        HeldBytes held = HeldBytes.of(accepted);
        dialler.dial(accepted.eventLoop(), target).addListener(dialled -> {
            Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
            if (!dialled.isSuccess()) {
                String detail = InWords.of(dialled.cause());
                listener.closed(new TunnelStats(0, 0, took, ReasonCode.UPSTREAM_CONNECT_FAILED, detail, List.of()));
                accepted.close();
            } else if (!accepted.isActive()) {
                ((Channel) dialled.getNow()).close();
                listener.closed(new TunnelStats(0, 0, took, ReasonCode.RESET_BY_CLIENT, "", List.of()));
            } else {
                RawSplice splice = new RawSplice(
                        accepted, (Channel) dialled.getNow(), listener, started, loops.backlogs(accepted.eventLoop()));
                splice.start(held);
            }
        });
    }
}
