/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HPACK (RFC 7541) in both directions, and the gathering of a block over CONTINUATION frames. Every block is decoded, also
 * one that nobody wants, because the next depends on it. Order is kept: Netty's own container would hide a pseudo-header
 * that came too late.
 */
final class HeaderCodec {

    /** More CONTINUATION frames than this in one block is a flood: the block's bytes fit in far fewer. */
    private static final int MAX_CONTINUATIONS = 16;

    /** RFC 9113 6.5.2: SETTINGS_HEADER_TABLE_SIZE before anything is said. */
    private static final long DEFAULT_TABLE_BYTES = 4096;

    private final ByteBufAllocator allocator;
    private final H2Limits limits;
    private final Decoder decoder;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private @Nullable ByteBuf block;
    private int continuations;
    private long tableBytes = DEFAULT_TABLE_BYTES;
    private long leastTableBytes = DEFAULT_TABLE_BYTES;

    HeaderCodec(ByteBufAllocator allocator, H2Limits limits) {
        this.allocator = allocator;
        this.limits = limits;
        this.decoder = new Decoder(limits.headerBytes());
    }

    /** Starts a block that is not complete. */
    void begin(ByteBuf fragment) throws H2Violation {
        continuations = 0;
        block = allocator.buffer(
                Math.min(2 * fragment.readableBytes() + 256, limits.headerBytes()), limits.headerBytes());
        append(block, fragment);
    }

    /** Adds a CONTINUATION frame's fragment. */
    void more(ByteBuf fragment) throws H2Violation {
        continuations++;
        if (continuations > MAX_CONTINUATIONS) {
            throw H2Violation.limit(Limit.CONTROL_FRAMES, "too many CONTINUATION frames");
        }
        ByteBuf open = block;
        if (open == null) {
            throw H2Violation.connection(H2Code.PROTOCOL_ERROR, "CONTINUATION without HEADERS");
        }
        append(open, fragment);
    }

    /** Decodes the gathered block. */
    List<HeaderField> finish(int streamId) throws H2Violation {
        ByteBuf whole = block;
        if (whole == null) {
            return List.of();
        }
        block = null;
        try {
            return decode(streamId, whole);
        } finally {
            whole.release();
        }
    }

    List<HeaderField> decode(int streamId, ByteBuf whole) throws H2Violation {
        if (whole.readableBytes() > limits.headerBytes()) {
            throw tooLarge();
        }
        try {
            Ordered headers = (Ordered) decoder.decodeHeaders(streamId, whole);
            if (headers.fields.size() > limits.headerCount()) {
                throw H2Violation.limit(Limit.HEADER_FIELDS, "too many header fields");
            }
            return headers.fields;
        } catch (Http2Exception.HeaderListSizeException e) {
            throw tooLarge();
        } catch (Http2Exception e) {
            throw e.error() == io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM
                    ? tooLarge()
                    : H2Violation.connection(H2Code.COMPRESSION_ERROR, "header block cannot be decoded");
        }
    }

    ByteBuf encode(int streamId, List<HeaderField> fields) {
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size());
        for (HeaderField each : fields) {
            headers.add(each.name(), each.value());
        }
        ByteBuf out = allocator.buffer(256);
        try {
            resizeTable();
            encoder.encodeHeaders(streamId, headers, out);
        } catch (Http2Exception e) {
            out.release();
            throw new IllegalArgumentException("headers cannot be encoded", e);
        }
        return out;
    }

    /**
     * The peer's SETTINGS_HEADER_TABLE_SIZE; we never use more than the default. Told to the encoder with the next block
     * only, the smallest and the last value (RFC 7541 4.2): it would keep one instruction for every change.
     */
    void peerTableBytes(long bytes) {
        tableBytes = Math.min(bytes, DEFAULT_TABLE_BYTES);
        leastTableBytes = Math.min(leastTableBytes, tableBytes);
    }

    private void resizeTable() throws Http2Exception {
        if (leastTableBytes < encoder.maxHeaderTableSize()) {
            encoder.maxHeaderTableSize(leastTableBytes);
        }
        if (tableBytes != encoder.maxHeaderTableSize()) {
            encoder.maxHeaderTableSize(tableBytes);
        }
        leastTableBytes = tableBytes;
    }

    void release() {
        if (block != null) {
            block.release();
            block = null;
        }
        encoder.close();
    }

    private void append(ByteBuf open, ByteBuf fragment) throws H2Violation {
        if (open.readableBytes() + fragment.readableBytes() > limits.headerBytes()) {
            throw tooLarge();
        }
        open.writeBytes(fragment);
    }

    private static H2Violation tooLarge() {
        return H2Violation.limit(Limit.HEADER_BYTES, "header block too large");
    }

    private static final class Decoder extends DefaultHttp2HeadersDecoder {
        Decoder(long maxListBytes) {
            super(false, false, maxListBytes);
        }

        @Override
        protected Http2Headers newHeaders() {
            return new Ordered();
        }
    }

    /** Collects fields in the order of the wire. */
    private static final class Ordered extends DefaultHttp2Headers {
        private final List<HeaderField> fields = new ArrayList<>();

        Ordered() {
            super(false);
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            fields.add(new HeaderField(name.toString(), value.toString()));
            return this;
        }
    }
}
