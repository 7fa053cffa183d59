/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.web.Body;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The problem document (RFC 9457) with which a bundle endpoint refuses a POST: our {@code code}, {@code reason} and {@code next} in it. */
public final class PeerProblem {

    /** Its media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A sentence; a peer's words are shown to our operator and must not fill the screen. */
    private static final int SHOWN_CHARACTERS = 400;

    private PeerProblem() {}

    /** Writes a refusal. */
    public static Body format(Outcome.Refused<?> refused) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("title", refused.code().title());
        members.put("status", refused.code().status());
        members.put("detail", refused.text());
        members.put("code", refused.code().name());
        members.put("reason", refused.reason().name());
        members.put("next", refused.next());
        return Body.of(Json.bytes(members));
    }

    /** Reads one that a verified peer sent; empty if it is not one with a code we know. */
    static <T> Optional<Outcome.Refused<T>> parse(Body body) {
        try {
            JsonNode node = Json.mapper().readTree(body.bytes());
            String code = node.path("code").asText();
            return Arrays.stream(RefusalCode.values())
                    .filter(known -> known.name().equals(code))
                    .findFirst()
                    .map(known -> new Outcome.Refused<>(
                            known,
                            reason(node.path("reason").asText()).orElseGet(known::reason),
                            plain(node.path("detail").asText()),
                            plain(node.path("next").asText())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<ReasonCode> reason(String name) {
        return Arrays.stream(ReasonCode.values())
                .filter(known -> known.name().equals(name))
                .findFirst();
    }

    /** Printable ASCII of bounded length: nothing a terminal would act upon. */
    static String plain(String said) {
        StringBuilder text = new StringBuilder();
        said.codePoints()
                .limit(SHOWN_CHARACTERS)
                .map(c -> c < 0x20 || c > 0x7e ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
