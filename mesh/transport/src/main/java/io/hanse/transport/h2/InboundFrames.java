/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each frame of the peer does (RFC 9113 6); the receiving half of {@link H2Connection}. */
final class InboundFrames implements FrameSink {

    /** A tunnel's peer has no use for more 1xx answers than this. */
    private static final int MAX_INFORMATIONAL = 8;

    /** Debug data of GOAWAY beyond this is not looked at. */
    private static final int MAX_DEBUG_BYTES = 64;

    /** Settings in one frame, of which RFC 9113 knows six: each may touch every stream. */
    private static final int MAX_SETTINGS = 64;

    private static final int SETTING_BYTES = 6;

    /**
     * Who gives up an unanswered stream later than this had a reason, an endpoint that never answers, and its streams were
     * bounded by {@link Limit#STREAMS} meanwhile; Envoy draws the line there too (premature_reset_min_stream_lifetime).
     */
    private static final Duration IMPATIENCE = Duration.ofSeconds(1);

    private final H2Connection connection;
    private final H2Role role;
    private final FloodGuard floods;
    private final HeaderCodec codec;
    private final H2Limits limits;

    private boolean settingsSeen;
    /** The stream whose header block goes on in CONTINUATION, or 0. */
    private int headerStream;

    private boolean headerEndsStream;
    private int whole;

    /** Bytes of the current DATA frame that are no application data, or were not yet passed on. */
    private int dataLeft;

    private boolean dataSeen;
    private @Nullable H2Stream dataStream;
    private int receiveWindow;
    private int creditDue;

    InboundFrames(H2Connection connection, H2Role role, FloodGuard floods, HeaderCodec codec, H2Limits limits) {
        this.connection = connection;
        this.role = role;
        this.floods = floods;
        this.codec = codec;
        this.limits = limits;
        this.receiveWindow = limits.connectionWindowBytes();
    }

    @Override
    public void begin(int type, int flags, int streamId, int length) throws H2Violation {
        if (connection.isOver()) {
            throw H2Violation.connection(H2Code.CANCEL, "closed by a listener while reading");
        }
        if (!settingsSeen && (type != FrameType.SETTINGS || (flags & FrameType.ACK) != 0)) {
            throw protocol("first frame is not SETTINGS (RFC 9113 3.4)");
        }
        boolean continues = type == FrameType.CONTINUATION && streamId == headerStream && streamId != 0;
        if ((headerStream != 0 || type == FrameType.CONTINUATION) && !continues) {
            throw protocol("CONTINUATION out of place (RFC 9113 6.10)");
        }
        if (type == FrameType.DATA) {
            beginData(streamId, length);
        } else if (type > FrameType.CONTINUATION) {
            floods.unknown();
        }
    }

    // ---- DATA

    private void beginData(int streamId, int length) throws H2Violation {
        dataStream = null;
        dataLeft = length;
        dataSeen = false;
        if (streamId == 0 || connection.isIdle(streamId)) {
            throw protocol("DATA on no stream (RFC 9113 6.1)");
        }
        receiveWindow -= length;
        if (receiveWindow < 0) {
            throw H2Violation.connection(H2Code.FLOW_CONTROL_ERROR, "more DATA than the connection window");
        }
        creditDue += length;
        // Credit at once: what a stalled stream holds is bounded by its own window and must not stop the others.
        if (creditDue >= limits.connectionWindowBytes() / 4) {
            connection.outbound().windowUpdate(0, creditDue);
            receiveWindow += creditDue;
            creditDue = 0;
        }
        H2Stream stream = connection.stream(streamId);
        if (stream == null) {
            connection.peerStreams().late(length);
            return;
        }
        if (stream.isRemoteEnded()) {
            throw H2Violation.stream(H2Code.STREAM_CLOSED, streamId, "DATA after END_STREAM");
        }
        if (role == H2Role.CLIENT && !stream.isAnswered()) {
            throw H2Violation.stream(H2Code.PROTOCOL_ERROR, streamId, "DATA before HEADERS");
        }
        if (!stream.receive(length)) {
            throw H2Violation.stream(H2Code.FLOW_CONTROL_ERROR, streamId, "more DATA than the stream window");
        }
        dataStream = stream;
    }

    @Override
    public void data(int streamId, ByteBuf chunk) {
        H2Stream stream = dataStream;
        dataLeft -= chunk.readableBytes();
        dataSeen = true;
        if (stream == null || stream.isClosed()) {
            chunk.release();
        } else {
            stream.onData(chunk);
        }
    }

    @Override
    public void dataEnd(int streamId, int flags) throws H2Violation {
        boolean ends = (flags & FrameType.END_STREAM) != 0;
        H2Stream stream = dataStream;
        dataStream = null;
        whole++;
        if (!dataSeen && !ends) {
            floods.emptyData();
        }
        if (stream == null || stream.isClosed()) {
            if (!dataSeen) {
                floods.unknown();
            }
            return;
        }
        if (dataLeft > 0) {
            stream.consumed(dataLeft);
        }
        if (ends) {
            stream.onEnd();
        }
    }

