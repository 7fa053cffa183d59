/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Role;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.HeadRoomAllocator;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Copies bytes between a TCP connection and a stream of a tunnel, both on one event loop, until both directions have
 * ended. The TCP side is not read while the stream cannot be written, and the stream's peer gets no credit while the TCP
 * side cannot be written; so what a stalled side holds is bounded by a stream window. END_STREAM and FIN become each
 * other; an abrupt end becomes RST on the other side (RFC 9113 8.5).
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
final class Splice extends ChannelInboundHandlerAdapter implements StreamListener {

    /** Most bytes read from TCP at once; larger frames cost less CPU per byte, smaller ones share better. */
    private static final int MAX_READ_BYTES = 65_536;

    /** Bytes that may wait for a TCP peer before its tunnel gets no more credit, and when it gets some again. */
    private static final WriteBufferWaterMark TCP_MARKS = new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    /** What is left for the TCP side of an abandoned tunnel has this long to leave. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Channel tcp;
    private final H2Stream stream;
    private final TunnelListener listener;
    private final List<SpiffeId> peers;
    private final long started;

    /** Towards the other proxy, and from it. */
    private long sent;

    private long received;
    private int owed;
    private final Gathering gathering;
    private final Backlogs backlogs;
    private final Backlog toStream;
    private final Backlog toTcp;
    private boolean tcpEnded;
    private boolean streamEnded;
    private boolean outputShut;
    private boolean over;

    Splice(
            Channel tcp,
            H2Stream stream,
            TunnelListener listener,
            List<SpiffeId> peers,
            long started,
            Backlogs backlogs) {
        this.tcp = tcp;
        this.stream = stream;
        this.listener = listener;
        this.peers = peers;
        this.started = started;
        this.gathering = new Gathering(tcp.alloc(), piece -> tcp.write(piece, tcp.voidPromise()));
        this.backlogs = backlogs;
        this.toStream = new ToStream(peers.getLast());
        this.toTcp = new ToTcp(peers.getLast());
    }

    /** Options a TCP side needs; also set on the application's channel, whoever made it. */
    static void prepare(Channel tcp, int frameBytes) {
        tcp.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        tcp.config().setOption(ChannelOption.TCP_NODELAY, true);
        tcp.config().setWriteBufferWaterMark(TCP_MARKS);
        tcp.config().setRecvByteBufAllocator(new HeadRoomAllocator(Math.min(MAX_READ_BYTES, frameBytes)));
    }

    /** Starts; both sides are up. {@code streamAlreadyEnded}: the peer sent END_STREAM with its head. */
    void start(boolean streamAlreadyEnded) {
        prepare(tcp, stream.connection().peerMaxFrameBytes());
        stream.listen(this);
        listener.opened();
        HeldBytes held = HeldBytes.of(tcp);
        tcp.pipeline().addLast(this);
        if (over) {
            return;
        }
        if (!tcp.isActive()) {
            channelGone();
            return;
        }
        if (streamAlreadyEnded) {
            inputEnded();
        }
        held.giveUp();
        resume();
    }

    /** Ends both sides at once. */
    void abort(ReasonCode reason, String detail) {
        if (!over) {
            stream.reset(H2Code.CANCEL);
            end(reason, detail);
            resetTcp();
        }
    }

