/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.netty.buffer.ByteBuf;

/** Takes what a {@link FrameReader} finds. */
interface FrameSink {

    /** A frame begins: before any byte of its payload is taken. */
    void begin(int type, int flags, int streamId, int length) throws H2Violation;

    /** A whole frame other than DATA; {@code payload} is borrowed. */
    void frame(int type, int flags, int streamId, ByteBuf payload) throws H2Violation;

    /** Some bytes of the DATA frame that began last, without padding; ownership passes. */
    void data(int streamId, ByteBuf chunk);

    /** The DATA frame that began last is complete. */
    void dataEnd(int streamId, int flags) throws H2Violation;
}
