/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Textual encodings of certificates and keys (RFC 7468). Reads and writes; opens no file. */
public final class Pem {

    /** Characters; a root bundle of a hundred RSA-4096 certificates fits. */
    public static final int MAX_CHARACTERS = 512 * 1024;

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final char EOL = '\n';
    private static final int LINE = 64;

    private final List<X509Certificate> certificates;
    private final List<byte[]> keys;

    private Pem(List<X509Certificate> certificates, List<byte[]> keys) {
        this.certificates = certificates;
        this.keys = keys;
    }

    /** Every certificate of a text, in order; other blocks are ignored. */
    public static List<X509Certificate> certificates(String text) throws MalformedSvid {
        return parse(text.getBytes(StandardCharsets.UTF_8)).certificates();
    }

    /** One certificate as a PEM block with a final line break. */
    public static String format(X509Certificate certificate) {
        return block(CERTIFICATE, encoded(certificate));
    }

    /** Any DER as a PEM block with a final line break. */
    public static String block(String label, byte[] der) {
        return BEGIN
                + label
                + DASHES
                + EOL
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
                + EOL
                + END
                + label
                + DASHES
                + EOL;
    }

    static Pem parse(byte[] bytes) throws MalformedSvid {
        if (bytes.length > MAX_CHARACTERS) {
            throw new MalformedSvid("PEM: %d bytes (expected: at most %d)".formatted(bytes.length, MAX_CHARACTERS));
        }
        String text = new String(bytes, StandardCharsets.US_ASCII);
        List<X509Certificate> certificates = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            if (labelEnd < 0) {
                throw new MalformedSvid("PEM: a BEGIN line does not end");
            }
            String label = text.substring(at + BEGIN.length(), labelEnd);
            int end = text.indexOf(END + label + DASHES, labelEnd);
            if (end < 0) {
                throw new MalformedSvid("PEM: the block %s has no END line".formatted(label));
            }
            byte[] der = decode(label, text.substring(labelEnd + DASHES.length(), end));
            if (label.equals(CERTIFICATE)) {
                certificates.add(certificate(der));
            } else if (label.equals(PRIVATE_KEY)) {
                keys.add(der);
            }
            at = text.indexOf(BEGIN, end);
        }
        return new Pem(List.copyOf(certificates), keys);
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    PrivateKey privateKey() throws MalformedSvid {
        if (keys.size() != 1) {
            throw new MalformedSvid("PEM: %d private keys (expected: 1)".formatted(keys.size()));
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(keys.getFirst());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (GeneralSecurityException notEc) {
            return rsaKey(spec);
        }
    }

    private static PrivateKey rsaKey(PKCS8EncodedKeySpec spec) throws MalformedSvid {
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            throw new MalformedSvid("PEM: the private key is neither EC nor RSA in PKCS#8", e);
        }
    }

    static byte[] format(PrivateKey key, List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder(block(PRIVATE_KEY, key.getEncoded()));
        for (X509Certificate certificate : chain) {
            text.append(format(certificate));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] decode(String label, String body) throws MalformedSvid {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new MalformedSvid("PEM: the block %s is not base64".formatted(label), e);
        }
    }

    private static X509Certificate certificate(byte[] der) throws MalformedSvid {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new MalformedSvid("PEM: a certificate cannot be read", e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate lost its encoding (expected: parsed ones keep it)", e);
        }
    }
}
