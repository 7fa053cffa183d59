/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.issuance;

import io.hanse.ca.attest.Refusal;
import io.hanse.ca.keys.CryptoProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a certification request (PKCS#10, RFC 2986) and takes one thing from it: a public key whose private half the
 * sender has proved to hold. Subject, names and every other attribute are ignored, as istiod ignores them: the
 * certificate names whom the caller was authenticated as.
 */
public final class Csr {

    /** Characters of PEM; an RSA-4096 request with names is below 3 KiB. */
    public static final int MAX_CHARACTERS = 16 * 1024;

    private static final int LEAST_RSA_BITS = 2048;
    /** Verifying with a longer key costs the signer much and gives the holder nothing. */
    private static final int MOST_RSA_BITS = 8192;
    /** Public exponents in use are 3 and 65537; a long one only makes verifying slow. */
    private static final int MOST_RSA_EXPONENT_BITS = 33;

    /** Those of keys and curves in use have a third of this. */
    private static final int MOST_NAME_CHARACTERS = 64;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String LABEL = "CERTIFICATE REQUEST-----";
    private static final String OLD_LABEL = "NEW CERTIFICATE REQUEST-----";

    private static final Map<String, String> SIGNATURES = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256.getId(), "SHA256withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA384.getId(), "SHA384withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA512.getId(), "SHA512withECDSA",
            PKCSObjectIdentifiers.sha256WithRSAEncryption.getId(), "SHA256withRSA",
            PKCSObjectIdentifiers.sha384WithRSAEncryption.getId(), "SHA384withRSA",
            PKCSObjectIdentifiers.sha512WithRSAEncryption.getId(), "SHA512withRSA");

    private static final Set<String> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1.getId(), SECObjectIdentifiers.secp384r1.getId());

    /** What a look at a request found. */
    public sealed interface Outcome {

        /** The sender holds the private half of {@code key}. */
        record Accepted(PublicKey key) implements Outcome {}

        /** The request is not usable. */
        record Refused(Refusal refusal) implements Outcome {}
    }

    private Csr() {}

    /** Reads and judges a PEM request. */
    public static Outcome read(String pem, CryptoProvider crypto) {
        if (pem.length() > MAX_CHARACTERS) {
            return refused(
                    Refusal.Code.CSR_TOO_LARGE,
                    "the request has %d characters (expected: at most %d)".formatted(pem.length(), MAX_CHARACTERS));
        }
        Optional<byte[]> der = decode(pem);
        if (der.isEmpty()) {
            return refused(Refusal.Code.CSR_MALFORMED, "the request is not one PEM block CERTIFICATE REQUEST");
        }
        try {
            return judge(new PKCS10CertificationRequest(der.get()), crypto);
        } catch (IOException | RuntimeException malformed) {
            // Bouncy Castle signals broken inner structures with many unchecked exceptions.
            return refused(Refusal.Code.CSR_MALFORMED, "the request is not PKCS#10");
        }
    }

    private static Outcome judge(PKCS10CertificationRequest request, CryptoProvider crypto) throws IOException {
        SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
        AlgorithmIdentifier algorithm = info.getAlgorithm();
        boolean isEc = algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey);
        boolean isRsa = algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption);
        if (!isEc && !isRsa) {
            return weak(
                    name(algorithm.getAlgorithm()).map("a key of type "::concat).orElse("a key of an unknown type"));
        }
        Optional<String> curve = name(algorithm.getParameters());
        if (isEc && !curve.filter(CURVES::contains).isPresent()) {
            return weak(curve.map("an EC key on curve "::concat).orElse("an EC key on an unnamed curve"));
        }
        String signature =
                SIGNATURES.get(request.getSignatureAlgorithm().getAlgorithm().getId());
        if (signature == null || signature.endsWith("ECDSA") != isEc) {
            return refused(
                    Refusal.Code.CSR_ALGORITHM,
                    "the request is signed with an algorithm that is not accepted (expected: ECDSA or RSA with SHA-256, SHA-384 or SHA-512)");
        }
        PublicKey key;
        try {
            key = crypto.publicKey(isEc ? "EC" : "RSA", info.getEncoded());
        } catch (GeneralSecurityException unusable) {
            return refused(Refusal.Code.CSR_MALFORMED, "the request's public key cannot be used");
        }
        if (key instanceof RSAPublicKey rsa && !isAcceptable(rsa)) {
            return weak("an RSA key of %d bits with exponent %s"
                    .formatted(
                            rsa.getModulus().bitLength(),
                            rsa.getPublicExponent().bitLength() <= MOST_RSA_EXPONENT_BITS
                                    ? rsa.getPublicExponent()
                                    : "too large"));
        }
        byte[] signed = request.toASN1Structure().getCertificationRequestInfo().getEncoded("DER");
        if (!crypto.verifies(signature, key, signed, request.getSignature())) {
            return refused(
                    Refusal.Code.CSR_SIGNATURE,
                    "the request is not signed by the key it names: no proof of possession");
        }
        return new Outcome.Accepted(key);
    }

    private static boolean isAcceptable(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        return bits >= LEAST_RSA_BITS
                && bits <= MOST_RSA_BITS
                && key.getPublicExponent().bitLength() <= MOST_RSA_EXPONENT_BITS
                && key.getPublicExponent().testBit(0)
                && key.getPublicExponent().intValue() != 1;
    }

    private static Optional<byte[]> decode(String pem) {
        String text = pem.strip();
        String label = text.startsWith(BEGIN + LABEL) ? LABEL : OLD_LABEL;
        String begin = BEGIN + label;
        String end = END + label;
        if (!text.startsWith(begin) || !text.endsWith(end) || text.length() < begin.length() + end.length()) {
            return Optional.empty();
        }
        try {
            String body = text.substring(begin.length(), text.length() - end.length());
            return Optional.of(Base64.getDecoder().decode(body.replaceAll("\\s", "")));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** An object identifier that a line can show; not what a sender may put in its place, of any kind and length. */
    private static Optional<String> name(@Nullable ASN1Encodable value) {
        return value instanceof ASN1ObjectIdentifier identifier
                ? Optional.of(identifier.getId()).filter(id -> id.length() <= MOST_NAME_CHARACTERS)
                : Optional.empty();
    }

    private static Outcome weak(String found) {
        return refused(
                Refusal.Code.CSR_KEY_WEAK,
                "the request holds " + found + " (expected: EC P-256, EC P-384, or RSA of 2048 bits or more)");
    }

    private static Outcome refused(Refusal.Code code, String detail) {
        return new Outcome.Refused(new Refusal(code, detail));
    }
}
