/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.InWords;
import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of tunnels, client or server (RFC 9113): the last handler of a pipeline, behind TLS.
 *
 * <p>Starts when it is added to an active channel. Life: starting, ready (peer's SETTINGS came), draining (GOAWAY sent or
 * received, or stream ids used up; running streams end in order), closed. A violation by the peer sends GOAWAY with its
 * code, then the channel is read and discarded for {@link #LINGER} so that the GOAWAY is not lost to a TCP reset, and
 * closed. Everything on the event loop; {@link H2Metrics} and {@link ConnectionListener} hear of it there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a close
public final class H2Connection extends ChannelInboundHandlerAdapter {

    /** How long a connection that failed waits for the peer to read why, and to close. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private enum State {
        STARTING,
        READY,
        FAILED,
        CLOSED
    }

    private final H2Role role;
    private final H2Limits limits;
    private final ConnectionListener listener;
    private final H2Metrics metrics;
    private final FloodGuard floods;
    private final ConnectionTimers timers;
    private final Farewell farewell;
    private final PeerStreams peerStreams;
    private final IntObjectHashMap<H2Stream> streams = new IntObjectHashMap<>();
    private final List<H2Stream> dirty = new ArrayList<>();

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Outbound outbound;
    private @Nullable Inbound inbound;

    private State state = State.STARTING;
    private boolean goingAway;
    private boolean peerGone;
    private int nextStream = 1;
    private int peerMaxStreams = Integer.MAX_VALUE;
    private int growthLeft;

    private ReasonCode endReason = ReasonCode.OK;
    private String endDetail = "";

    /** A connection that starts when it is added to a pipeline. */
    public H2Connection(H2Role role, H2Limits limits, ConnectionListener listener, H2Metrics metrics) {
        this.role = role;
        this.limits = limits;
        this.listener = listener;
        this.metrics = metrics;
        this.floods = new FloodGuard(limits, Ticker.systemTicker().nanoTime());
        this.timers = new ConnectionTimers(this, limits, floods);
        this.farewell = new Farewell(this, limits);
        this.peerStreams = new PeerStreams(limits);
        this.growthLeft = limits.windowGrowthBytes();
    }

    // ---- what others ask

    /** Which end this is. */
    public H2Role role() {
        return role;
    }

    /** Where everything about it runs. */
    public EventLoop eventLoop() {
        return context().channel().eventLoop();
    }

    /** Streams that run. */
    public int activeStreams() {
        return streams.size();
    }

    /** Client only: how many streams more may be opened now. */
    public int availableStreams() {
        if (state != State.READY || goingAway) {
            return 0;
        }
        return Math.max(0, peerMaxStreams - streams.size());
    }

    /** Largest DATA payload the peer takes; reading more at once from a socket only costs a copy of the header room. */
    public int peerMaxFrameBytes() {
        return outbound().peerMaxFrame();
    }

    /**
     * Client only: opens a tunnel.
     *
     * @param end whether END_STREAM goes with the request (probes)
     * @throws IllegalStateException unless {@link #availableStreams} is positive
     */
    public H2Stream open(String authority, List<HeaderField> fields, boolean end, StreamListener streamListener) {
        if (availableStreams() == 0) {
            throw new IllegalStateException("no stream can be opened");
        }
        int id = nextStream;
        nextStream += 2;
        H2Stream stream = add(id, outbound().peerInitialWindow());
        stream.listen(streamListener);
        outbound().request(id, authority, fields, end);
        if (end) {
            stream.requestSentWithEnd();
        }
        if (nextStream < 0 || nextStream > limits.lastStreamId()) {
            drain();
        }
        return stream;
    }

    /** Lets running streams end, opens and takes no others, then closes (RFC 9113 6.8). Later calls do nothing. */
    public void drain() {
        if (farewell.isBegun() || isOver()) {
            return;
        }
        goingAway = true;
        farewell.begin(context());
        listener.goingAway();
    }

    /** Ends the connection and all its streams now; the peer is told {@code reason} in GOAWAY. */
    public void close(ReasonCode reason, String detail) {
        if (isOver()) {
            return;
        }
        ChannelHandlerContext at = context();
        outbound()
                .goAway(
                        peerStreams.lastAccepted(),
                        H2Code.NO_ERROR,
                        reason.name().getBytes(StandardCharsets.US_ASCII));
        outbound().flushNow();
        finish(reason, detail);
        at.close();
    }

    /** Bytes of all frames written so far, those that wait for the peer included. */
    public long written() {
        return outbound().written();
    }

    // ---- the pipeline

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        HeaderCodec codec = new HeaderCodec(added.alloc(), limits);
        outbound = new Outbound(added, floods, codec);
        inbound = new Inbound(this, limits, floods, codec, added.alloc());
        if (added.channel().isActive()) {
            start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        start();
        active.fireChannelActive();
    }

    private void start() {
        if (timers.isStarted()) {
            return;
        }
        if (role == H2Role.CLIENT) {
            outbound().raw(FrameReader.PREFACE.retainedDuplicate());
        }
        outbound().settings(Setting.ofOurs(role, limits));
        if (limits.connectionWindowBytes() > Outbound.DEFAULT_WINDOW) {
            outbound().windowUpdate(0, limits.connectionWindowBytes() - Outbound.DEFAULT_WINDOW);
        }
        outbound().flushNow();
        timers.start(context().executor());
    }

    @Override
    public void channelRead(ChannelHandlerContext at, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            timers.heard();
            outbound().readBegins();
            inbound().read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext at) {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).onBurstEnd();
        }
        dirty.clear();
        peerStreams.burstEnds();
        listener.burstEnded();
        outbound().readEnds();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext at) {
        if (at.channel().isWritable()) {
            outbound().channelWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
        if (endReason == ReasonCode.OK) {
            endReason = lostPeer();
            endDetail = InWords.of(cause);
        }
        at.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext at) {
        boolean inOrder = streams.isEmpty() && (goingAway || peerGone) && endReason == ReasonCode.OK;
        finish(inOrder ? ReasonCode.OK : endReason == ReasonCode.OK ? lostPeer() : endReason, endDetail);
        at.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        finish(ReasonCode.OK, "");
    }

    // ---- for ConnectionTimers

    boolean isStarting() {
        return state == State.STARTING;
    }

    void settingsLate() {
        endReason = ReasonCode.HANDSHAKE_TIMEOUT;
        fail(H2Code.SETTINGS_TIMEOUT, Limit.PREFACE, "SETTINGS not sent or not acknowledged in time");
    }

    void frameLate() {
        fail(H2Code.ENHANCE_YOUR_CALM, Limit.FRAME_TIME, "a frame or header block not whole in time");
    }

    void silent() {
        listener.limited(Limit.KEEPALIVE, "no answer to PING");
        close(ReasonCode.IDLE_TIMEOUT, "no answer to PING");
    }

    void idle() {
        if (!goingAway) {
            listener.limited(Limit.IDLE, "no stream for a long time");
            drain();
        }
    }

    // ---- for InboundFrames and H2Stream

    Outbound outbound() {
        return inPipeline(outbound);
    }

    Inbound inbound() {
        return inPipeline(inbound);
    }

    private ChannelHandlerContext context() {
        return inPipeline(ctx);
    }

    private static <T> T inPipeline(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return part;
    }

    @Nullable
    H2Stream stream(int id) {
        return streams.get(id);
    }

    /** Whether the stream was never opened by the end that may. */
    boolean isIdle(int id) {
        if ((id & 1) == 0) {
            return true;
        }
        return role == H2Role.SERVER ? peerStreams.isIdle(id) : nextStream > 0 && id >= nextStream;
    }

    PeerStreams peerStreams() {
        return peerStreams;
    }

    ReasonCode lostPeer() {
        return role == H2Role.CLIENT ? ReasonCode.RESET_BY_SERVER : ReasonCode.RESET_BY_CLIENT;
    }

    /** Whether it has ended, or is being ended, and all its streams with it. */
    public boolean isOver() {
        return state == State.FAILED || state == State.CLOSED;
    }

    void dirty(H2Stream stream) {
        dirty.add(stream);
    }

    void request(int id, List<HeaderField> fields, boolean end) throws H2Violation {
        peerStreams.comes(id, !farewell.isOver());
        if (farewell.isOver()) {
            // RFC 9113 6.8: ignored, with all that was sent for it before the peer heard of the end.
            peerStreams.refused();
            return;
        }
        timers.streamChanged();
        RequestHead head = accepted(id, fields);
        H2Stream stream = add(id, outbound().peerInitialWindow());
        if (end) {
            stream.requestEnded();
        }
        listener.request(stream, head, end);
    }

    private RequestHead accepted(int id, List<HeaderField> fields) throws H2Violation {
        try {
            RequestHead head = HeaderRules.request(id, fields);
            if (streams.size() >= limits.maxConcurrentStreams()) {
                throw H2Violation.refused(id, Limit.STREAMS, "more streams than SETTINGS_MAX_CONCURRENT_STREAMS");
            }
            return head;
        } catch (H2Violation violation) {
            peerStreams.refused();
            throw violation;
        }
    }

    /** Takes from the connection's allowance what a stream's window of size {@code target} may grow by now. */
    int growth(int target) {
        int more = Math.min(Math.min(target, limits.maxStreamWindowBytes() - target), growthLeft);
        growthLeft -= more;
        return more;
    }

    private H2Stream add(int id, int sendWindow) {
        H2Stream stream = new H2Stream(this, id, sendWindow, limits.streamWindowBytes());
        streams.put(id, stream);
        floods.opened();
        metrics.streamOpened(role);
        return stream;
    }

    void remove(H2Stream stream) {
        if (streams.remove(stream.id()) == null) {
            return;
        }
        peerStreams.ended(stream);
        outbound().forget(stream);
        growthLeft += stream.close() - limits.streamWindowBytes();
        timers.streamChanged();
        metrics.streamClosed(role);
        listener.streamClosed();
        closeIfDone();
    }

    void closeIfDone() {
        if (streams.isEmpty() && (farewell.isOver() || peerGone) && !isOver()) {
            // What the peer has not read yet first: TLS would wait a second for it. Keepalive ends a peer that reads
            // nothing.
            ChannelHandlerContext at = context();
            at.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> at.close());
        }
    }

    void peerReady() {
        state = State.READY;
        metrics.connectionOpened(role);
        boolean drained = farewell.isBegun();
        listener.ready();
        if (drained && !isOver()) {
            farewell.giveNotice(context());
        }
    }

    void settingsAcknowledged() {
        timers.settingsAcknowledged();
    }

    void pingAnswered(long content) {
        farewell.pingAnswered(content);
    }

    void peerSetting(int id, long value) throws H2Violation {
        if (id == Setting.MAX_CONCURRENT_STREAMS) {
            int before = peerMaxStreams;
            peerMaxStreams = (int) Math.min(value, Integer.MAX_VALUE);
            if (state == State.READY && peerMaxStreams > before) {
                listener.roomGrown();
            }
        } else {
            PeerSettings.apply(id, value, role, outbound(), streams.values());
        }
    }

    void peerGoesAway(int last, H2Code code, ReasonCode reason) {
        peerGone = true;
        if (reason != ReasonCode.OK) {
            endReason = reason;
            endDetail = "peer sent GOAWAY " + code;
        }
        if (!goingAway) {
            goingAway = true;
            listener.goingAway();
        }
        if (role == H2Role.CLIENT) {
            for (H2Stream each : List.copyOf(streams.values())) {
                if (each.id() > last) {
                    each.onFailure(H2Code.REFUSED_STREAM, ReasonCode.DRAINING);
                }
            }
        }
        closeIfDone();
    }

    void fail(H2Violation violation) {
        fail(violation.code(), violation.limit(), violation.detail());
    }

    ConnectionListener listener() {
        return listener;
    }

    private void fail(H2Code code, @Nullable Limit limit, String detail) {
        if (isOver()) {
            return;
        }
        ChannelHandlerContext at = context();
        if (limit == null) {
            listener.violated(code, detail);
        } else {
            listener.limited(limit, detail);
        }
        outbound().goAway(peerStreams.lastAccepted(), code, detail.getBytes(StandardCharsets.US_ASCII));
        outbound().flushNow();
        ReasonCode broken = limit == null ? ReasonCode.PROTOCOL_ERROR : ReasonCode.LIMIT_EXCEEDED;
        ReasonCode reason = endReason != ReasonCode.OK ? endReason : broken;
        finish(reason, detail);
        state = State.FAILED;
        at.executor().schedule((Runnable) at::close, LINGER.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Tells every stream and the listener, once. */
    private void finish(ReasonCode reason, String detail) {
        if (isOver()) {
            return;
        }
        boolean wasReady = state == State.READY;
        state = State.CLOSED;
        goingAway = true;
        timers.stop();
        for (H2Stream each : List.copyOf(streams.values())) {
            each.onFailure(H2Code.CANCEL, reason == ReasonCode.OK ? lostPeer() : reason);
        }
        inbound().release();
        outbound().codec().release();
        if (wasReady) {
            metrics.connectionClosed(role, reason);
        }
        listener.closed(reason, detail);
    }
}
