/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.h2.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Headers of a CONNECT, without pseudo-headers.
 *
 * @param fields in the order of the wire; names are lower case and may repeat
 */
public record RequestHeaders(List<HeaderField> fields) {

    /** No header at all. */
    public static final RequestHeaders NONE = new RequestHeaders(List.of());

    public RequestHeaders {
        fields = List.copyOf(fields);
    }

    /** One header. */
    public static RequestHeaders of(String name, String value) {
        return new RequestHeaders(List.of(new HeaderField(name, value)));
    }

    /** These and one more, alone under its name. */
    public RequestHeaders with(String name, String value) {
        List<HeaderField> more = new ArrayList<>(fields);
        more.removeIf(each -> each.name().equals(name));
        more.add(new HeaderField(name, value));
        return new RequestHeaders(more);
    }

    /** The value if the header was sent exactly once; a repeated header has no first one to trust. */
    public Optional<String> single(String name) {
        Optional<String> found = Optional.empty();
        for (HeaderField each : fields) {
            if (each.name().equals(name)) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                found = Optional.of(each.value());
            }
        }
        return found;
    }

    /** Whether the header was sent, once or more. */
    public boolean has(String name) {
        for (HeaderField each : fields) {
            if (each.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
