/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What an attacker can make: a well-formed X.509-SVID with any SPIFFE ID he likes, under a root of his own. Everything
 * about it is right except who signed it.
 */
final class ForgedIdentity {

    private static final Duration LIFETIME = Duration.ofHours(1);

    private ForgedIdentity() {}

    /** TLS that shows {@code spiffeId} signed by a fresh root for {@code trustDomain}, and takes any server. */
    static SSLContext claiming(String trustDomain, String spiffeId, Instant now) throws StepFailed {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair root = keys.generateKeyPair();
            KeyPair leaf = keys.generateKeyPair();
            X509Certificate rootCertificate = certificate(root, root, "spiffe://" + trustDomain, true, now);
            X509Certificate leafCertificate = certificate(leaf, root, spiffeId, false, now);
            return ShownIdentity.showing(leaf.getPrivate(), new X509Certificate[] {leafCertificate, rootCertificate});
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new StepFailed("the forged certificate could not be made: " + e.getMessage());
        }
    }

    private static X509Certificate certificate(
            KeyPair subject, KeyPair issuer, String spiffeId, boolean authority, Instant now)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        X500Name name = new X500Name("O=Forger");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(now.toEpochMilli()).add(BigInteger.valueOf(authority ? 1 : 2)),
                Date.from(now.minus(LIFETIME)),
                Date.from(now.plus(LIFETIME)),
                authority ? name : new X500Name("O=Forged"),
                subject.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.subjectAlternativeName,
                true,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId)));
        if (!authority) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    }
}
