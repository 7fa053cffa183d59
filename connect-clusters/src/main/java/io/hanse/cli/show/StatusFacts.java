/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the processes of a cluster said when {@code status} asked. A part that could not be asked is a missing node, and
 * {@code silent} says why.
 *
 * @param cluster the cluster's name
 * @param trustDomain its trust domain
 * @param silent one sentence per process that did not answer
 * @param ca spiffe-ca's status
 * @param authorities spiffe-ca's authorities
 * @param relationships the exchange's relationships
 * @param registry the registry's status
 * @param registryPeers the registry's view of the peers
 * @param manifestProblems what is wrong with the manifests
 * @param nodePeers each node proxy's peers with their probes, all in one list; missing if no node proxy answered
 * @param workloads each node proxy's workloads, all in one list
 * @param listeners what node proxies could not listen on: {@code process}, {@code address}, {@code why}
 * @param processProblems what processes say of themselves: {@code process}, and the {@code problem} as it told it
 */
public record StatusFacts(
        String cluster,
        String trustDomain,
        List<Silent> silent,
        JsonNode ca,
        JsonNode authorities,
        JsonNode relationships,
        JsonNode registry,
        JsonNode registryPeers,
        JsonNode manifestProblems,
        JsonNode nodePeers,
        JsonNode workloads,
        JsonNode listeners,
        JsonNode processProblems) {

    public StatusFacts {
        silent = List.copyOf(silent);
    }

    /** A process that did not answer, and the command that starts it. */
    public record Silent(String sentence, String next) {}
}
