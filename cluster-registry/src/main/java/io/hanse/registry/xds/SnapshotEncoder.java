/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.registry.catalog.Published;
import io.hanse.registry.export.ExportView;
import io.hanse.wire.xds.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Encodes publications of the catalog. What did not change since the one before is not encoded again. One thread at a
 * time.
 */
final class SnapshotEncoder {

    private static final NodeDuties NONE = new NodeDuties(List.of(), List.of(), List.of());

    private final AddressCodec codec;
    private CatalogImage image = CatalogImage.empty();
    private CatalogImage exports = CatalogImage.empty();
    private Snapshot before = new Snapshot(0, new TreeMap<>(), Map.of(), new TreeMap<>(), new TreeMap<>());

    SnapshotEncoder(String network) {
        this.codec = new AddressCodec(network);
    }

    Snapshot encode(Published published) {
        CatalogImage now = published.image();
        CatalogImage exported = ExportView.of(published.local().image());
        NavigableMap<String, Resource> addresses = new TreeMap<>();
        Map<String, NavigableMap<String, Resource>> duties = new HashMap<>();
        for (Service service : now.services().values()) {
            boolean same = image.service(service.name()).filter(service::equals).isPresent();
            String name = AddressCodec.name(service);
            addresses.put(name, same ? kept(before.addresses(), name) : resource(name, codec.address(service)));
        }
        for (Workload workload : now.workloads().values()) {
            String name = workload.uid();
            boolean same = image.workload(name).filter(workload::equals).isPresent();
            addresses.put(name, same ? kept(before.addresses(), name) : resource(name, codec.withoutDuties(workload)));
            workload.duties()
                    .filter(duty -> !duty.equals(NONE))
                    .ifPresent(duty -> duties.computeIfAbsent(workload.node(), node -> new TreeMap<>())
                            .put(name, resource(name, codec.withDuties(workload, duty))));
        }
        Snapshot encoded =
                new Snapshot(published.provenance().version(), addresses, duties, policies(now), exported(exported));
        image = now;
        exports = exported;
        before = encoded;
        return encoded;
    }

    private NavigableMap<String, Resource> policies(CatalogImage now) {
        NavigableMap<String, Resource> authorizations = new TreeMap<>();
        for (AuthorizationPolicy policy : now.policies().values()) {
            String name = policy.name().toString();
            boolean same = Optional.ofNullable(image.policies().get(policy.name()))
                    .filter(policy::equals)
                    .isPresent();
            authorizations.put(
                    name,
                    same ? kept(before.authorizations(), name) : resource(name, PolicyCodec.authorization(policy)));
        }
        return authorizations;
    }

    private NavigableMap<String, Resource> exported(CatalogImage now) {
        NavigableMap<String, Resource> resources = new TreeMap<>();
        for (Service service : now.services().values()) {
            String name = AddressCodec.name(service);
            boolean same =
                    exports.service(service.name()).filter(service::equals).isPresent();
            resources.put(name, same ? kept(before.exported(), name) : resource(name, codec.address(service)));
        }
        for (Workload workload : now.workloads().values()) {
            String name = workload.uid();
            boolean same = exports.workload(name).filter(workload::equals).isPresent();
            resources.put(name, same ? kept(before.exported(), name) : resource(name, codec.exported(workload)));
        }
        return resources;
    }

    private static Resource kept(NavigableMap<String, Resource> resources, String name) {
        Resource resource = resources.get(name);
        if (resource == null) {
            throw new IllegalStateException("resource %s is in the image and not in its snapshot".formatted(name));
        }
        return resource;
    }

    private static Resource resource(String name, Message message) {
        Any packed = Any.pack(message);
        return Resource.newBuilder()
                .setName(name)
                .setVersion(ContentHash.hex(packed.getValue()))
                .setResource(packed)
                .build();
    }
}
