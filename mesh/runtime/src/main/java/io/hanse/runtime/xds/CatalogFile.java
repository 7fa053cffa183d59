/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.runtime.files.SealedFile;
import io.hanse.runtime.files.StateException;
import io.hanse.wire.xds.Resource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code catalog.bin}: the last good image as length-delimited resources, each under the version the registry gave it. */
final class CatalogFile {

    private static final Logger log = LoggerFactory.getLogger(CatalogFile.class);

    /** 256 MiB: 100,000 endpoints and 10,000 services of some 500 bytes are a quarter of it. */
    private static final int MAX_BYTES = 256 * 1024 * 1024;

    private static final String NAME = "catalog.bin";

    private final Path path;
    private final WdsCodec codec;

    CatalogFile(Path stateDirectory, WdsCodec codec) {
        this.path = stateDirectory.resolve(NAME);
        this.codec = codec;
    }

    record Kept(List<Resource> addresses, List<Resource> policies) {}

    Optional<Kept> read() {
        try {
            Optional<byte[]> bytes = SealedFile.readIfPresent(path, MAX_BYTES);
            return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(bytes.get()));
        } catch (IOException | StateException e) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("kept catalog cannot be read and is ignored");
            return Optional.empty();
        }
    }

    /** Writes what has a version: a policy that only stands in for an unreadable one has none. */
    void write(CatalogImage image, Map<String, String> addressVersions, Map<String, String> policyVersions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (var service : image.services().values()) {
                put(bytes, codec.encode(service), addressVersions);
            }
            for (var workload : image.workloads().values()) {
                put(bytes, codec.encode(workload), addressVersions);
            }
            for (var policy : image.policies().values()) {
                put(bytes, AuthorizationCodec.encode(policy), policyVersions);
            }
            SealedFile.write(path, bytes.toByteArray());
        } catch (IOException | StateException e) {
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("catalog cannot be kept, it will not survive a restart");
        }
    }

    private static void put(ByteArrayOutputStream out, Resource resource, Map<String, String> versions)
            throws IOException {
        String version = versions.get(resource.getName());
        if (version != null) {
            resource.toBuilder().setVersion(version).build().writeDelimitedTo(out);
        }
    }

    private static Kept parse(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        List<Resource> addresses = new ArrayList<>();
        List<Resource> policies = new ArrayList<>();
        for (Resource next = Resource.parseDelimitedFrom(in); next != null; next = Resource.parseDelimitedFrom(in)) {
            (next.getResource().getTypeUrl().equals(XdsTypes.ADDRESS) ? addresses : policies).add(next);
        }
        return new Kept(addresses, policies);
    }
}