    // ---- the others

    /** Whether a header block goes on in CONTINUATION. */
    boolean midBlock() {
        return headerStream != 0;
    }

    /** Frames and header blocks that came whole. */
    int whole() {
        return whole & Integer.MAX_VALUE;
    }

    @Override
    public void frame(int type, int flags, int streamId, ByteBuf payload) throws H2Violation {
        switch (type) {
            case FrameType.HEADERS -> headers(flags, streamId, payload);
            case FrameType.CONTINUATION -> continuation(flags, streamId, payload);
            case FrameType.RST_STREAM -> reset(streamId, payload);
            case FrameType.SETTINGS -> settings(flags, streamId, payload);
            case FrameType.PING -> ping(flags, streamId, payload);
            case FrameType.GOAWAY -> goAway(streamId, payload);
            case FrameType.WINDOW_UPDATE -> windowUpdate(streamId, payload);
            case FrameType.PRIORITY -> priority(streamId, payload);
            default -> throw protocol("PUSH_PROMISE, which is switched off (RFC 9113 8.4)");
        }
        if (headerStream == 0) {
            whole++;
        }
    }

    private void headers(int flags, int streamId, ByteBuf payload) throws H2Violation {
        boolean fromClient = (streamId & 1) == 1;
        if (!fromClient || role == H2Role.CLIENT && connection.isIdle(streamId)) {
            throw protocol("HEADERS on a stream that cannot be (RFC 9113 5.1.1)");
        }
        int padding = 0;
        if ((flags & FrameType.PADDED) != 0) {
            need(payload, 1);
            padding = payload.readUnsignedByte();
        }
        if ((flags & FrameType.WITH_PRIORITY) != 0) {
            need(payload, 5);
            payload.skipBytes(5);
        }
        if (padding > payload.readableBytes()) {
            throw protocol("padding longer than the frame (RFC 9113 6.2)");
        }
        ByteBuf fragment = payload.readSlice(payload.readableBytes() - padding);
        headerEndsStream = (flags & FrameType.END_STREAM) != 0;
        if ((flags & FrameType.END_HEADERS) != 0) {
            block(streamId, codec.decode(streamId, fragment));
        } else {
            headerStream = streamId;
            codec.begin(fragment);
        }
    }

    private void continuation(int flags, int streamId, ByteBuf payload) throws H2Violation {
        codec.more(payload);
        if ((flags & FrameType.END_HEADERS) != 0) {
            headerStream = 0;
            block(streamId, codec.finish(streamId));
        }
    }

    private void block(int streamId, List<HeaderField> fields) throws H2Violation {
        H2Stream stream = connection.stream(streamId);
        if (stream != null && stream.isRemoteEnded()) {
            throw H2Violation.stream(H2Code.STREAM_CLOSED, streamId, "HEADERS after END_STREAM");
        }
        if (role == H2Role.SERVER) {
            if (stream != null) {
                throw trailers(streamId);
            }
            connection.request(streamId, fields, headerEndsStream);
        } else if (stream == null) {
            floods.unknown();
        } else if (stream.isAnswered()) {
            throw trailers(streamId);
        } else {
            answer(stream, HeaderRules.response(streamId, fields));
        }
    }

    private void answer(H2Stream stream, ResponseHead head) throws H2Violation {
        if (head.status() >= 200) {
            stream.onAnswer(head, headerEndsStream);
        } else if (headerEndsStream || head.status() == 101 || stream.informational() > MAX_INFORMATIONAL) {
            throw H2Violation.stream(H2Code.PROTOCOL_ERROR, stream.id(), "informational answer out of place");
        }
    }

    private void reset(int streamId, ByteBuf payload) throws H2Violation {
        exactly(payload, 4);
        if (streamId == 0 || connection.isIdle(streamId)) {
            throw protocol("RST_STREAM on no stream (RFC 9113 6.4)");
        }
        H2Stream stream = connection.stream(streamId);
        boolean unheard = stream != null && !stream.isAnswered() && stream.isYoungerThan(IMPATIENCE)
                || connection.peerStreams().isOfThisBurst(streamId);
        if (role == H2Role.SERVER && unheard) {
            floods.prematureReset();
        }
        if (stream == null) {
            floods.unknown();
            return;
        }
        H2Code code = H2Code.of(payload.readUnsignedInt());
        stream.onFailure(code, reasonOf(code));
    }

    private ReasonCode reasonOf(H2Code code) {
        return switch (code) {
            case REFUSED_STREAM, ENHANCE_YOUR_CALM -> ReasonCode.LIMIT_EXCEEDED;
            case NO_ERROR, CANCEL, CONNECT_ERROR, INTERNAL_ERROR -> connection.lostPeer();
            default -> ReasonCode.PROTOCOL_ERROR;
        };
    }

