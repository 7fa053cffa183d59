/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.xds.DeltaDiscoveryResponse;
import io.hanse.wire.xds.Resource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a peer told, as it told it, within bounds. Confined to its subscription's lock.
 *
 * <p>A resource that would break a bound is left out and reported; the others stand.
 */
final class ToldResources {

    /** 10,000 services and 50,000 endpoints of one peer: half of what a whole image is designed for. */
    static final int MAX_RESOURCES = 60_000;

    /** 60,000 resources of some 500 bytes. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    /** A service with 250 ports needs a few KiB. */
    static final int MAX_RESOURCE_BYTES = 64 * 1024;

    /** Istio's longest uid forms stay far below. */
    static final int MAX_NAME_CHARACTERS = 512;

    private final NavigableMap<String, Resource> resources = new TreeMap<>();
    private long bytes;

    /** Applies a response; what did not fit is returned. */
    Refusals apply(List<Resource> told, List<String> removed) {
        Refusals refusals = new Refusals();
        removed.forEach(this::drop);
        for (Resource resource : told) {
            String name = resource.getName();
            int size = resource.getSerializedSize();
            drop(name);
            if (name.length() > MAX_NAME_CHARACTERS) {
                refusals.add(
                        name,
                        ReasonCode.IMPORT_TOO_LARGE,
                        "name longer than %d characters".formatted(MAX_NAME_CHARACTERS));
            } else if (size > MAX_RESOURCE_BYTES) {
                refusals.add(name, ReasonCode.IMPORT_TOO_LARGE, "larger than %d bytes".formatted(MAX_RESOURCE_BYTES));
            } else if (resources.size() >= MAX_RESOURCES || bytes + size > MAX_BYTES) {
                refusals.add(
                        name,
                        ReasonCode.IMPORT_TOO_MANY,
                        "more than %d resources or %d bytes of one peer".formatted(MAX_RESOURCES, MAX_BYTES));
            } else {
                resources.put(name, resource);
                bytes += size;
            }
        }
        return refusals;
    }

    private void drop(String name) {
        Resource before = resources.remove(name);
        if (before != null) {
            bytes -= before.getSerializedSize();
        }
    }

    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        resources.forEach((name, resource) -> versions.put(name, resource.getVersion()));
        return versions;
    }

    Collection<Resource> all() {
        return resources.values();
    }

    byte[] toBytes() {
        return DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(XdsTypes.ADDRESS)
                .addAllResources(resources.values())
                .build()
                .toByteArray();
    }

    /** What {@link #toBytes} made; bounds are checked again, since a replica is not believed either. */
    static ToldResources of(byte[] told) throws InvalidProtocolBufferException {
        ToldResources read = new ToldResources();
        read.apply(DeltaDiscoveryResponse.parseFrom(told).getResourcesList(), List.of());
        return read;
    }
}
