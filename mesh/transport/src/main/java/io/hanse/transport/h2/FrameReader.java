/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames. DATA is passed on as it comes, as slices of what was read, so a frame of any size
 * needs no buffer; other frames are small and gathered if they arrive in pieces. Unknown types are skipped (RFC 9113 4.1).
 */
final class FrameReader {

    /** RFC 9113 3.4: what a client says first. */
    static final ByteBuf PREFACE = Unpooled.unreleasableBuffer(
                    Unpooled.wrappedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
            .asReadOnly();

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    /** No frame but DATA is longer; header blocks are bounded by the same number over all their frames. */
    private final int maxOtherBytes;

    private final byte[] header = new byte[FrameType.HEADER_BYTES];
    private int headerFill;
    private boolean inFrame;
    private int type;
    private int flags;
    private int streamId;
    private int left;
    private int padding;
    private boolean padLengthDue;
    private @Nullable ByteBuf gathered;
    private int prefaceLeft;

    FrameReader(ByteBufAllocator allocator, H2Limits limits, boolean expectPreface) {
        this.allocator = allocator;
        this.maxFrameBytes = limits.maxFrameBytes();
        this.maxOtherBytes = limits.headerBytes() + H2Limits.PADDING_AND_PRIORITY_BYTES;
        this.prefaceLeft = expectPreface ? PREFACE.readableBytes() : 0;
    }

    /** Whether a frame other than DATA, or any frame's header, has begun and not ended. */
    boolean midFrame() {
        return inFrame && type != FrameType.DATA || headerFill > 0;
    }

    /**
     * Reads all of {@code in}, which stays the caller's. After a violation of one stream only, call again: reading goes on
     * behind the bytes that were at fault.
     */
    void read(ByteBuf in, FrameSink sink) throws H2Violation {
        if (prefaceLeft > 0) {
            readPreface(in);
        }
        while (true) {
            if (!inFrame && !beginFrame(in, sink)) {
                return;
            }
            boolean done = type == FrameType.DATA ? readData(in, sink) : readOther(in, sink);
            if (!done) {
                return;
            }
        }
    }

    void release() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    private void readPreface(ByteBuf in) throws H2Violation {
        int length = PREFACE.readableBytes();
        while (prefaceLeft > 0 && in.isReadable()) {
            if (in.readByte() != PREFACE.getByte(length - prefaceLeft)) {
                throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "no HTTP/2 preface");
            }
            prefaceLeft--;
        }
    }

    private boolean beginFrame(ByteBuf in, FrameSink sink) throws H2Violation {
        int lengthAndType;
        if (headerFill == 0 && in.readableBytes() >= FrameType.HEADER_BYTES) {
            lengthAndType = in.readInt();
            flags = in.readUnsignedByte();
            streamId = in.readInt() & Integer.MAX_VALUE;
        } else {
            int n = Math.min(in.readableBytes(), FrameType.HEADER_BYTES - headerFill);
            in.readBytes(header, headerFill, n);
            headerFill += n;
            if (headerFill < FrameType.HEADER_BYTES) {
                return false;
            }
            headerFill = 0;
            lengthAndType = intAt(0);
            flags = header[4] & 0xff;
            streamId = intAt(5) & Integer.MAX_VALUE;
        }
        left = lengthAndType >>> 8;
        type = lengthAndType & 0xff;
        padding = 0;
        padLengthDue = type == FrameType.DATA && (flags & FrameType.PADDED) != 0;
        checkLength();
        inFrame = true;
        sink.begin(type, flags, streamId, left);
        return true;
    }

    private void checkLength() throws H2Violation {
        if (left > maxFrameBytes) {
            throw H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "frame longer than SETTINGS_MAX_FRAME_SIZE");
        }
        if (type != FrameType.DATA && type <= FrameType.CONTINUATION && left > maxOtherBytes) {
            throw type == FrameType.HEADERS || type == FrameType.CONTINUATION
                    ? H2Violation.limit(Limit.HEADER_BYTES, "header block too large")
                    : H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "control frame too long (RFC 9113 4.2)");
        }
        if (padLengthDue && left == 0) {
            throw H2Violation.connection(H2Code.FRAME_SIZE_ERROR, "padded DATA without pad length");
        }
    }

    private boolean readData(ByteBuf in, FrameSink sink) throws H2Violation {
        if (padLengthDue) {
            if (!in.isReadable()) {
                return false;
            }
            padding = in.readUnsignedByte();
            left--;
            padLengthDue = false;
            if (padding > left) {
                throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "padding longer than the frame");
            }
        }
        int n = Math.min(in.readableBytes(), left - padding);
        if (n > 0) {
            left -= n;
            sink.data(streamId, in.readRetainedSlice(n));
        }
        if (left == padding) {
            int skip = Math.min(in.readableBytes(), left);
            in.skipBytes(skip);
            left -= skip;
            padding -= skip;
            if (left == 0) {
                inFrame = false;
                sink.dataEnd(streamId, flags);
                return true;
            }
        }
        return false;
    }

    private boolean readOther(ByteBuf in, FrameSink sink) throws H2Violation {
        if (type > FrameType.CONTINUATION) {
            int skip = Math.min(in.readableBytes(), left);
            in.skipBytes(skip);
            left -= skip;
            inFrame = left > 0;
            return !inFrame;
        }
        if (gathered == null && in.readableBytes() >= left) {
            ByteBuf payload = in.readSlice(left);
            inFrame = false;
            sink.frame(type, flags, streamId, payload);
            return true;
        }
        if (gathered == null) {
            gathered = allocator.buffer(left, left);
        }
        in.readBytes(gathered, Math.min(in.readableBytes(), gathered.writableBytes()));
        if (gathered.isWritable()) {
            return false;
        }
        ByteBuf whole = gathered;
        gathered = null;
        inFrame = false;
        try {
            sink.frame(type, flags, streamId, whole);
        } finally {
            whole.release();
        }
        return true;
    }

    private int intAt(int at) {
        return (header[at] & 0xff) << 24
                | (header[at + 1] & 0xff) << 16
                | (header[at + 2] & 0xff) << 8
                | header[at + 3] & 0xff;
    }
}
