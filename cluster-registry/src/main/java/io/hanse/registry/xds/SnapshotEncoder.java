/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.Workload;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.registry.catalog.Published;
import io.hanse.registry.export.ExportView;
import io.hanse.runtime.xds.AuthorizationCodec;
import io.hanse.runtime.xds.WdsCodec;
import io.hanse.runtime.xds.XdsTypes;
import io.hanse.wire.workload.Address;
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

    private final WdsCodec codec;
    private CatalogImage image = CatalogImage.empty();
    private CatalogImage exports = CatalogImage.empty();
    private Snapshot before = new Snapshot(0, new TreeMap<>(), Map.of(), new TreeMap<>(), new TreeMap<>());

    /** An encoder of a cluster whose virtual addresses are valid in {@code network}. */
    SnapshotEncoder(String network) {
        this.codec = new WdsCodec(network);
    }

    Snapshot encode(Published published) {
        CatalogImage now = published.image();
        CatalogImage exported = ExportView.of(published.local().image());
        NavigableMap<String, Resource> addresses = new TreeMap<>();
        Map<String, NavigableMap<String, Resource>> duties = new HashMap<>();
        for (Workload workload : now.workloads().values()) {
            String name = workload.uid();
            boolean same = image.workload(name).filter(workload::equals).isPresent();
            addresses.put(name, same ? kept(before.addresses(), name) : codec.encode(withoutDuties(workload)));
            if (!workload.duties().orElse(NONE).equals(NONE)) {
                duties.computeIfAbsent(workload.node(), node -> new TreeMap<>()).put(name, codec.encode(workload));
            }
        }
        // After the workloads, some of which are named by peers: no name of theirs replaces a service.
        for (Service service : now.services().values()) {
            boolean same = image.service(service.name()).filter(service::equals).isPresent();
            String name = XdsTypes.resourceName(service.name());
            addresses.put(name, same ? kept(before.addresses(), name) : codec.encode(service));
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
            authorizations.put(name, same ? kept(before.authorizations(), name) : AuthorizationCodec.encode(policy));
        }
        return authorizations;
    }

    private NavigableMap<String, Resource> exported(CatalogImage now) {
        NavigableMap<String, Resource> resources = new TreeMap<>();
        for (Service service : now.services().values()) {
            String name = XdsTypes.resourceName(service.name());
            boolean same =
                    exports.service(service.name()).filter(service::equals).isPresent();
            resources.put(name, same ? kept(before.exported(), name) : codec.encode(service));
        }
        for (Workload workload : now.workloads().values()) {
            String name = workload.uid();
            boolean same = exports.workload(name).filter(workload::equals).isPresent();
            resources.put(name, same ? kept(before.exported(), name) : withoutPlace(codec.encode(workload)));
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

    private static Workload withoutDuties(Workload workload) {
        return new Workload(
                workload.uid(),
                workload.name(),
                workload.namespace(),
                workload.serviceAccount(),
                workload.trustDomain(),
                workload.cluster(),
                workload.network(),
                workload.node(),
                workload.addresses(),
                workload.locality(),
                workload.healthy(),
                workload.weight(),
                workload.services(),
                workload.policies(),
                workload.remote(),
                Optional.empty());
    }

    /** A last sieve behind {@link ExportView}: nothing that says where a workload is leaves, whatever is added above. */
    private static Resource withoutPlace(Resource resource) {
        try {
            Address.Builder address = Address.parseFrom(resource.getResource().getValue()).toBuilder();
            address.getWorkloadBuilder()
                    .clearClusterId()
                    .clearNetwork()
                    .clearNode()
                    .clearAddresses()
                    .clearAuthorizationPolicies()
                    .clearExtensions();
            Any packed = Any.pack(address.build());
            return resource.toBuilder()
                    .setVersion(ContentHash.hex(packed.getValue()))
                    .setResource(packed)
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a resource that was just encoded is not readable", e);
        }
    }
}
