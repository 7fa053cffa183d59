/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hanse.model.key.Curve;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

/** Writes one bundle document: no white space, members in one order, keys in the bundle's order. */
final class BundleWriter {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final JsonGenerator out;

    private BundleWriter(JsonGenerator out) {
        this.out = out;
    }

    static byte[] write(TrustBundle bundle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            new BundleWriter(out).document(bundle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void document(TrustBundle bundle) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("keys");
        for (X509Certificate authority : bundle.x509Authorities()) {
            x509(authority);
        }
        for (JwtAuthority authority : bundle.jwtAuthorities()) {
            jwt(authority);
        }
        out.writeEndArray();
        if (bundle.sequence().isPresent()) {
            out.writeNumberField("spiffe_sequence", bundle.sequence().getAsLong());
        }
        long hint = bundle.refreshHint().map(Duration::toSeconds).orElse(0L);
        if (hint > 0) {
            out.writeNumberField("spiffe_refresh_hint", hint);
        }
        out.writeEndObject();
    }

    /** X509-SVID 6.1: no {@code kid}, one certificate. */
    private void x509(X509Certificate authority) throws IOException {
        out.writeStartObject();
        out.writeStringField("use", Jwk.X509_SVID);
        key(authority.getPublicKey());
        out.writeArrayFieldStart("x5c");
        try {
            out.writeString(Base64.getEncoder().encodeToString(authority.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("authority: it has no encoding (expected: a certificate)", e);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** JWT-SVID 6.1: with {@code kid}. */
    private void jwt(JwtAuthority authority) throws IOException {
        out.writeStartObject();
        out.writeStringField("use", Jwk.JWT_SVID);
        out.writeStringField("kid", authority.keyId());
        key(authority.key());
        out.writeEndObject();
    }

    private void key(PublicKey key) throws IOException {
        switch (key) {
            case ECPublicKey ec -> ec(ec);
            case RSAPublicKey rsa -> {
                out.writeStringField("kty", Jwk.RSA);
                out.writeStringField("n", URL.encodeToString(unsigned(rsa.getModulus())));
                out.writeStringField("e", URL.encodeToString(unsigned(rsa.getPublicExponent())));
            }
            default -> throw unpublishable(key);
        }
    }

    private void ec(ECPublicKey key) throws IOException {
        Curve curve = Curve.of(key).orElseThrow(() -> unpublishable(key));
        ECPoint point = key.getW();
        out.writeStringField("kty", Jwk.EC);
        out.writeStringField("crv", curve.jwkName());
        out.writeStringField("x", URL.encodeToString(padded(point.getAffineX(), curve)));
        out.writeStringField("y", URL.encodeToString(padded(point.getAffineY(), curve)));
    }

    private static IllegalArgumentException unpublishable(PublicKey key) {
        return new IllegalArgumentException(
                "key: %s (expected: EC on a NIST curve, or RSA)".formatted(key.getAlgorithm()));
    }

    private static byte[] padded(BigInteger coordinate, Curve curve) {
        byte[] digits = unsigned(coordinate);
        byte[] padded = new byte[curve.coordinateBytes()];
        System.arraycopy(digits, 0, padded, padded.length - digits.length, digits.length);
        return padded;
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] signed = number.toByteArray();
        boolean hasSignByte = signed.length > 1 && signed[0] == 0;
        return hasSignByte ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
    }
}
