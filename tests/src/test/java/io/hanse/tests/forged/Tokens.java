/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.runtime.control.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes JWS by hand, since libraries refuse to make wrong ones. */
final class Tokens {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /** A token as a form to be filled in; correct until a forgery changes one part. */
    static final class Draft {

        final ObjectNode header = Json.mapper().createObjectNode();
        final ObjectNode claims = Json.mapper().createObjectNode();
        PrivateKey key;
        /** The algorithm that signs, whatever the header says. */
        String algorithm = "ES256";

        Draft(PrivateKey key) {
            this.key = key;
        }

        String sign() {
            return signed(header.toString(), claims.toString(), algorithm, key);
        }

        /** With the header or the claims as another text than the tree can say. */
        String sign(String headerText, String claimsText) {
            return signed(headerText, claimsText, algorithm, key);
        }
    }

    static String signed(String header, String claims, String algorithm, PrivateKey key) {
        String input = encode(header) + "." + encode(claims);
        return input + "."
                + BASE64URL.encodeToString(signature(algorithm, key, input.getBytes(StandardCharsets.US_ASCII)));
    }

    /** HMAC with whatever bytes: a public key, for one. */
    static String authenticated(String header, String claims, byte[] secret) {
        String input = encode(header) + "." + encode(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return input + "." + BASE64URL.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] signature(String algorithm, PrivateKey key, byte[] input) {
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        case "ES256" -> "SHA256withECDSA";
                        case "ES384" -> "SHA384withECDSA";
                        case "ES512" -> "SHA512withECDSA";
                        case "RS256" -> "SHA256withRSA";
                        case "PS256" -> "RSASSA-PSS";
                        default -> "Ed25519";
                    });
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(input);
            byte[] made = signature.sign();
            return switch (algorithm) {
                case "ES256" -> plain(made, 32);
                case "ES384" -> plain(made, 48);
                case "ES512" -> plain(made, 66);
                default -> made;
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From DER to the two numbers side by side (RFC 7518 3.4). */
    private static byte[] plain(byte[] der, int size) {
        int at = der[1] < 0 ? 3 : 2;
        byte[] both = new byte[2 * size];
        for (int i = 0; i < 2; i++) {
            int length = der[at + 1];
            byte[] number = new BigInteger(Arrays.copyOfRange(der, at + 2, at + 2 + length)).toByteArray();
            int from = Math.max(0, number.length - size);
            System.arraycopy(number, from, both, (i + 1) * size - (number.length - from), number.length - from);
            at += 2 + length;
        }
        return both;
    }
}
