/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

/** An SVID's file, chain or key cannot be used; the message never holds key material. */
public final class MalformedSvid extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedSvid(String message) {
        super(message);
    }

    MalformedSvid(String message, Throwable cause) {
        super(message, cause);
    }
}
