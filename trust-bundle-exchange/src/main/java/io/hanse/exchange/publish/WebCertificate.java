/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.ExchangeException.Code;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The certificate of the https_web endpoint, from two PEM files. Read at start; a renewed one takes a restart. */
public final class WebCertificate {

    /** A chain of a few certificates, or one key. */
    private static final int MAX_FILE_BYTES = 1 << 20;

    private WebCertificate() {}

    /**
     * Reads both files.
     *
     * @throws ExchangeException {@code CERTIFICATE_UNREADABLE}, naming the file
     */
    public static KeyCertOptions read(Path certificate, Path key) {
        return new PemKeyCertOptions()
                .addCertValue(pem(certificate, "-----BEGIN CERTIFICATE-----"))
                .addKeyValue(pem(key, "PRIVATE KEY-----"));
    }

    private static Buffer pem(Path file, String mark) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw unreadable(
                        file, "it is larger than %d bytes".formatted(MAX_FILE_BYTES), new IOException("too large"));
            }
            String text = Files.readString(file);
            if (!text.contains(mark)) {
                throw unreadable(file, "it holds no PEM block " + mark, new IOException("no PEM"));
            }
            return Buffer.buffer(text);
        } catch (IOException e) {
            throw unreadable(file, "it cannot be read: " + e, e);
        }
    }

    private static ExchangeException unreadable(Path file, String why, IOException cause) {
        return new ExchangeException(
                Code.CERTIFICATE_UNREADABLE,
                "%s: %s".formatted(file, why),
                "correct webCertificate and webKey in the section trust-bundle-exchange",
                cause);
    }
}
