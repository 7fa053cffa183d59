/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.identity.TrustDomain;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One moment's catalog.
 *
 * @param image own objects and the peers' endpoints that joined them: what own proxies and gateways read
 * @param local own objects alone: what exports are made of
 * @param imported by peer, as it came in, before the merge rule
 * @param provenance which change made it
 */
public record Published(
        CatalogImage image, LocalCatalog local, NavigableMap<TrustDomain, Imported> imported, Provenance provenance) {

    public Published {
        imported = Collections.unmodifiableNavigableMap(new TreeMap<>(imported));
    }

    /**
     * Which source said it and when.
     *
     * @param version counts publications of this process, from 0
     * @param cause what changed: {@code start}, {@code source} or {@code import}
     */
    public record Provenance(long version, String cause, Instant at) {}
}
