/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import io.hanse.model.policy.StringMatch;
import io.hanse.registry.source.Manifest.DeclaredPeerAuthentication;
import io.hanse.registry.source.Manifest.DeclaredWorkload;
import io.hanse.registry.source.Manifest.MutualTls;
import io.hanse.registry.source.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Peer authentication as authorization (istio.md 4): STRICT is "deny who shows no principal". Precedence: port, workload
 * selector, namespace, mesh; without any, STRICT. Of two at one level the first by file and line wins, with a remark.
 */
final class PeerAuthentications {

    /** What a workload references whose every port is strict; Istio's name, under our root namespace. */
    static final PolicyName STRICT = new PolicyName(SystemIdentity.NAMESPACE, "istio_converted_static_strict");

    private static final String CONVERTED = "converted_peer_authentication_";
    private static final Clause NOBODY = new Clause(List.of(
            Match.builder().notPrincipals(List.of(new StringMatch.Presence())).build()));
    private static final AuthorizationPolicy ALL_STRICT = new AuthorizationPolicy(
            STRICT, Scope.WORKLOAD_SELECTOR, Action.DENY, List.of(new Rule(List.of(NOBODY))), false);

    private final Optional<DeclaredPeerAuthentication> mesh;
    private final Map<String, DeclaredPeerAuthentication> byNamespace;
    private final List<DeclaredPeerAuthentication> selecting;

    private PeerAuthentications(
            Optional<DeclaredPeerAuthentication> mesh,
            Map<String, DeclaredPeerAuthentication> byNamespace,
            List<DeclaredPeerAuthentication> selecting) {
        this.mesh = mesh;
        this.byNamespace = byNamespace;
        this.selecting = selecting;
    }

    /** @param declared in the order of their places */
    static PeerAuthentications of(List<DeclaredPeerAuthentication> declared, List<Problem> problems) {
        Map<String, DeclaredPeerAuthentication> wide = new HashMap<>();
        List<DeclaredPeerAuthentication> selecting = new ArrayList<>();
        for (DeclaredPeerAuthentication one : declared) {
            if (!one.selector().isEmpty()) {
                selecting.add(one);
                continue;
            }
            DeclaredPeerAuthentication first = wide.putIfAbsent(one.namespace(), one);
            if (first != null) {
                problems.add(Problem.notice(
                        one.place(),
                        "%s has no effect, the one at %s speaks for the whole namespace already"
                                .formatted(one.key(), first.place())));
            }
        }
        Optional<DeclaredPeerAuthentication> mesh = Optional.ofNullable(wide.remove(SystemIdentity.NAMESPACE));
        return new PeerAuthentications(mesh, wide, selecting);
    }

    /** The policy that enforces it for one workload; empty if every port takes plain text. */
    Optional<AuthorizationPolicy> policyFor(DeclaredWorkload workload) {
        Optional<DeclaredPeerAuthentication> own = selecting.stream()
                .filter(one -> one.namespace().equals(workload.namespace()))
                .filter(one ->
                        workload.labels().entrySet().containsAll(one.selector().entrySet()))
                .findFirst();
        MutualTls mode = own.flatMap(DeclaredPeerAuthentication::mode)
                .or(() -> Optional.ofNullable(byNamespace.get(workload.namespace()))
                        .flatMap(DeclaredPeerAuthentication::mode))
                .or(() -> mesh.flatMap(DeclaredPeerAuthentication::mode))
                .orElse(MutualTls.STRICT);
        SortedMap<Integer, MutualTls> ports =
                own.map(DeclaredPeerAuthentication::portModes).orElseGet(TreeMap::new);
        List<Integer> others = ports.entrySet().stream()
                .filter(port -> port.getValue() != mode)
                .map(Map.Entry::getKey)
                .toList();
        if (others.isEmpty()) {
            return mode == MutualTls.STRICT ? Optional.of(ALL_STRICT) : Optional.empty();
        }
        Match.Builder match = Match.builder();
        Clause clause = new Clause(
                List.of((mode == MutualTls.STRICT ? match.notDestinationPorts(others) : match.destinationPorts(others))
                        .build()));
        String name = own.map(DeclaredPeerAuthentication::name).orElse("");
        return Optional.of(new AuthorizationPolicy(
                new PolicyName(workload.namespace(), CONVERTED + name),
                Scope.WORKLOAD_SELECTOR,
                Action.DENY,
                List.of(new Rule(List.of(NOBODY, clause))),
                false));
    }
}
