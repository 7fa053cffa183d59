/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.model.policy.PolicyName;
import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.hanse.transport.h2.H2Code;
import io.hanse.transport.h2.H2Stream;
import io.hanse.transport.h2.HeaderField;
import io.hanse.transport.h2.Limit;
import io.hanse.transport.h2.RequestHead;
import io.hanse.transport.h2.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT at a server, from its head to its end. States: asked, answered (refused, empty), dialling, spliced, over. Bytes
 * that come before the answer are held without credit, so at most a stream window of them.
 */
final class ServerTunnel implements TunnelRequest, LiveTunnel, StreamListener {

    private static final int BAD_REQUEST = 400;

    private final ServerConnection connection;
    private final H2Stream stream;
    private final String authority;
    private final boolean ended;
    private final long started = Ticker.systemTicker().nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();
    private final List<HeaderField> answerHeaders = new ArrayList<>();
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
    private final Gathering gathering;
    private final ScheduledFuture<?> patience;

    private volatile RequestHeaders headers;
    private volatile @Nullable InetSocketAddress target;
    private TunnelListener listener = TunnelListener.NONE;
    private @Nullable Splice splice;
    private final Backlog backlog;
    private int earlyBytes;
    private boolean earlyEnd;
    private boolean gone;
    private ReasonCode goneReason = ReasonCode.RESET_BY_CLIENT;

    ServerTunnel(ServerConnection connection, H2Stream stream, RequestHead head, boolean ended, Duration patience) {
        this.connection = connection;
        this.stream = stream;
        this.authority = head.authority();
        this.headers = new RequestHeaders(head.fields());
        this.ended = ended;
        this.backlog = new Early();
        this.gathering = new Gathering(connection.allocator(), early::add);
        this.patience = stream.eventLoop()
                .schedule(() -> refuse(503, ReasonCode.LIMIT_EXCEEDED), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether nobody waits for an answer any more. */
    boolean isGone() {
        return gone;
    }

    // ---- the request

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public RequestHeaders headers() {
        return headers;
    }

    @Override
    public InetSocketAddress localAddress() {
        return connection.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public EventLoop eventLoop() {
        return stream.eventLoop();
    }

    @Override
    public InetSocketAddress target() {
        InetSocketAddress known = target;
        return known == null ? localAddress() : known;
    }

    // ---- the answers

    @Override
    public void answerHeader(String name, String value) {
        answerHeaders.add(new HeaderField(name, value));
    }

    @Override
    public void refuse(int status, ReasonCode reason) {
        if (answered.compareAndSet(false, true)) {
            onLoop(() -> answerRefusal(status, reason));
        }
    }

    @Override
    public void refuse(int status, ReasonCode reason, PolicyName policy) {
        if (answered.compareAndSet(false, true)) {
            answerHeader(HboneHeaders.POLICY, policy.toString());
            onLoop(() -> answerRefusal(status, reason));
        }
    }

    @Override
    public void answerEmpty(int status) {
        if (answered.compareAndSet(false, true)) {
            onLoop(() -> answer(status, true));
        }
    }

    @Override
    public void connect(InetSocketAddress to, TunnelListener next) {
        if (answered.compareAndSet(false, true)) {
            target = to;
            onLoop(() -> dial(to, next));
        }
    }

    private void onLoop(Runnable step) {
        if (eventLoop().inEventLoop()) {
            step.run();
        } else {
            eventLoop().execute(step);
        }
    }

    /** What was only for the answer goes: a tunnel may live for days, and its headers are the peer's 16 KiB. */
    private void settled() {
        patience.cancel(false);
        headers = RequestHeaders.NONE;
    }

    private void answerRefusal(int status, ReasonCode reason) {
        answerHeader(HboneHeaders.REASON, reason.name());
        answer(status, true);
        if (status == BAD_REQUEST) {
            stream.blame();
        }
    }

    private void answer(int status, boolean end) {
        settled();
        if (gone) {
            return;
        }
        stream.answer(status, answerHeaders, end);
        if (end) {
            releaseEarly();
            if (!stream.isClosed() && !ended) {
                // RFC 9113 8.1: the answer is complete, the rest of the request is not wanted.
                stream.reset(H2Code.NO_ERROR);
            }
            over();
        }
    }

    private void dial(InetSocketAddress to, TunnelListener next) {
        listener = next;
        settled();
        if (gone) {
            listener.closed(stats(goneReason, "ended before the answer"));
            return;
        }
        connection.dialler().dial(eventLoop(), to).addListener(dialled -> {
            if (dialled.isSuccess()) {
                connected((Channel) dialled.getNow());
            } else {
                notConnected(InWords.of(dialled.cause()));
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
    private void connected(Channel tcp) {
        if (gone) {
            tcp.close();
            listener.closed(stats(goneReason, "ended before the answer"));
            return;
        }
        answer(200, false);
        Splice started = new Splice(
                tcp,
                stream,
                stats -> {
                    over();
                    listener.closed(stats);
                },
                List.of(peer().id()),
                this.started,
                connection.backlogs());
        splice = started;
        listener.opened();
        started.start(false);
        gathering.handOver();
        earlyBytes = 0;
        while (!early.isEmpty()) {
            started.data(early.remove());
        }
        started.burstEnded();
        if (ended || earlyEnd) {
            started.inputEnded();
        }
    }

    private void notConnected(String detail) {
        if (gone) {
            listener.closed(stats(goneReason, "ended before the answer"));
        } else {
            answerRefusal(503, ReasonCode.UPSTREAM_CONNECT_FAILED);
            listener.closed(stats(ReasonCode.UPSTREAM_CONNECT_FAILED, detail));
        }
    }

    private TunnelStats stats(ReasonCode reason, String detail) {
        Duration took = Duration.ofNanos(Ticker.systemTicker().nanoTime() - started);
        return new TunnelStats(0, 0, took, reason, detail, List.of(peer().id()));
    }

    @Override
    public void close(ReasonCode reason) {
        onLoop(() -> {
            Splice running = splice;
            if (running != null) {
                running.abort(reason, "closed by this side");
            } else if (answered.compareAndSet(false, true)) {
                answerRefusal(503, reason);
            } else if (!gone) {
                goneReason = reason;
                stream.reset(H2Code.CANCEL);
                over();
            }
        });
    }

    // ---- the stream, until it is spliced

    @Override
    public void data(ByteBuf chunk) {
        if (gone) {
            chunk.release();
        } else {
            int n = chunk.readableBytes();
            earlyBytes += n;
            gathering.add(chunk);
            connection.backlogs().grew(backlog, n);
        }
    }

    @Override
    public void inputEnded() {
        earlyEnd = true;
    }

    @Override
    public void writable() {
        // Nothing is written before the splice.
    }

    @Override
    public void failed(H2Code code, ReasonCode reason) {
        over();
    }

    private void over() {
        gone = true;
        settled();
        releaseEarly();
        connection.ended(this);
    }

    private void releaseEarly() {
        gathering.release();
        for (ByteBuf each : early) {
            each.release();
        }
        early.clear();
        earlyBytes = 0;
    }

    /** Early bytes, none of which go anywhere before the answer. */
    private final class Early extends Backlog {
        Early() {
            super(connection.peer().id());
        }

        @Override
        long waiting() {
            return earlyBytes;
        }

        @Override
        long passed() {
            return 0;
        }

        @Override
        void giveWay() {
            stream.limited(Limit.MEMORY, "memory is scarce, and bytes wait that nobody takes");
            close(ReasonCode.LIMIT_EXCEEDED);
        }
    }
}
