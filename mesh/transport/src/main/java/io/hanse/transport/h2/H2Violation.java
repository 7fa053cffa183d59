/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/**
 * The peer broke RFC 9113 or a limit; caught in {@link H2Connection} and answered with GOAWAY, or with RST_STREAM if it
 * concerns one stream only. Without a stack trace, because a peer decides how many are made.
 */
final class H2Violation extends Exception {

    private static final long serialVersionUID = 1L;

    private final H2Code code;
    private final int streamId;

    private H2Violation(H2Code code, int streamId, String detail) {
        super(detail, null, false, false);
        this.code = code;
        this.streamId = streamId;
    }

    static H2Violation connection(H2Code code, String detail) {
        return new H2Violation(code, 0, detail);
    }

    static H2Violation stream(H2Code code, int streamId, String detail) {
        return new H2Violation(code, streamId, detail);
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
