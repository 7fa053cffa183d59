/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code own-svid.pem} and {@code own-roots.pem} in a role's state directory, both 0600. What cannot be read is not there. */
final class SvidFile {

    private static final Logger log = LoggerFactory.getLogger(SvidFile.class);

    private static final String SVID = "own-svid.pem";
    private static final String ROOTS = "own-roots.pem";

    private final Path svid;
    private final Path roots;

    SvidFile(Path stateDirectory) {
        this.svid = stateDirectory.resolve(SVID);
        this.roots = stateDirectory.resolve(ROOTS);
    }

    Optional<X509Svid> readSvid() {
        return read(svid).flatMap(bytes -> {
            try {
                return Optional.of(X509Svid.ofPem(bytes));
            } catch (MalformedSvid e) {
                return unreadable(svid, e);
            }
        });
    }

    Optional<TrustBundle> readRoots(TrustDomain trustDomain) {
        return read(roots).flatMap(bytes -> {
            try {
                List<X509Certificate> certificates = Pem.certificates(new String(bytes, StandardCharsets.US_ASCII));
                return Optional.of(TrustBundle.ofX509(trustDomain, certificates));
            } catch (MalformedSvid e) {
                return unreadable(roots, e);
            }
        });
    }

    /** When the roots were written. */
    Instant rootsWrittenAt() {
        try {
            return Files.getLastModifiedTime(roots).toInstant();
        } catch (IOException e) {
            return Instant.MIN;
        }
    }

    void writeSvid(X509Svid value) {
        DurableFile.write(svid, value.toPem());
    }

    void writeRoots(TrustBundle value) {
        StringBuilder text = new StringBuilder();
        value.x509Authorities().forEach(certificate -> text.append(Pem.format(certificate)));
        DurableFile.write(roots, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<byte[]> read(Path path) {
        try {
            return DurableFile.readIfPresent(path, Pem.MAX_CHARACTERS);
        } catch (StateException e) {
            return unreadable(path, e);
        }
    }

    private static <T> Optional<T> unreadable(Path path, Exception why) {
        log.atWarn()
                .addKeyValue("path", path)
                .addKeyValue("reason", why.getMessage())
                .log("file cannot be read and is ignored");
        return Optional.empty();
    }
}
