/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import io.hanse.wire.xds.Resource;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The resources of one type as one subscriber sees them.
 *
 * @param shared by name, what all alike see
 * @param own by name, in place of the shared ones: a node's with duties
 */
record ResourceView(NavigableMap<String, Resource> shared, NavigableMap<String, Resource> own) {

    static final ResourceView EMPTY = of(new TreeMap<>());

    static ResourceView of(NavigableMap<String, Resource> shared) {
        return new ResourceView(shared, Collections.emptyNavigableMap());
    }

    Optional<Resource> get(String name) {
        Resource mine = own.get(name);
        return Optional.ofNullable(mine != null ? mine : shared.get(name));
    }

    boolean has(String name) {
        return shared.containsKey(name);
    }

    void forEach(Consumer<Resource> reader) {
        for (Map.Entry<String, Resource> entry : shared.entrySet()) {
            Resource mine = own.isEmpty() ? null : own.get(entry.getKey());
            reader.accept(mine != null ? mine : entry.getValue());
        }
    }
}
