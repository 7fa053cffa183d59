/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import io.hanse.model.reason.ReasonCode;

/** Hears what happens on one connection. On its event loop; must neither block nor throw. */
public interface ConnectionListener {

    /** The peer's SETTINGS have come: the handshake is over at both ends. */
    default void ready() {}

    /**
     * Server only: a request. {@code stream} has no listener until {@link H2Stream#listen} is called, which must happen
     * before this returns.
     */
    default void request(H2Stream stream, RequestHead head, boolean ended) {}

    /** All that had arrived was read; what is written now leaves at once. */
    default void burstEnded() {}

    /** No stream can be opened from now on; those that run may end in order. */
    default void goingAway() {}

    /** A writer of a stream had to stop: what was written for the peer may wait. Often told. */
    default void heldUp() {}

    /** A stream ended: another may be opened. */
    default void streamClosed() {}

    /** Client only: the peer allows more streams than before. */
    default void roomGrown() {}

    /** The peer broke RFC 9113: {@link #closed} follows. */
    default void violated(H2Code code, String detail) {}

    /** The peer ran into a limit; where that ends the connection, {@link #closed} follows. */
    default void limited(Limit limit, String detail) {}

    /** Everything is over; each stream was told before. */
    default void closed(ReasonCode reason, String detail) {}
}
