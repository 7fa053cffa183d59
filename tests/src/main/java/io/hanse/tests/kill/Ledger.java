/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.directory.Role;
import io.hanse.tests.cluster.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must never go back or be there twice, looked at again after every kill. One thread. */
final class Ledger {

    private final List<Cluster> clusters;
    private final Findings findings;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, String> authorities = new HashMap<>();

    Ledger(List<Cluster> clusters, Findings findings) {
        this.clusters = List.copyOf(clusters);
        this.findings = findings;
    }

    /** Looks at every cluster; all processes must be up. */
    void look() {
        for (Cluster holder : clusters) {
            for (Cluster about : clusters) {
                sequence(holder, about);
            }
            for (String kind : List.of("x509", "jwt")) {
                authorities(holder, kind);
            }
        }
    }

    private void sequence(Cluster holder, Cluster about) {
        JsonNode bundle = holder.bundle(about.trustDomain());
        if (bundle.isMissingNode()) {
            findings.require(holder != about, holder + " has no bundle of its own");
            return;
        }
        long now = bundle.path("spiffe_sequence").asLong();
        long before = sequences.getOrDefault(holder + ">" + about, 0L);
        findings.require(
                now >= before, "%s went back from sequence %d of %s to %d".formatted(holder, before, about, now));
        sequences.put(holder + ">" + about, Math.max(now, before));
    }

    private void authorities(Cluster cluster, String kind) {
        Set<String> seen = new HashSet<>();
        List<String> active = new ArrayList<>();
        Cluster.elements(
                        cluster.control().get(Role.SPIFFE_CA, "/v1/authorities").path(kind))
                .forEach(authority -> {
                    String keyId = authority.path("keyId").asText();
                    findings.require(
                            seen.add(keyId), "%s has two authorities with key id %s".formatted(cluster, keyId));
                    if ("active".equalsIgnoreCase(authority.path("state").asText())) {
                        active.add(keyId);
                    }
                    String is = cluster + " " + kind + " "
                            + authority.path("expiresAt").asText();
                    String was = authority.has("expiresAt") ? authorities.putIfAbsent(keyId, is) : null;
                    findings.require(
                            was == null || was.equals(is), "key id %s was %s and is %s".formatted(keyId, was, is));
                });
        findings.require(active.size() == 1, "%s has active %s authorities %s".formatted(cluster, kind, active));
    }
}
