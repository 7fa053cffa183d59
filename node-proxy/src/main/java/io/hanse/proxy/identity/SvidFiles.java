/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.identity;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.InWords;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.PrivateDirectory;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PEM file for each identity, 0600, named by a hash of the ID since an ID may be longer than a file name. A file that
 * cannot be read or written costs a round trip after the next restart and nothing else, so it is said and not thrown.
 */
final class SvidFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SvidFiles.class);

    private final Path directory;

    SvidFiles(Path directory) {
        PrivateDirectory.create(directory);
        this.directory = directory;
    }

    Optional<X509Svid> read(SpiffeId id) {
        Path file = file(id);
        try {
            Optional<byte[]> pem = DurableFile.readIfPresent(file, Pem.MAX_CHARACTERS);
            return pem.isEmpty()
                    ? Optional.empty()
                    : Optional.of(X509Svid.ofPem(pem.get()))
                            .filter(svid -> svid.id().equals(id));
        } catch (StateException | MalformedSvid e) {
            tell(file, e, "a workload's certificate file cannot be read and is ignored");
            return Optional.empty();
        }
    }

    void write(X509Svid svid) {
        Path file = file(svid.id());
        try {
            DurableFile.write(file, svid.toPem());
        } catch (StateException e) {
            tell(file, e, "a workload's certificate cannot be kept; it will not survive a restart");
        }
    }

    void delete(SpiffeId id) {
        Path file = file(id);
        try {
            DurableFile.delete(file);
        } catch (StateException e) {
            tell(file, e, "the certificate file of a workload that left cannot be deleted");
        }
    }

    private Path file(SpiffeId id) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(id.toString().getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".pem");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java has", e);
        }
    }

    private static void tell(Path file, Exception why, String what) {
        LOG.atWarn()
                .addKeyValue(LogKeys.PATH, file)
                .addKeyValue(LogKeys.REASON, InWords.of(why))
                .log(what);
    }
}
