/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.attest.Registrations;
import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.identity.SpiffeId;
import java.util.Optional;
import java.util.function.Supplier;

/** What runs where, from the newest catalog the registry sent; a workload in a peer cluster runs on no node of ours. */
public final class CatalogRegistrations implements Registrations {

    private final Supplier<Optional<CatalogImage>> newest;

    /**
     * Reads the catalog anew for each question.
     *
     * @param newest empty until the registry was heard once
     */
    public CatalogRegistrations(Supplier<Optional<CatalogImage>> newest) {
        this.newest = newest;
    }

    @Override
    public Standing standing(String node, SpiffeId id) {
        Optional<CatalogImage> catalog = newest.get();
        if (catalog.isEmpty()) {
            return Standing.UNHEARD;
        }
        boolean here = catalog.get().onNode(node).stream()
                .anyMatch(workload ->
                        workload.remote().isEmpty() && workload.spiffeId().equals(id));
        return here ? Standing.HERE : Standing.NOT_HERE;
    }
}
