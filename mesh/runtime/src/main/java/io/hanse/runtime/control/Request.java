/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the control API.
 *
 * @param path values of the pattern's {@code {name}} parts, decoded
 * @param query first value of each query parameter, decoded
 * @param text the body as UTF-8 text; empty if there is none
 */
public record Request(Map<String, String> path, Map<String, String> query, String text) {

    public Request {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    /** The value of a {@code {name}} part of the pattern. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("path part: %s (expected: one of %s)".formatted(name, path.keySet()));
        }
        return value;
    }

    /** The value of a query parameter, if given. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /**
     * The body as a value.
     *
     * @throws Refusal 400 {@code malformed-body} if it is not JSON of this type
     */
    public <T> T body(Class<T> type) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8), type);
        } catch (JsonProcessingException e) {
            throw new Refusal(Reply.problem(
                    400, "malformed-body", "the body is not what this request takes", e.getOriginalMessage(), ""));
        }
    }
}
