/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.hanse.wire.xds.Resource;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;

/**
 * One publication of the catalog, encoded. Immutable; unchanged resources are the same objects as in the one before.
 *
 * @param version of the catalog
 * @param addresses what own processes see
 * @param duties by node, the workloads it hosts, with duties
 * @param exported what peers see
 */
record Snapshot(
        long version,
        NavigableMap<String, Resource> addresses,
        Map<String, NavigableMap<String, Resource>> duties,
        NavigableMap<String, Resource> authorizations,
        NavigableMap<String, Resource> exported) {

    Snapshot {
        addresses = Collections.unmodifiableNavigableMap(addresses);
        duties = Map.copyOf(duties);
        authorizations = Collections.unmodifiableNavigableMap(authorizations);
        exported = Collections.unmodifiableNavigableMap(exported);
    }

    /** What a subscriber may see of a type; a peer is told that there are no policies, which it must not learn. */
    ResourceView view(Subscriber subscriber, ResourceType type) {
        return switch (subscriber) {
            case Subscriber.Node node ->
                type == ResourceType.ADDRESS
                        ? new ResourceView(addresses, duties.getOrDefault(node.name(), Collections.emptyNavigableMap()))
                        : ResourceView.of(authorizations);
            case Subscriber.Member member -> ResourceView.of(type == ResourceType.ADDRESS ? addresses : authorizations);
            case Subscriber.Peer peer -> type == ResourceType.ADDRESS ? ResourceView.of(exported) : ResourceView.EMPTY;
            case Subscriber.Stranger stranger -> ResourceView.EMPTY;
        };
    }
}
