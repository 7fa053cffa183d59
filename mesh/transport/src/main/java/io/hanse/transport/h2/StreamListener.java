/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;
import io.netty.buffer.ByteBuf;

/** Hears what happens on one stream. On the connection's event loop; must neither block nor throw. */
public interface StreamListener {

    /** Client only: the final answer; {@code ended} if END_STREAM came with it. */
    default void answered(ResponseHead head, boolean ended) {}

    /** Bytes came; ownership passes. Sooner or later {@link H2Stream#consumed} gives the peer credit for as many. */
    void data(ByteBuf chunk);

    /** The peer will send no more. */
    void inputEnded();

    /** The stream is over before both sides ended it: RST_STREAM, or the connection is gone. Nothing follows. */
    void failed(H2Code code, ReasonCode reason);

    /** {@link H2Stream#isWritable} was false and is true now. */
    void writable();

    /** A burst of reads, with data for this stream, is over: time to flush. */
    default void burstEnded() {}
}
