/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** P-256 certificates for {@link HaproxyPair}, of the same shape as SVIDs: a root and leaves that it signed. */
final class YardstickCertificates {

    private static final Duration LIFETIME = Duration.ofDays(1);

    private YardstickCertificates() {}

    /** Writes {@code ca.pem}, {@code client.pem} and {@code server.pem}, the last two with their keys. */
    static void write(Path folder) throws IOException {
        try {
            KeyPair root = keys();
            X509Certificate authority = certificate("load root", root, "load root", root, true);
            save(folder.resolve("ca.pem"), pem("CERTIFICATE", authority.getEncoded()));
            for (String end : new String[] {"client", "server"}) {
                KeyPair leaf = keys();
                X509Certificate certificate = certificate(end, leaf, "load root", root, false);
                save(
                        folder.resolve(end + ".pem"),
                        pem("CERTIFICATE", certificate.getEncoded())
                                + pem("PRIVATE KEY", leaf.getPrivate().getEncoded()));
            }
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("certificates for haproxy cannot be made", e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            String subject, KeyPair own, String issuer, KeyPair signing, boolean authority)
            throws OperatorCreationException, GeneralSecurityException, CertIOException {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Principal("CN=" + issuer),
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(LIFETIME)),
                Date.from(now.plus(LIFETIME)),
                new X500Principal("CN=" + subject),
                own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, body);
    }

    private static void save(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.US_ASCII);
    }
}
