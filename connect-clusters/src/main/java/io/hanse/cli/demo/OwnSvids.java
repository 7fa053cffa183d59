/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** Who signed the certificates that a cluster's processes hold for themselves ({@code state/<role>/own-svid.pem}). */
public final class OwnSvids {

    private OwnSvids() {}

    /** Key ids of the signers, lower-case hex. Of the files only the certificates are read, never the keys. */
    public static Set<String> signers(Path state) {
        Set<String> signers = new TreeSet<>();
        try (Stream<Path> roles = Files.list(state)) {
            List<Path> files = roles.map(role -> role.resolve("own-svid.pem"))
                    .filter(Files::isRegularFile)
                    .toList();
            for (Path file : files) {
                signers.add(signer(file));
            }
            return signers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String signer(Path file) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
        if (begin < 0) {
            return "none";
        }
        try (InputStream in = new java.io.ByteArrayInputStream(
                text.substring(begin).getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            X509Certificate leaf =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            byte[] extension = leaf.getExtensionValue(Extension.authorityKeyIdentifier.getId());
            return extension == null
                    ? "none"
                    : HexFormat.of()
                            .formatHex(AuthorityKeyIdentifier.getInstance(ASN1OctetString.getInstance(extension)
                                            .getOctets())
                                    .getKeyIdentifierOctets());
        } catch (CertificateException e) {
            return "unreadable";
        }
    }
}
