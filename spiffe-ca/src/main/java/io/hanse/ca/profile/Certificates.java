/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.profile;

import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.SigningKey;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Date;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * The two certificate profiles of X509-SVID.md.
 *
 * <ul>
 *   <li>Authority (3.2, 4.1, 4.3): self-signed, one URI SAN {@code spiffe://td}, critical {@code cA} and critical
 *       {@code keyCertSign, cRLSign}, no extended key usage, SKI and AKI, and a Subject of its own, because verifiers
 *       look issuers up by Subject and some give up after many equal ones.
 *   <li>Leaf (2, 3.1, 4.1, 4.3, 4.4): empty Subject and therefore a critical SAN (RFC 5280 4.2.1.6) with exactly one URI,
 *       critical {@code digitalSignature} and nothing else, both server and client authentication, SKI and AKI.
 * </ul>
 */
public final class Certificates {

    /** RFC 5280 4.1.2.2: positive and at most 20 octets, so 159 random bits. */
    private static final int SERIAL_BITS = 159;

    private static final X500Name EMPTY_SUBJECT = new X500Name(new RDN[0]);

    private Certificates() {}

    /** A serial number nobody can guess. */
    public static BigInteger randomSerial(SecureRandom random) {
        BigInteger serial;
        do {
            serial = new BigInteger(SERIAL_BITS, random);
        } while (serial.signum() == 0);
        return serial;
    }

    /** The self-signed certificate of an authority. */
    public static X509Certificate authority(
            TrustDomain trustDomain, SigningKey key, Lifetime lifetime, BigInteger serial) {
        X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "Hanse")
                .addRDN(BCStyle.SERIALNUMBER, key.keyId())
                .build();
        byte[] keyId = SigningKey.keyIdOf(key.publicKey());
        try {
            X509v3CertificateBuilder builder = builder(subject, serial, lifetime, subject, key.publicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectAlternativeName, false, uri(trustDomain.id()));
            builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId));
            return signed(builder, key);
        } catch (IOException unencodable) {
            throw bug(unencodable);
        }
    }

    /**
     * A leaf.
     *
     * @param issuer the certificate of {@code key}
     */
    public static X509Certificate leaf(
            SpiffeId id,
            PublicKey subjectKey,
            Lifetime lifetime,
            BigInteger serial,
            X509Certificate issuer,
            SigningKey key) {
        if (id.isTrustDomainId()) {
            throw new IllegalArgumentException("id: %s (expected: a path, X509-SVID 3.1)".formatted(id));
        }
        X500Name issuerName =
                X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        byte[] issuerKeyId = SigningKey.keyIdOf(key.publicKey());
        try {
            X509v3CertificateBuilder builder = builder(issuerName, serial, lifetime, EMPTY_SUBJECT, subjectKey);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, true, uri(id));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(SigningKey.keyIdOf(subjectKey)));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(issuerKeyId));
            return signed(builder, key);
        } catch (IOException unencodable) {
            throw bug(unencodable);
        }
    }

    /**
     * Decodes one certificate.
     *
     * @throws CaException if the bytes are not a certificate
     */
    public static X509Certificate decode(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException malformed) {
            throw new CaException(
                    CaException.Code.STATE,
                    "a stored certificate cannot be read",
                    "restore the state directory from a backup",
                    malformed);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, BigInteger serial, Lifetime lifetime, X500Name subject, PublicKey key) {
        return new X509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(lifetime.notBefore()),
                Date.from(lifetime.notAfter()),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static GeneralNames uri(SpiffeId id) {
        return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, id.toString()));
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, SigningKey key) throws IOException {
        X509CertificateHolder holder = builder.build(new SigningKeyContentSigner(key));
        return decode(holder.getEncoded());
    }

    private static CaException bug(IOException unencodable) {
        return new CaException(
                CaException.Code.INVARIANT, "a certificate cannot be encoded", "report this as a bug", unencodable);
    }
}
