/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hanse.model.key.Curve;
import io.hanse.model.reason.ReasonCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of one JSON Web Key that bundles use (RFC 7517 4, RFC 7518 6), as texts; an absent one is empty.
 *
 * @param x5c its first certificate only (X509-SVID 6.2)
 * @param isPrivate whether it holds its private half, which is not read
 */
record Jwk(
        String kty,
        String use,
        String kid,
        String crv,
        String x,
        String y,
        String n,
        String e,
        String x5c,
        boolean isPrivate) {

    static final String X509_SVID = "x509-svid";
    static final String JWT_SVID = "jwt-svid";
    static final String EC = "EC";
    static final String RSA = "RSA";

    /** The private exponent of RSA and the private number of EC; without it the other private members mean nothing. */
    private static final String PRIVATE = "d";

    private static final Set<String> MEMBERS = Set.of("kty", "use", "kid", "crv", "x", "y", "n", "e");

    /** Reads the object that the parser has just entered, to its end. */
    static Jwk read(JsonParser parser) throws IOException {
        Map<String, String> texts = new HashMap<>();
        boolean isPrivate = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            JsonToken value = parser.nextToken();
            isPrivate |= member.equals(PRIVATE);
            if (value == JsonToken.VALUE_STRING && MEMBERS.contains(member)) {
                texts.put(member, parser.getText());
            } else if (value == JsonToken.START_ARRAY && member.equals("x5c")) {
                firstText(parser).ifPresent(text -> texts.put(member, text));
            } else {
                parser.skipChildren();
            }
        }
        return new Jwk(
                texts.getOrDefault("kty", ""),
                texts.getOrDefault("use", ""),
                texts.getOrDefault("kid", ""),
                texts.getOrDefault("crv", ""),
                texts.getOrDefault("x", ""),
                texts.getOrDefault("y", ""),
                texts.getOrDefault("n", ""),
                texts.getOrDefault("e", ""),
                texts.getOrDefault("x5c", ""),
                isPrivate);
    }

    private static Optional<String> firstText(JsonParser parser) throws IOException {
        Optional<String> first = Optional.empty();
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == 0 && parser.currentToken() == JsonToken.VALUE_STRING) {
                first = Optional.of(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return first;
    }

    /** BND-4.2.1: a key of another type is skipped. */
    boolean hasKnownType() {
        return kty.equals(EC) || kty.equals(RSA);
    }

    /** The certificate; empty if there is no {@code x5c}. */
    Optional<X509Certificate> certificate() throws MalformedBundle {
        if (x5c.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] der = Base64.getDecoder().decode(x5c);
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // The factory also takes PEM, and leaves what follows unread.
            if (!Arrays.equals(der, certificate.getEncoded())) {
                throw new MalformedBundle(
                        ReasonCode.BUNDLE_KEY_MALFORMED,
                        "x5c: more than a certificate (expected: one in DER, RFC 7517 4.7)");
            }
            return Optional.of(certificate);
        } catch (CertificateException | IllegalArgumentException ex) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_KEY_MALFORMED,
                    "x5c: unreadable (expected: Base64 of a certificate in DER, RFC 7517 4.7)",
                    ex);
        }
    }

    /** The public key; empty if its curve is not one that counts. */
    Optional<PublicKey> publicKey() throws MalformedBundle {
        try {
            return kty.equals(EC) ? ecKey() : Optional.of(rsaKey());
        } catch (GeneralSecurityException | IllegalArgumentException ex) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_KEY_MALFORMED, "unreadable (expected: a key of RFC 7518 6)", ex);
        }
    }

    private Optional<PublicKey> ecKey() throws GeneralSecurityException, MalformedBundle {
        Optional<Curve> curve = Curve.ofJwk(crv);
        if (curve.isEmpty()) {
            return Optional.empty();
        }
        ECPoint point = new ECPoint(coordinate(x, curve.get()), coordinate(y, curve.get()));
        if (!curve.get().holds(point)) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_KEY_MALFORMED, "x, y: not on the curve (expected: a point of %s)".formatted(crv));
        }
        return Optional.of(KeyFactory.getInstance(EC)
                .generatePublic(new ECPublicKeySpec(point, curve.get().parameters())));
    }

    private PublicKey rsaKey() throws GeneralSecurityException {
        return KeyFactory.getInstance(RSA).generatePublic(new RSAPublicKeySpec(unsigned(n), unsigned(e)));
    }

    private static BigInteger coordinate(String text, Curve curve) throws MalformedBundle {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != curve.coordinateBytes()) {
            throw new MalformedBundle(
                    ReasonCode.BUNDLE_KEY_MALFORMED,
                    "x, y: %d bytes (expected: %d, RFC 7518 6.2.1)".formatted(bytes.length, curve.coordinateBytes()));
        }
        return new BigInteger(1, bytes);
    }

    private static BigInteger unsigned(String text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    }
}
