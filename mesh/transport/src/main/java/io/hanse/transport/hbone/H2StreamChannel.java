/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the outer tunnel as a channel, so that the inner tunnel's TLS and HTTP/2 handlers run on it unchanged. On
 * the outer connection's event loop. Writes stop while the stream is not writable; the outer peer gets credit for what was
 * read here, and nothing is read while auto-read is off.
 */
final class H2StreamChannel extends AbstractChannel implements StreamListener {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** As the TLS side of a TCP tunnel: bytes that wait for the outer tunnel before inner streams pause. */
    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    /** How long the other end of the tunnel may take to end its direction too: some round trips. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final H2Stream stream;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    private boolean open = true;
    private boolean reading;
    private boolean ended;
    private boolean delivered;
    private ReasonCode lost = ReasonCode.OK;
    private @Nullable ScheduledFuture<?> late;

    H2StreamChannel(Channel outer, H2Stream stream) {
        super(outer);
        this.stream = stream;
        this.local = (InetSocketAddress) outer.localAddress();
        this.remote = (InetSocketAddress) outer.remoteAddress();
        config.setAllocator(EventLoops.BUFFERS);
        config.setWriteBufferWaterMark(MARKS);
    }

    // ---- from the outer stream

    @Override
    public void data(ByteBuf chunk) {
        if (!open) {
            chunk.release();
            return;
        }
        if (reading && unread.isEmpty()) {
            deliver(chunk);
        } else {
            unread.add(chunk);
        }
    }

    private void deliver(ByteBuf chunk) {
        int n = chunk.readableBytes();
        delivered = true;
        stream.consumed(n);
        pipeline().fireChannelRead(chunk);
    }

    @Override
    public void burstEnded() {
        if (delivered && open) {
            delivered = false;
            reading = false;
            pipeline().fireChannelReadComplete();
            if (config.isAutoRead()) {
                read();
            }
        }
    }

    @Override
    public void inputEnded() {
        ended = true;
        if (unread.isEmpty()) {
            closeQuietly();
        }
    }

    @Override
    public void failed(H2Code code, ReasonCode reason) {
        lost = reason;
        closeQuietly();
    }

    @Override
    public void writable() {
        unsafe().flush();
    }

    /** Whether the outer connection has ended, and this stream with it. */
    boolean isOuterOver() {
        return stream.connection().isOver();
    }

    /** Why the stream was lost; OK while it was not. */
    ReasonCode lost() {
        return lost;
    }

    private void closeQuietly() {
        if (late != null) {
            late.cancel(false);
        }
        burstEnded();
        unsafe().close(voidPromise());
    }

    // ---- as a channel

    @Override
    protected void doBeginRead() {
        reading = true;
        if (unread.isEmpty()) {
            return;
        }
        while (open && !unread.isEmpty()) {
            deliver(unread.remove());
        }
        burstEnded();
        if (ended && open) {
            closeQuietly();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        while (stream.isWritable()) {
            Object message = in.current();
            if (message == null) {
                return;
            }
            ByteBuf bytes = ((ByteBuf) message).retainedDuplicate();
            in.remove();
            stream.write(bytes);
        }
        if (stream.isClosed()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        for (ByteBuf each : unread) {
            each.release();
        }
        unread.clear();
        // In order, whoever closes: RST right behind the last bytes would overtake them at the gateway.
        stream.end();
        if (!stream.isClosed()) {
            late = stream.eventLoop()
                    .schedule(() -> stream.reset(H2Code.CANCEL), LINGER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a stream is connected from the start"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop.equals(stream.eventLoop());
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a stream cannot be bound");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