    // ---- TCP to stream

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int n = bytes.readableBytes();
        sent += n;
        stream.write(bytes);
        if (!stream.isWritable()) {
            tcp.config().setAutoRead(false);
            backlogs.grew(toStream, n);
            stream.heldUp();
        }
    }

    @Override
    public void writable() {
        resume();
    }

    private void resume() {
        if (!over && stream.isWritable()) {
            tcp.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !tcpEnded) {
            tcpEnded = true;
            stream.end();
            endIfDone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        channelGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The application reset its connection: expected, counted by the listener, never logged here.
        failTcp(InWords.of(cause));
    }

    private void channelGone() {
        if (!over) {
            failTcp("connection closed");
        }
    }

    private void failTcp(String detail) {
        if (!over) {
            stream.reset(H2Code.CONNECT_ERROR);
            boolean clientSide = stream.connection().role() == H2Role.CLIENT;
            end(clientSide ? ReasonCode.RESET_BY_CLIENT : ReasonCode.RESET_BY_SERVER, detail);
            resetTcp();
        }
    }

    // ---- stream to TCP

    @Override
    public void data(ByteBuf chunk) {
        if (over) {
            chunk.release();
            return;
        }
        int n = chunk.readableBytes();
        received += n;
        if (tcp.isWritable()) {
            tcp.write(chunk, tcp.voidPromise());
            // Written now; if that filled the buffer, the credit for this piece is the last until it drains.
            stream.consumed(n);
        } else {
            owed += n;
            gathering.add(chunk);
            backlogs.grew(toTcp, n);
        }
    }

    @Override
    public void burstEnded() {
        tcp.flush();
        if (tcp.bytesBeforeUnwritable() < TCP_MARKS.high() && !over) {
            backlogs.grew(toTcp, 0); // the kernel did not take all
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (tcp.isWritable() && !over) {
            int credit = owed;
            owed = 0;
            if (gathering.handOver()) {
                tcp.flush();
            }
            if (credit > 0) {
                stream.consumed(credit);
            }
        }
    }

    @Override
    public void inputEnded() {
        if (over || streamEnded) {
            return;
        }
        streamEnded = true;
        gathering.handOver();
        tcp.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (!over) {
                // Behind the end of the other direction the close does it.
                if (!tcpEnded) {
                    HalfClose.ofOutput(tcp);
                }
                outputShut = true;
                endIfDone();
            }
        });
    }

    @Override
    public void failed(H2Code code, ReasonCode reason) {
        if (over) {
            return;
        }
        if (code == H2Code.NO_ERROR || code == H2Code.CANCEL && streamEnded) {
            gathering.handOver();
            closeTcp();
            end(reason, "stream ended with " + code);
        } else {
            end(reason, "stream ended with " + code);
            resetTcp();
        }
    }

    /** Behind what was written. An application that does not read must not keep it for ever: nobody else will end it. */
    private void closeTcp() {
        Future<?> late = tcp.eventLoop().schedule(this::resetTcp, LINGER.toNanos(), TimeUnit.NANOSECONDS);
        tcp.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            late.cancel(false);
            tcp.close();
        });
    }

    /** After {@link #end}: bytes not yet flushed fail here and come back as an exception, which is not the reason. */
    private void resetTcp() {
        if (tcp.isOpen()) {
            tcp.config().setOption(ChannelOption.SO_LINGER, 0);
            tcp.close();
        }
    }

    private void endIfDone() {
        if (tcpEnded && streamEnded && outputShut && !over) {
            end(ReasonCode.OK, "");
            tcp.close();
        }
    }

    private void end(ReasonCode reason, String detail) {
        over = true;
        gathering.release();
        Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
        listener.closed(new TunnelStats(sent, received, took, reason, detail, peers));
    }

    /** What waits for credit or for the connection of the stream, also behind the end of the tunnel. */
    private final class ToStream extends Half {
        ToStream(SpiffeId peer) {
            super(peer);
        }

        @Override
        long waiting() {
            return stream.waiting();
        }

        @Override
        long passed() {
            return sent - waiting();
        }
    }

    /** What waits for the application, or whoever is at the TCP connection, also behind the end of the tunnel. */
    private final class ToTcp extends Half {
        ToTcp(SpiffeId peer) {
            super(peer);
        }

        @Override
        long waiting() {
            ChannelOutboundBuffer unsent = tcp.unsafe().outboundBuffer();
            return unsent == null ? 0 : unsent.totalPendingWriteBytes() + gathering.waiting();
        }

        @Override
        long passed() {
            return received - waiting();
        }
    }

    private abstract class Half extends Backlog {
        Half(SpiffeId peer) {
            super(peer);
        }

        @Override
        final void giveWay() {
            stream.limited(Limit.MEMORY, "memory is scarce, and bytes wait that nobody takes");
            abort(ReasonCode.LIMIT_EXCEEDED, "memory is scarce, and bytes wait that nobody takes");
            // The tunnel may be over already, and only what it left still be under way.
            stream.reset(H2Code.CANCEL);
            resetTcp();
        }
    }
}
