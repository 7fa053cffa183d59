/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.h2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What makes a header block malformed (RFC 9113 8.2, 8.3, 8.5). A malformed block is a stream error PROTOCOL_ERROR. */
final class HeaderRules {

    private static final Set<String> REQUEST_PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");

    /** RFC 9113 8.2.2: fields that speak about an HTTP/1.1 connection. */
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

    private HeaderRules() {}

    static RequestHead request(int streamId, List<HeaderField> block) throws H2Violation {
        Map<String, String> pseudo = new HashMap<>();
        List<HeaderField> fields = split(streamId, block, REQUEST_PSEUDO, pseudo);
        String method = pseudo.get(":method");
        if (method == null || method.isEmpty()) {
            throw malformed(streamId, "no :method");
        }
        String authority = pseudo.getOrDefault(":authority", "");
        if (method.equals(RequestHead.CONNECT)) {
            if (pseudo.containsKey(":scheme") || pseudo.containsKey(":path")) {
                throw malformed(streamId, "CONNECT with :scheme or :path (RFC 9113 8.5)");
            }
            if (authority.isEmpty()) {
                throw malformed(streamId, "CONNECT without :authority (RFC 9113 8.5)");
            }
        } else if (pseudo.getOrDefault(":scheme", "").isEmpty()
                || pseudo.getOrDefault(":path", "").isEmpty()) {
            throw malformed(streamId, "no :scheme or no :path");
        }
        if (authority.indexOf('@') >= 0) {
            throw malformed(streamId, ":authority with user information (RFC 9113 8.3.1)");
        }
        return new RequestHead(method, authority, fields);
    }

    static ResponseHead response(int streamId, List<HeaderField> block) throws H2Violation {
        Map<String, String> pseudo = new HashMap<>();
        List<HeaderField> fields = split(streamId, block, Set.of(":status"), pseudo);
        String status = pseudo.getOrDefault(":status", "");
        if (status.length() != 3 || !status.chars().allMatch(c -> c >= '0' && c <= '9') || status.charAt(0) == '0') {
            throw malformed(streamId, ":status is not three digits");
        }
        return new ResponseHead(Integer.parseInt(status), fields);
    }

    private static List<HeaderField> split(
            int streamId, List<HeaderField> block, Set<String> allowed, Map<String, String> pseudo) throws H2Violation {
        List<HeaderField> fields = new ArrayList<>(block.size());
        for (HeaderField each : block) {
            checkValue(streamId, each.value());
            if (each.name().startsWith(":")) {
                if (!fields.isEmpty()) {
                    throw malformed(streamId, "pseudo-header after a field");
                }
                if (!allowed.contains(each.name()) || pseudo.put(each.name(), each.value()) != null) {
                    throw malformed(streamId, "pseudo-header unknown here, or twice");
                }
            } else {
                checkField(streamId, each);
                fields.add(each);
            }
        }
        return fields;
    }

    private static void checkField(int streamId, HeaderField field) throws H2Violation {
        String name = field.name();
        if (!isName(name)) {
            throw malformed(streamId, "field name with a character that RFC 9113 8.2.1 forbids");
        }
        if (CONNECTION_FIELDS.contains(name)
                || name.equals("te") && !field.value().equals("trailers")) {
            throw malformed(streamId, "connection-specific field (RFC 9113 8.2.2)");
        }
    }

    /** Stricter than RFC 9113 8.2.1: no control character at all but TAB, since values reach logs and other hops. */
    private static void checkValue(int streamId, String value) throws H2Violation {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7f) {
                throw malformed(streamId, "field value with a control character");
            }
        }
        if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
            throw malformed(streamId, "field value begins or ends with white space");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** RFC 9110 5.6.2 token characters, lower case only. */
    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static H2Violation malformed(int streamId, String detail) {
        return H2Violation.stream(H2Code.PROTOCOL_ERROR, streamId, detail);
    }
}
