/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.store;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The one-use secret of an invitation, {@value #BYTES} bytes. Proves knowledge by HMAC; never printed. */
public final class Secret {

    /** 256 bits: as strong as the hash that uses it, beyond guessing within any lifetime. */
    public static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A fresh one. */
    public static Secret random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(bytes);
    }

    /**
     * Reads the base64url form.
     *
     * @throws IllegalArgumentException if it is not {@value #BYTES} bytes of base64url
     */
    public static Secret parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("secret: wrong length (expected: 32 bytes of base64url)");
        }
        return new Secret(bytes);
    }

    /** The base64url form, for the invitation itself and the 0600 state file only. */
    public String reveal() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** HMAC-SHA-256 over {@code message}. */
    public byte[] sign(byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(bytes, HMAC));
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HmacSHA256 is missing from this Java runtime", e);
        }
    }

    /** Whether {@code proof} is this secret's HMAC over {@code message}; takes as long whatever differs. */
    public boolean verifies(byte[] message, byte[] proof) {
        return MessageDigest.isEqual(sign(message), proof);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sign(new byte[0]));
    }

    @Override
    public String toString() {
        return "secret";
    }
}
