/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import java.util.Arrays;
import java.util.Optional;

/** The types served. */
public enum ResourceType {
    ADDRESS("type.googleapis.com/istio.workload.Address"),
    AUTHORIZATION("type.googleapis.com/istio.security.Authorization");

    private final String url;

    ResourceType(String url) {
        this.url = url;
    }

    /** As on the wire. */
    public String url() {
        return url;
    }

    static Optional<ResourceType> of(String url) {
        return Arrays.stream(values()).filter(type -> type.url.equals(url)).findFirst();
    }
}
