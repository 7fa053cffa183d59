/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What one peer exports, checked and made ours: identities of its own trust domain only, no addresses, gateways set by us.
 *
 * @param peer whose it is
 * @param offered every service it exports, wanted here or not
 * @param workloads its endpoints, by uid
 */
public record Imported(TrustDomain peer, NavigableSet<ServiceName> offered, List<Workload> workloads) {

    public Imported {
        offered = Collections.unmodifiableNavigableSet(new TreeSet<>(offered));
        workloads = List.copyOf(workloads);
        for (Workload workload : workloads) {
            if (!workload.trustDomain().equals(peer)
                    || workload.remote().isEmpty()
                    || !workload.addresses().isEmpty()) {
                throw new IllegalArgumentException(
                        "workload %s: not an endpoint of peer %s".formatted(workload.uid(), peer));
            }
        }
    }
}
