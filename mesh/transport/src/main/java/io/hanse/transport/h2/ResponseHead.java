/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import java.util.List;

/** A final response's header block that kept RFC 9113 8. */
public record ResponseHead(int status, List<HeaderField> fields) {

    public ResponseHead {
        fields = List.copyOf(fields);
    }
}
