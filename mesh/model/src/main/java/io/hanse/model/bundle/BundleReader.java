/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.key.AcceptedKeys;
import io.hanse.model.reason.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one bundle document, token by token. */
final class BundleReader {

    /** Deeper than any key; only unknown members can nest further. */
    private static final int MAX_DEPTH = 16;
    /** A certificate with an RSA-8192 key and signature in Base64 takes a tenth. */
    private static final int MAX_STRING_CHARACTERS = 64 * 1024;

    private static final int MAX_NAME_CHARACTERS = 1024;
    private static final int MAX_NUMBER_CHARACTERS = 100;

    private static final String SEQUENCE = "spiffe_sequence";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names come from strangers: keep none of them beyond the document.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING_CHARACTERS)
                    .maxNameLength(MAX_NAME_CHARACTERS)
                    .maxNumberLength(MAX_NUMBER_CHARACTERS)
                    .build())
            .build();

    private final JsonParser parser;
    private final List<X509Certificate> x509 = new ArrayList<>();
    private final List<JwtAuthority> jwt = new ArrayList<>();
    private final Set<String> keyIds = new HashSet<>();
    private boolean hasKeys;
    private OptionalLong sequence = OptionalLong.empty();
    private Optional<Duration> refreshHint = Optional.empty();

    private BundleReader(JsonParser parser) {
        this.parser = parser;
    }

    static TrustBundle read(TrustDomain trustDomain, byte[] json, int maxBytes) throws MalformedBundle {
        if (json.length > maxBytes) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_TOO_LARGE,
                    "bundle: %d bytes (expected: at most %d)".formatted(json.length, maxBytes));
        }
        try (JsonParser parser = JSON.createParser(utf8(json))) {
            BundleReader reader = new BundleReader(parser);
            reader.document();
            return new TrustBundle(trustDomain, reader.x509, reader.jwt, reader.sequence, reader.refreshHint);
        } catch (StreamConstraintsException e) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_TOO_LARGE,
                    "bundle: deeper or longer inside than any bundle (expected: a JWK set, Bundle 4.1)",
                    e);
        } catch (JsonProcessingException e) {
            boolean repeated = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw new MalformedBundle(
                    repeated ? ReasonCode.BUNDLE_MEMBER_REPEATED : ReasonCode.BUNDLE_MALFORMED,
                    "bundle: %s%s (expected: a JWK set, Bundle 4.1)"
                            .formatted(repeated ? "a member repeated" : "not JSON", where(e)),
                    e);
        } catch (IOException e) {
            throw new MalformedBundle(ReasonCode.BUNDLE_MALFORMED, "bundle: unreadable (expected: JSON in UTF-8)", e);
        }
    }

    private static String where(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    /** RFC 8259 8.1: UTF-8 and nothing else between systems; left to itself the parser would guess. */
    private static String utf8(byte[] json) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    }

    private void document() throws IOException, MalformedBundle {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_MALFORMED, "bundle: not an object (expected: a JWK set, Bundle 4.1)");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (member) {
                case "keys" -> keys(value);
                case SEQUENCE -> sequence = OptionalLong.of(number(member, value));
                case "spiffe_refresh_hint" -> {
                    long seconds = number(member, value);
                    // SPIRE leaves a zero out; whoever writes it means the same.
                    refreshHint = seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
                }
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_MALFORMED, "bundle: more after its end (expected: one JSON document)");
        }
        if (!hasKeys) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_WITHOUT_KEYS,
                    "bundle: no member keys (expected: an array, empty if all is revoked, Bundle 4.1.3)");
        }
    }

    private long number(String member, JsonToken value) throws IOException, MalformedBundle {
        boolean fits = value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != NumberType.BIG_INTEGER;
        if (!fits || parser.getLongValue() < 0) {
            throw new MalformedBundle(
                    member.equals(SEQUENCE) ? ReasonCode.BUNDLE_SEQUENCE_MALFORMED : ReasonCode.BUNDLE_HINT_MALFORMED,
                    "%s: not such a number (expected: an integer from 0 to 2^63-1, Bundle 4.1)".formatted(member));
        }
        return parser.getLongValue();
    }

    private void keys(JsonToken value) throws IOException, MalformedBundle {
        if (value != JsonToken.START_ARRAY) {
            throw new MalformedBundle(ReasonCode.BUNDLE_MALFORMED, "keys: not an array (expected: JWKs, Bundle 4.1.3)");
        }
        hasKeys = true;
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == BundleJson.MAX_KEYS) {
                throw new MalformedBundle(
                        ReasonCode.BUNDLE_TOO_LARGE,
                        "keys: too many (expected: at most %d)".formatted(BundleJson.MAX_KEYS));
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new MalformedBundle(
                        ReasonCode.BUNDLE_MALFORMED,
                        "keys[%d]: not an object (expected: a JWK, RFC 7517 4)".formatted(i));
            }
            try {
                use(Jwk.read(parser));
            } catch (MalformedBundle e) {
                throw new MalformedBundle(e.reason(), "keys[%d]: %s".formatted(i, e.getMessage()), e);
            }
        }
    }

    private void use(Jwk jwk) throws MalformedBundle {
        if (!jwk.hasKnownType()) {
            return;
        }
        if (jwk.isPrivate()) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_KEY_PRIVATE, "a private key (expected: a public one, RFC 7518 6)");
        }
        switch (jwk.use()) {
            case Jwk.X509_SVID -> {
                Optional<X509Certificate> certificate = jwk.certificate();
                if (certificate.isPresent()
                        && AcceptedKeys.accepts(certificate.get().getPublicKey())
                        && !x509.contains(certificate.get())) {
                    x509.add(certificate.get());
                }
            }
            case Jwk.JWT_SVID -> {
                Optional<PublicKey> key = jwk.publicKey();
                if (jwk.kid().isEmpty() || key.isEmpty() || !AcceptedKeys.accepts(key.get())) {
                    return;
                }
                if (!keyIds.add(jwk.kid())) {
                    throw new MalformedBundle(
                            ReasonCode.BUNDLE_KEY_REPEATED, "kid used twice (expected: one key per kid, RFC 7517 4.5)");
                }
                jwt.add(new JwtAuthority(jwk.kid(), key.get()));
            }
            default -> {
                // BND-4.2.2: skip what is meant for something else.
            }
        }
    }
}
