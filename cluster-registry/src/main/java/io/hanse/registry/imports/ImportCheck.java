/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.reason.ReasonCode;
import io.hanse.registry.catalog.Imported;
import io.hanse.registry.imports.Judged.Claim;
import io.hanse.registry.imports.Judged.Endpoint;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes ours what a peer told: each resource by the rules of {@link ResourceCheck}, endpoints for services it exports
 * only. What breaks a rule is left out and reported; the rest is used (design invariant 5).
 *
 * <p>Remembers how each resource of the last time was judged: of a peer with sixty thousand only those that differ are read
 * again, byte by byte and not by the version that the peer gives. Any thread.
 */
final class ImportCheck {

    private final Relationship peer;
    private Map<String, Judged> known = Map.of();

    /** One for as long as the relationship stands as it is; the gateways are in what it makes. */
    ImportCheck(Relationship peer) {
        this.peer = peer;
    }

    /** What is used, and what is not. */
    record Outcome(Imported imported, Refusals refusals) {}

    synchronized Outcome check(Collection<Resource> told) {
        Map<String, Judged> now = HashMap.newHashMap(told.size());
        List<Endpoint> endpoints = new ArrayList<>();
        Set<ServiceName> offered = new HashSet<>();
        Refusals refusals = new Refusals();
        for (Resource resource : told) {
            Judged judged = judge(resource);
            now.put(resource.getName(), judged);
            switch (judged) {
                case Judged.Offer offer -> offered.add(offer.service());
                case Judged.Refused refused -> refusals.add(refused.why());
                case Endpoint endpoint -> endpoints.add(endpoint);
            }
        }
        known = now;
        List<Workload> workloads = new ArrayList<>();
        endpoints.forEach(endpoint -> use(endpoint, offered, workloads, refusals));
        return new Outcome(new Imported(peer.trustDomain(), new TreeSet<>(offered), workloads), refusals);
    }

    private Judged judge(Resource resource) {
        Judged before = known.get(resource.getName());
        return before != null && before.resource().equals(resource) ? before : ResourceCheck.judge(peer, resource);
    }

    private static void use(Endpoint endpoint, Set<ServiceName> offered, List<Workload> workloads, Refusals refusals) {
        boolean whole = true;
        for (Claim claim : endpoint.claims()) {
            if (claim.service().filter(offered::contains).isEmpty()) {
                whole = false;
                refusals.add(new Refusal(
                        endpoint.resource().getName(),
                        ReasonCode.IMPORT_NOT_EXPORTED,
                        "serves %s, which this peer does not export".formatted(claim.key())));
            } else if (claim.wrong().isPresent()) {
                refusals.add(new Refusal(
                        endpoint.resource().getName(),
                        ReasonCode.IMPORT_PORT,
                        claim.wrong().get()));
            }
        }
        Workload used = whole ? endpoint.made() : only(endpoint.made(), offered);
        if (!used.services().isEmpty()) {
            workloads.add(used);
        }
    }

    private static Workload only(Workload made, Set<ServiceName> offered) {
        return made.withServices(made.services().entrySet().stream()
                .filter(service -> offered.contains(service.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
