/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.control.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Header and claims of a token, read before any of it is believed. Stricter than JWT libraries are: no repeated member,
 * nothing beside the Base64url alphabet, nothing after the JSON. Immutable.
 */
final class JwtParts {

    /** Most JWT-SVIDs with an RSA-4096 signature are below 2 KiB; spiffe-ca signs none that is longer than this. */
    static final int MAX_CHARACTERS = 8 << 10;

    /** The year 9999: beyond it a number is no date (RFC 7519 2, NumericDate). */
    private static final double LAST_SECOND = 253_402_300_799.0;

    private static final int COMPACT_PARTS = 3;
    private static final TypeReference<TreeMap<String, Object>> MEMBERS = new TypeReference<>() {};

    private final JsonNode header;
    private final JsonNode claims;

    private JwtParts(JsonNode header, JsonNode claims) {
        this.header = header;
        this.claims = claims;
    }

    /** A token that is refused before its meaning is looked at. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final ReasonCode reason;

        Unreadable(ReasonCode reason, String detail) {
            super(detail);
            this.reason = reason;
        }

        ReasonCode reason() {
            return reason;
        }
    }

    static JwtParts read(String token) throws Unreadable {
        if (token.length() > MAX_CHARACTERS) {
            throw new Unreadable(ReasonCode.TOKEN_TOO_LARGE, "it is longer than any JWT-SVID");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != COMPACT_PARTS) {
            throw new Unreadable(ReasonCode.TOKEN_MALFORMED, "it is not a JWS in compact form");
        }
        return new JwtParts(object(parts[0]), object(parts[1]));
    }

    private static JsonNode object(String part) throws Unreadable {
        try {
            JsonNode node = Json.mapper().readTree(Base64.getUrlDecoder().decode(part));
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            if (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")) {
                throw new Unreadable(ReasonCode.TOKEN_MEMBER_REPEATED, "it says a header or claim twice");
            }
        } catch (IOException | IllegalArgumentException e) {
            // Falls through: it is not Base64url, or not text.
        }
        throw new Unreadable(ReasonCode.TOKEN_MALFORMED, "it is not a JWS in compact form");
    }

    List<String> headers() {
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A text of the header; empty if it is absent, or something else. */
    Optional<String> header(String name) {
        return text(header.path(name));
    }

    Optional<String> subject() {
        return text(claims.path("sub"));
    }

    /** {@code aud} in either form, without empty texts. */
    List<String> audience() throws Unreadable {
        JsonNode aud = claims.path("aud");
        List<String> audience = new ArrayList<>();
        for (JsonNode one : aud.isArray() ? aud : List.of(aud)) {
            if (!one.isTextual() && !one.isMissingNode() && !one.isNull()) {
                throw new Unreadable(ReasonCode.TOKEN_CLAIMS, "its aud is neither text nor texts (RFC 7519 4.1.3)");
            }
            text(one).filter(name -> !name.isEmpty()).ifPresent(audience::add);
        }
        return audience;
    }

    /** A NumericDate among the claims. */
    Optional<Instant> date(String name) throws Unreadable {
        JsonNode value = claims.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        double seconds = value.doubleValue();
        if (!value.isNumber() || seconds < 0 || seconds > LAST_SECOND) {
            throw new Unreadable(ReasonCode.TOKEN_CLAIMS, "its %s is not a date (RFC 7519 2)".formatted(name));
        }
        return Optional.of(Instant.ofEpochSecond((long) seconds));
    }

    /** All claims as they stand in the token, {@code aud} as a list. */
    Map<String, Object> claims() throws Unreadable {
        Map<String, Object> all = Json.mapper().convertValue(claims, MEMBERS);
        all.values().removeIf(Objects::isNull);
        all.put("aud", audience());
        return all;
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
    }
}
