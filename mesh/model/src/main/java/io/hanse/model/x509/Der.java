/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import java.util.Arrays;

/**
 * A cursor over the few DER structures that the JDK does not hand out as they are: its own reading of alternative names
 * goes through {@link java.net.URI} and its DNS grammar, which refuse legal trust domains and would hide the extension.
 */
final class Der {

    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private final int end;
    private int at;

    private Der(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    static Der of(byte[] bytes) {
        return new Der(bytes, 0, bytes.length);
    }

    boolean hasMore() {
        return at < end;
    }

    /** The tag of the next element. */
    int peekTag() {
        if (at >= end) {
            throw malformed();
        }
        return bytes[at] & 0xff;
    }

    /** The content of the next element; the cursor moves behind it. */
    Der next() {
        int tag = peekTag();
        if ((tag & 0x1f) == 0x1f) {
            throw malformed();
        }
        at++;
        int length = length();
        if (length > end - at) {
            throw malformed();
        }
        Der content = new Der(bytes, at, at + length);
        at += length;
        return content;
    }

    /** The content of the next element, which must have this tag. */
    Der next(int tag) {
        if (peekTag() != tag) {
            throw malformed();
        }
        return next();
    }

    /** The bytes that are left. */
    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    private int length() {
        if (at >= end) {
            throw malformed();
        }
        int first = bytes[at++] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        // Four bytes would be more than any certificate; zero is the indefinite form, which is not DER.
        if (count == 0 || count > 3 || count > end - at) {
            throw malformed();
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | bytes[at++] & 0xff;
        }
        return length;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("extension: not well-formed (expected: DER)");
    }
}
