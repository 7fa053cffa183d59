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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom an https_web client believes (Federation 5.2.1.4): the authorities of this Java runtime, or of one file in their
 * place; and beside them, if the relationship names one, those of another file.
 */
sealed interface WebTrust {

    /** A PEM bundle of a private authority with its predecessors; more is a mistake. */
    int MAX_FILE_BYTES = 1 << 20;

    /** Usable. */
    record Ready(X509ExtendedTrustManager manager) implements WebTrust {}

    /** A file of authorities cannot be used; nothing falls back to less. */
    record Unreadable(String detail) implements WebTrust {}

    /**
     * Reads the files anew, so that a replaced file counts from the next fetch on.
     *
     * @param store PEM file in place of the runtime's authorities
     * @param extra PEM file beside them
     */
    static WebTrust of(Optional<Path> store, Optional<Path> extra) {
        Path reading = Path.of("this Java runtime");
        try {
            if (store.isEmpty() && extra.isEmpty()) {
                return new Ready(new WebTrustManager(manager(null)));
            }
            KeyStore all = KeyStore.getInstance("PKCS12");
            all.load(null, null);
            if (store.isEmpty()) {
                add(all, "system", List.of(manager(null).getAcceptedIssuers()));
            }
            for (Path file : Stream.of(store, extra).flatMap(Optional::stream).toList()) {
                reading = file;
                add(all, file.toString(), read(file));
            }
            return new Ready(new WebTrustManager(manager(all)));
        } catch (IOException | GeneralSecurityException e) {
            return new Unreadable("the authorities of %s cannot be read: %s (expected: PEM certificates)"
                    .formatted(reading, e.getMessage()));
        }
    }

    private static void add(KeyStore all, String from, Collection<? extends Certificate> certificates)
            throws GeneralSecurityException {
        int count = 0;
        for (Certificate certificate : certificates) {
            all.setCertificateEntry(from + "-" + count++, certificate);
        }
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("it is larger than %d bytes".formatted(MAX_FILE_BYTES));
        }
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (certificates.isEmpty()) {
            throw new IOException("it holds no certificate");
        }
        return certificates;
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