    private void settings(int flags, int streamId, ByteBuf payload) throws H2Violation {
        if (streamId != 0) {
            throw protocol("SETTINGS on a stream (RFC 9113 6.5)");
        }
        floods.settings();
        if ((flags & FrameType.ACK) != 0) {
            exactly(payload, 0);
            connection.settingsAcknowledged();
            return;
        }
        if (payload.readableBytes() % SETTING_BYTES != 0) {
            throw H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "SETTINGS not a multiple of 6 bytes");
        }
        if (payload.readableBytes() > MAX_SETTINGS * SETTING_BYTES) {
            throw H2Violation.limit(Limit.CONTROL_FRAMES, "too many settings in one frame");
        }
        while (payload.isReadable()) {
            connection.peerSetting(payload.readUnsignedShort(), payload.readUnsignedInt());
        }
        connection.outbound().settingsAck();
        if (!settingsSeen) {
            settingsSeen = true;
            connection.peerReady();
        }
    }

    private void ping(int flags, int streamId, ByteBuf payload) throws H2Violation {
        exactly(payload, 8);
        if (streamId != 0) {
            throw protocol("PING on a stream (RFC 9113 6.7)");
        }
        long content = payload.readLong();
        floods.ping();
        if ((flags & FrameType.ACK) != 0) {
            connection.pingAnswered(content);
        } else {
            connection.outbound().ping(content, true);
        }
    }

    private void goAway(int streamId, ByteBuf payload) throws H2Violation {
        if (streamId != 0) {
            throw protocol("GOAWAY on a stream (RFC 9113 6.8)");
        }
        need(payload, 8);
        floods.settings();
        int last = payload.readInt() & Integer.MAX_VALUE;
        H2Code code = H2Code.of(payload.readUnsignedInt());
        int n = Math.min(payload.readableBytes(), MAX_DEBUG_BYTES);
        String debug = payload.readCharSequence(n, StandardCharsets.US_ASCII).toString();
        boolean inOrder = code == H2Code.NO_ERROR && debug.isEmpty();
        connection.peerGoesAway(last, code, inOrder ? ReasonCode.OK : reasonIn(debug));
    }

    /** Our own proxies say why in the debug data. */
    private static ReasonCode reasonIn(String debug) {
        for (ReasonCode each : ReasonCode.values()) {
            if (each.name().equals(debug)) {
                return each;
            }
        }
        return ReasonCode.PROTOCOL_ERROR;
    }

    private void windowUpdate(int streamId, ByteBuf payload) throws H2Violation {
        exactly(payload, 4);
        floods.windowUpdate();
        int increment = payload.readInt() & Integer.MAX_VALUE;
        if (streamId == 0) {
            if (increment == 0) {
                throw protocol("WINDOW_UPDATE of 0 (RFC 9113 6.9)");
            }
            if (!connection.outbound().grow(increment)) {
                throw H2Violation.connection(H2Code.FLOW_CONTROL_ERROR, "connection window beyond 2^31-1");
            }
            return;
        }
        if (connection.isIdle(streamId)) {
            throw protocol("WINDOW_UPDATE on an idle stream (RFC 9113 5.1)");
        }
        H2Stream stream = connection.stream(streamId);
        if (stream == null) {
            return;
        }
        if (increment == 0) {
            throw H2Violation.stream(H2Code.PROTOCOL_ERROR, streamId, "WINDOW_UPDATE of 0 (RFC 9113 6.9)");
        }
        if (!stream.earn(increment)) {
            throw H2Violation.stream(H2Code.FLOW_CONTROL_ERROR, streamId, "stream window beyond 2^31-1");
        }
        connection.outbound().credited(stream);
    }

    private void priority(int streamId, ByteBuf payload) throws H2Violation {
        floods.priority();
        if (streamId == 0) {
            throw protocol("PRIORITY on no stream (RFC 9113 6.3)");
        }
        if (connection.isIdle(streamId)) {
            exactly(payload, 5); // nothing to reset
        } else if (payload.readableBytes() != 5) {
            throw H2Violation.stream(H2Code.FRAME_SIZE_ERROR, streamId, "PRIORITY not of 5 bytes");
        }
    }

    private static void need(ByteBuf payload, int bytes) throws H2Violation {
        if (payload.readableBytes() < bytes) {
            throw H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "frame too short");
        }
    }

    private static void exactly(ByteBuf payload, int bytes) throws H2Violation {
        if (payload.readableBytes() != bytes) {
            throw H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "frame of a wrong size");
        }
    }

    private static H2Violation trailers(int streamId) {
        return H2Violation.stream(H2Code.PROTOCOL_ERROR, streamId, "HEADERS inside a tunnel (RFC 9113 8.5)");
    }

    private static H2Violation protocol(String detail) {
        return H2Violation.connection(H2Code.PROTOCOL_ERROR, detail);
    }
}
