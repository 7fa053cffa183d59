/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.x509.PathSearch.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Paths whose signatures were found good. A path is the same if every byte of its certificates and its authority is, so
 * its signatures are; whether it is trusted and valid now is asked anew each time by who asks here. A signature costs
 * SunEC a millisecond, and a peer shows the same SVID on each connection. Only what proved good is kept, so a stranger
 * puts nothing here. Any thread.
 */
final class ProvenPaths {

    /** Twice the workloads of the largest node; a path of two certificates takes 3 KiB. */
    static final int MAX_PATHS = 512;

    private final Map<Path, Boolean> proven = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > MAX_PATHS;
        }
    };

    synchronized boolean contains(Path path) {
        return proven.get(path) != null;
    }

    synchronized void add(Path path) {
        proven.put(path, true);
    }

    synchronized int size() {
        return proven.size();
    }
}
