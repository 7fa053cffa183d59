/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

/** Error codes of RST_STREAM and GOAWAY (RFC 9113 7). */
public enum H2Code {
    NO_ERROR(0x0),
    PROTOCOL_ERROR(0x1),
    INTERNAL_ERROR(0x2),
    FLOW_CONTROL_ERROR(0x3),
    SETTINGS_TIMEOUT(0x4),
    STREAM_CLOSED(0x5),
    FRAME_SIZE_ERROR(0x6),
    REFUSED_STREAM(0x7),
    CANCEL(0x8),
    COMPRESSION_ERROR(0x9),
    CONNECT_ERROR(0xa),
    ENHANCE_YOUR_CALM(0xb),
    INADEQUATE_SECURITY(0xc),
    HTTP_1_1_REQUIRED(0xd);

    private final int wire;

    H2Code(int wire) {
        this.wire = wire;
    }

    /** Unknown codes read as INTERNAL_ERROR (RFC 9113 7). */
    static H2Code of(long wire) {
        for (H2Code each : values()) {
            if (each.wire == wire) {
                return each;
            }
        }
        return INTERNAL_ERROR;
    }

    int wire() {
        return wire;
    }
}
