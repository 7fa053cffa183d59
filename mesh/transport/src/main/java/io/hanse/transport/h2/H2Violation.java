/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke RFC 9113 or a limit; caught in {@link H2Connection} and answered with GOAWAY, or with RST_STREAM if it
 * concerns one stream only. Without a stack trace, because a peer decides how many are made.
 */
final class H2Violation extends Exception {

    private static final long serialVersionUID = 1L;

    private final H2Code code;
    private final int streamId;
    private final @Nullable Limit limit;

    private H2Violation(H2Code code, int streamId, @Nullable Limit limit, String detail) {
        super(detail, null, false, false);
        this.code = code;
        this.streamId = streamId;
        this.limit = limit;
    }

    static H2Violation connection(H2Code code, String detail) {
        return new H2Violation(code, 0, null, detail);
    }

    static H2Violation stream(H2Code code, int streamId, String detail) {
        return new H2Violation(code, streamId, null, detail);
    }

    /** More than the peer is allowed: the connection ends with ENHANCE_YOUR_CALM. */
    static H2Violation limit(Limit limit, String detail) {
        return new H2Violation(H2Code.ENHANCE_YOUR_CALM, 0, limit, detail);
    }

    /** A stream more than is allowed, which may be tried again elsewhere. */
    static H2Violation refused(int streamId, Limit limit, String detail) {
        return new H2Violation(H2Code.REFUSED_STREAM, streamId, limit, detail);
    }

    /** The limit it ran into, if it is that. */
    @Nullable
    Limit limit() {
        return limit;
    }

    H2Code code() {
        return code;
    }

    /** The stream concerned, or 0 for the whole connection. */
    int streamId() {
        return streamId;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
