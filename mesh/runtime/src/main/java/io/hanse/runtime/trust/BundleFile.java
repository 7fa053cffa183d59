/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.trust;

import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.files.StateException;
import io.hanse.wire.spiffe.JWTBundlesResponse;
import io.hanse.wire.spiffe.X509BundlesResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code bundles.bin}: the last good messages, length-delimited, X.509 first. Public material; 0600 all the same. */
final class BundleFile {

    private static final Logger log = LoggerFactory.getLogger(BundleFile.class);

    /** 16 MiB: 500 clusters with a dozen keys each stay below it. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final String NAME = "bundles.bin";

    private final Path path;

    BundleFile(Path stateDirectory) {
        this.path = stateDirectory.resolve(NAME);
    }

    record Kept(X509BundlesResponse x509, JWTBundlesResponse jwt, Instant writtenAt) {}

    Optional<Kept> read() {
        try {
            Optional<byte[]> bytes = SealedFile.readIfPresent(path, MAX_BYTES);
            return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(bytes.get()));
        } catch (IOException | StateException e) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("kept bundles cannot be read and are ignored");
            return Optional.empty();
        }
    }

    void write(X509BundlesResponse x509, JWTBundlesResponse jwt) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            x509.writeDelimitedTo(bytes);
            jwt.writeDelimitedTo(bytes);
            SealedFile.write(path, bytes.toByteArray());
        } catch (IOException | StateException e) {
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("bundles cannot be kept, they will not survive a restart");
        }
    }

    private Kept parse(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        X509BundlesResponse x509 = X509BundlesResponse.parseDelimitedFrom(in);
        JWTBundlesResponse jwt = JWTBundlesResponse.parseDelimitedFrom(in);
        if (x509 == null || jwt == null) {
            throw new IOException("the file ends early");
        }
        return new Kept(x509, jwt, Files.getLastModifiedTime(path).toInstant());
    }
}
