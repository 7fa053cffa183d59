/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import io.hanse.model.catalog.CatalogDelta;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import io.hanse.runtime.xds.ResourceSink.Rejection;
import io.hanse.runtime.xds.WdsCodec.Entry.ServiceEntry;
import io.hanse.runtime.xds.WdsCodec.Entry.WorkloadEntry;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the registry said and this process accepted: the image, and name and version of each resource in it. One thread at a
 * time; {@link CatalogClient} holds the lock.
 */
final class Holdings {

    private final Map<String, String> addressVersions = new TreeMap<>();
    private final Map<String, String> policyVersions = new TreeMap<>();
    /** Policies that stand in for unreadable ones: they carry no version, so the registry sends the real ones again. */
    private final Set<PolicyName> placeholders = new HashSet<>();

    private CatalogImage image = CatalogImage.empty();

    /** A change and what was refused on the way. */
    record Applied(CatalogDelta delta, List<Rejection> rejections) {}

    CatalogImage image() {
        return image;
    }

    Map<String, String> versions(String typeUrl) {
        return Map.copyOf(typeUrl.equals(XdsTypes.ADDRESS) ? addressVersions : policyVersions);
    }

    Applied applyAddresses(List<Resource> resources, List<String> removed) {
        CatalogDelta.Builder delta = CatalogDelta.builder();
        List<Rejection> rejections = new ArrayList<>();
        for (String name : removed) {
            addressVersions.remove(name);
            removeAddress(name, delta);
        }
        for (Resource resource : resources) {
            try {
                switch (WdsCodec.decode(resource)) {
                    case ServiceEntry entry -> delta.upsert(entry.service());
                    case WorkloadEntry entry -> delta.upsert(entry.workload());
                }
                addressVersions.put(resource.getName(), resource.getVersion());
            } catch (UnreadableResource e) {
                rejections.add(rejection(resource, e));
            }
        }
        return publish(delta.build(), rejections);
    }

    Applied applyPolicies(List<Resource> resources, List<String> removed) {
        CatalogDelta.Builder delta = CatalogDelta.builder();
        List<Rejection> rejections = new ArrayList<>();
        for (String name : removed) {
            policyVersions.remove(name);
            image.policies().keySet().stream()
                    .filter(known -> known.toString().equals(name))
                    .forEach(known -> {
                        placeholders.remove(known);
                        delta.removePolicy(known);
                    });
        }
        for (Resource resource : resources) {
            try {
                AuthorizationPolicy policy = AuthorizationCodec.decode(resource);
                delta.upsert(policy);
                placeholders.remove(policy.name());
                policyVersions.put(resource.getName(), resource.getVersion());
            } catch (UnreadableResource e) {
                rejections.add(rejection(resource, e));
                closeInstead(resource, delta);
            }
        }
        return publish(delta.build(), rejections);
    }

    /** The last readable version of a policy stands; if there is none, nobody gets in. */
    private void closeInstead(Resource resource, CatalogDelta.Builder delta) {
        try {
            AuthorizationPolicy closed = AuthorizationCodec.closedInsteadOf(resource);
            if (!image.policies().containsKey(closed.name())) {
                placeholders.add(closed.name());
                delta.upsert(closed);
            }
        } catch (UnreadableResource e) {
            // Not even a name: no workload can point at it, and the NACK has said so.
        }
    }

    private void removeAddress(String name, CatalogDelta.Builder delta) {
        if (image.workload(name).isPresent()) {
            delta.removeWorkload(name);
            return;
        }
        try {
            ServiceName service = ServiceName.ofHostname(name.substring(name.indexOf('/') + 1));
            if (XdsTypes.resourceName(service).equals(name)
                    && image.service(service).isPresent()) {
                delta.removeService(service);
            }
        } catch (IllegalArgumentException e) {
            // Neither a workload held here nor a service's name: nothing to remove.
        }
    }

    private Applied publish(CatalogDelta delta, List<Rejection> rejections) {
        if (!delta.isEmpty()) {
            image = image.apply(delta);
        }
        return new Applied(delta, rejections);
    }

    private static Rejection rejection(Resource resource, UnreadableResource why) {
        return new Rejection(resource.getName(), String.valueOf(why.getMessage()));
    }
}
