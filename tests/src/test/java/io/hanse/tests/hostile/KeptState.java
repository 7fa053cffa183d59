/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.model.bundle.BundleMap;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.PrivateDirectory;
import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.trust.BundleMessages;
import io.hanse.runtime.xds.WdsCodec;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The state folder of a process that has run before, so that it serves without a control plane (design, invariant 4): own
 * SVID, bundles, catalog.
 */
final class KeptState {

    private final Path folder;

    KeptState(Path folder) {
        this.folder = PrivateDirectory.create(folder);
    }

    void identity(TestSvid svid, BundleMap own) throws IOException, MalformedSvid {
        DurableFile.write(folder.resolve("own-svid.pem"), pem(svid));
        StringBuilder roots = new StringBuilder();
        own.bundles()
                .values()
                .forEach(bundle -> bundle.x509Authorities().forEach(root -> roots.append(Pem.format(root))));
        DurableFile.write(folder.resolve("own-roots.pem"), roots.toString().getBytes(StandardCharsets.US_ASCII));
    }

    void bundles(BundleMap map) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BundleMessages.x509(map).writeDelimitedTo(bytes);
        BundleMessages.jwt(map).writeDelimitedTo(bytes);
        SealedFile.write(folder.resolve("bundles.bin"), bytes.toByteArray());
    }

    void catalog(List<Service> services, List<Workload> workloads) throws IOException {
        WdsCodec codec = new WdsCodec("bergen");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Service each : services) {
            codec.encode(each).writeDelimitedTo(bytes);
        }
        for (Workload each : workloads) {
            codec.encode(each).writeDelimitedTo(bytes);
        }
        SealedFile.write(folder.resolve("catalog.bin"), bytes.toByteArray());
    }

    void workload(TestSvid svid) throws MalformedSvid, NoSuchAlgorithmException {
        Path svids = PrivateDirectory.create(folder.resolve("svids"));
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(svid.id().toString().getBytes(StandardCharsets.UTF_8));
        DurableFile.write(svids.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".pem"), pem(svid));
    }

    private static byte[] pem(TestSvid svid) throws MalformedSvid {
        return X509Svid.of(svid.chain(), svid.key()).toPem();
    }
}
