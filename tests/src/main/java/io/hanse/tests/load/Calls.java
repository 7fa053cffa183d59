/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Short requests over many connections: closed loop, open loop, or a connection for each. In an open loop a request that
 * finds no free connection waits, and its time counts from when it was due (no coordinated omission); what has no answer
 * at the end is recorded with the time it has waited by then. On the event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // each outcome is heard by the handler
final class Calls implements Callers.Work {

    private static final int ANSWER_BYTES = QuickBackend.ANSWER.length();

    /** Longest time that is told apart from a longer one. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long RETRY_MILLIS = 20;

    private final Callers callers;
    private final InetSocketAddress target;
    private final Kind kind;
    private final ByteBuf bytes;
    private final ByteBuf request;
    private final long interval;
    private final Histogram times = new Histogram(MOST_NANOS, DIGITS);
    private final Set<Caller> open = new HashSet<>();
    private final ArrayDeque<Caller> free = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private long nextDue;
    private long answered;
    private long failed;
    private int used;
    private boolean counting;
    private boolean ended;

    Calls(Callers callers, InetSocketAddress target, Kind kind, int openRate) {
        this.callers = callers;
        this.target = target;
        this.kind = kind;
        this.interval = NANOS_PER_SECOND / openRate;
        String path = kind.shape() == Kind.Shape.NEW ? QuickBackend.ONCE : QuickBackend.KEPT;
        this.bytes = Unpooled.directBuffer()
                .writeBytes("%s HTTP/1.1\r\nHost: bench.shop\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        this.request = Unpooled.unreleasableBuffer(bytes);
    }

    @Override
    public void begin() {
        for (int i = 0; i < kind.connections(); i++) {
            connect();
        }
    }

    private void connect() {
        callers.connect(target, new Caller(System.nanoTime()));
    }

    @Override
    public boolean isWarm() {
        return used >= kind.connections();
    }

    @Override
    public void startCounting() {
        counting = true;
        failed = 0;
        if (kind.shape() == Kind.Shape.OPEN) {
            nextDue = System.nanoTime();
            sendDue();
        }
    }

    private void sendDue() {
        if (ended) {
            return;
        }
        long now = System.nanoTime();
        for (; nextDue <= now; nextDue += interval) {
            due.add(nextDue);
        }
        useFree();
        callers.loop().schedule(this::sendDue, nextDue - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void useFree() {
        while (!due.isEmpty() && !free.isEmpty()) {
            free.remove().send(due.remove());
        }
    }

    private void answered(Caller caller) {
        used++;
        if (counting) {
            answered++;
            times.recordValue(Math.min(System.nanoTime() - caller.start, MOST_NANOS));
        }
        switch (kind.shape()) {
            case CLOSED -> caller.send(System.nanoTime());
            case OPEN -> {
                free.add(caller);
                useFree();
            }
            case NEW, UP, DOWN -> {
                // The server closes.
            }
        }
    }

    private void gone(Caller caller) {
        open.remove(caller);
        free.remove(caller);
        if (ended) {
            return;
        }
        if (caller.waits || kind.shape() != Kind.Shape.NEW) {
            failed++;
            callers.loop().schedule(this::connectAgain, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            connect();
        }
    }

    private void connectAgain() {
        if (!ended) {
            connect();
        }
    }

    @Override
    public Callers.Outcome end() {
        ended = true;
        if (kind.shape() == Kind.Shape.OPEN) {
            long now = System.nanoTime();
            open.stream().filter(each -> each.waits).forEach(each -> times.recordValue(now - each.start));
            due.forEach(each -> times.recordValue(now - each));
        }
        List.copyOf(open).forEach(Caller::close);
        bytes.release();
        return new Callers.Outcome(answered, micros(50), micros(99), micros(99.9), failed);
    }

    private double micros(double percentile) {
        return times.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    /** One connection. */
    private final class Caller extends ChannelInboundHandlerAdapter {

        private @Nullable ChannelHandlerContext context;
        private long start;
        private int got;
        private boolean waits = true;

        private Caller(long start) {
            this.start = start;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
            open.add(this);
        }

        @Override
        public void channelActive(ChannelHandlerContext active) {
            send(start);
        }

        private void send(long since) {
            if (ended) {
                context().close();
                return;
            }
            start = since;
            waits = true;
            context().writeAndFlush(request.duplicate(), context().voidPromise());
        }

        private ChannelHandlerContext context() {
            return Objects.requireNonNull(context, "not in a pipeline");
        }

        private void close() {
            context().close();
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            ByteBuf answer = (ByteBuf) message;
            boolean good = got > 0 || answer.getByte(answer.readerIndex()) == 'H';
            got += answer.readableBytes();
            answer.release();
            if (!good || got > ANSWER_BYTES) {
                from.close();
            } else if (got == ANSWER_BYTES) {
                got = 0;
                waits = false;
                answered(this);
            }
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext from) {
            gone(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            from.close();
        }
    }
}
