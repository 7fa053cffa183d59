/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.catalog.Affinity;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import io.hanse.model.policy.StringMatch;
import io.hanse.registry.source.Manifest;
import io.hanse.registry.source.Manifest.DeclaredPolicy;
import io.hanse.registry.source.Manifest.DeclaredService;
import io.hanse.registry.source.Manifest.DeclaredWorkload;
import io.hanse.registry.source.Manifests;
import io.hanse.registry.source.Place;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an operator has declared: the one opinion about services, endpoints and policies that does not come from the
 * product.
 *
 * @param services by name
 * @param endpoints by name
 * @param allowed who may call a service: principals; anybody when absent
 */
record Truth(
        SortedMap<ServiceName, Annotation> services,
        SortedMap<String, Endpoint> endpoints,
        SortedMap<ServiceName, SortedSet<String>> allowed) {

    static final String NAMESPACE = "shop";
    static final String NODE = "node-1";
    static final String CLIENT = "frontend";
    static final int PORT = 80;
    static final int TARGET_PORT = 8080;

    private static final Place SOMEWHERE = new Place("truth.yaml", 1);

    /** What a service's annotations say. */
    enum Annotation {
        PLAIN,
        GLOBAL,
        GLOBAL_NOT_SHARED;

        boolean isGlobal() {
            return this != PLAIN;
        }

        boolean isExported() {
            return this == GLOBAL;
        }
    }

    /** One endpoint of one service. */
    record Endpoint(ServiceName service, InetAddress address, boolean healthy) {}

    Truth {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        endpoints = Collections.unmodifiableSortedMap(new TreeMap<>(endpoints));
        allowed = Collections.unmodifiableSortedMap(new TreeMap<>(allowed));
    }

    static ServiceName service(String name) {
        return new ServiceName(NAMESPACE, name);
    }

    Truth with(ServiceName service, Annotation annotation) {
        SortedMap<ServiceName, Annotation> next = new TreeMap<>(services);
        next.put(service, annotation);
        return new Truth(next, endpoints, allowed);
    }

    Truth with(String name, Endpoint endpoint) {
        SortedMap<String, Endpoint> next = new TreeMap<>(endpoints);
        next.put(name, endpoint);
        return new Truth(services, next, allowed);
    }

    Truth without(String endpoint) {
        SortedMap<String, Endpoint> next = new TreeMap<>(endpoints);
        next.remove(endpoint);
        return new Truth(services, next, allowed);
    }

    Truth allowing(ServiceName service, Optional<SortedSet<String>> principals) {
        SortedMap<ServiceName, SortedSet<String>> next = new TreeMap<>(allowed);
        next.remove(service);
        principals.ifPresent(some -> next.put(service, new TreeSet<>(some)));
        return new Truth(services, endpoints, next);
    }

    /** What this cluster's own word on the call is: not the product's, a second opinion. */
    boolean admits(SpiffeId caller, boolean foreign, ServiceName service, String endpoint) {
        Endpoint held = endpoints.get(endpoint);
        boolean there = held != null && held.service().equals(service);
        boolean open = !foreign
                || Optional.ofNullable(services.get(service))
                        .filter(Annotation::isExported)
                        .isPresent();
        SortedSet<String> only = allowed.get(service);
        return there && open && (only == null || only.contains(principal(caller)));
    }

    static String principal(SpiffeId id) {
        return id.trustDomain().name() + id.path();
    }

    /** The same as the manifests that an operator would write. */
    Manifests manifests(InetAddress client) {
        List<Manifest> objects = new ArrayList<>();
        services.forEach((name, annotation) -> objects.add(new DeclaredService(
                SOMEWHERE,
                name,
                List.of(),
                List.of(new Manifest.Port("", PORT, new Manifest.Target.Numbered(TARGET_PORT))),
                labels(name.name()),
                annotation.isGlobal(),
                annotation.isExported(),
                Affinity.LOCAL)));
        endpoints.forEach((name, endpoint) ->
                objects.add(workload(name, endpoint.service().name(), endpoint.address(), endpoint.healthy())));
        objects.add(workload(CLIENT, CLIENT, client, true));
        allowed.forEach((service, principals) -> objects.add(new DeclaredPolicy(
                SOMEWHERE,
                new AuthorizationPolicy(
                        new PolicyName(NAMESPACE, "only-" + service.name()),
                        Scope.WORKLOAD_SELECTOR,
                        Action.ALLOW,
                        List.of(new Rule(List.of(new Clause(List.of(Match.builder()
                                .principals(principals.stream()
                                        .map(StringMatch.Exact::new)
                                        .map(StringMatch.class::cast)
                                        .toList())
                                .build()))))),
                        false),
                labels(service.name()))));
        return new Manifests(objects, List.of());
    }

    private static TreeMap<String, String> labels(String app) {
        return new TreeMap<>(java.util.Map.of("app", app));
    }

    private static DeclaredWorkload workload(String name, String app, InetAddress address, boolean healthy) {
        return new DeclaredWorkload(
                SOMEWHERE,
                NAMESPACE,
                name,
                labels(app),
                NODE,
                List.of(address),
                app,
                1,
                new Locality("", "", ""),
                healthy,
                new TreeMap<>(),
                new NodeDuties(List.of(), List.of(), List.of()));
    }
}
