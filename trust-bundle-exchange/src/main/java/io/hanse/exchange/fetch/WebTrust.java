/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom an https_web client believes: the system's authorities and, if set, those of one file (Federation 5.2.1.4). */
sealed interface WebTrust {

    /** A PEM bundle of a private authority with its predecessors; more is a mistake. */
    int MAX_FILE_BYTES = 1 << 20;

    /** Usable. */
    record Ready(X509ExtendedTrustManager manager) implements WebTrust {}

    /** The file of extra authorities cannot be used; nothing falls back to less. */
    record Unreadable(String detail) implements WebTrust {}

    static WebTrust of(Optional<Path> extraAuthorities) {
        try {
            X509ExtendedTrustManager system = manager(null);
            if (extraAuthorities.isEmpty()) {
                return new Ready(system);
            }
            Path file = extraAuthorities.get();
            if (Files.size(file) > MAX_FILE_BYTES) {
                return new Unreadable("%s is larger than %d bytes".formatted(file, MAX_FILE_BYTES));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (X509Certificate certificate : system.getAcceptedIssuers()) {
                store.setCertificateEntry("system-" + count++, certificate);
            }
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                store.setCertificateEntry("extra-" + count++, certificate);
            }
            return new Ready(manager(store));
        } catch (IOException | GeneralSecurityException e) {
            return new Unreadable("the authorities of %s cannot be read: %s (expected: PEM certificates)"
                    .formatted(extraAuthorities.map(Path::toString).orElse("this system"), e.getMessage()));
        }
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        TrustManager[] managers = factory.getTrustManagers();
        return Arrays.stream(managers)
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no X.509 trust manager"));
    }
}
