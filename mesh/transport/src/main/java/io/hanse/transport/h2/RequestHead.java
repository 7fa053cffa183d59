/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import java.util.List;

/**
 * A request's header block that kept RFC 9113 8.
 *
 * @param method CONNECT, or another one, which a tunnel server refuses
 * @param authority {@code :authority}; empty only if the method is not CONNECT
 * @param fields the others, in order
 */
public record RequestHead(String method, String authority, List<HeaderField> fields) {

    /** The method that opens a tunnel. */
    public static final String CONNECT = "CONNECT";

    public RequestHead {
        fields = List.copyOf(fields);
    }
}
