/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS that shows what a process of a cluster holds: its {@code own-svid.pem}. The demo owns all its clusters. */
final class ShownIdentity {

    private static final char[] NO_PASSWORD = new char[0];
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private ShownIdentity() {}

    /** Shows the certificate in this file and proves the key in it; takes any server. */
    static SSLContext of(Path ownSvid) throws StepFailed {
        try {
            String text = Files.readString(ownSvid);
            Matcher key = KEY.matcher(text);
            int certificates = text.indexOf("-----BEGIN CERTIFICATE-----");
            if (!key.find() || certificates < 0) {
                throw new StepFailed(ownSvid + " holds no SVID");
            }
            PrivateKey proof = KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1))));
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(
                            text.substring(certificates).getBytes(StandardCharsets.US_ASCII)))
                    .toArray(new Certificate[0]);
            return showing(proof, chain);
        } catch (IOException | GeneralSecurityException e) {
            throw new StepFailed("%s cannot be shown: %s".formatted(ownSvid, e.getMessage()));
        }
    }

    /** Shows a chain. */
    static SSLContext showing(PrivateKey key, Certificate[] chain) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("shown", key, NO_PASSWORD, chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(managers.getKeyManagers(), new TrustManager[] {new AnyServer()}, null);
        return tls;
    }
}
