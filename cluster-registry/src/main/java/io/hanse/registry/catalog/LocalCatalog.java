/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.catalog;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.Service;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Scope;
import io.hanse.registry.source.Manifest.DeclaredPeerAuthentication;
import io.hanse.registry.source.Manifest.DeclaredPolicy;
import io.hanse.registry.source.Manifest.DeclaredService;
import io.hanse.registry.source.Manifest.DeclaredWorkload;
import io.hanse.registry.source.Manifest.Port;
import io.hanse.registry.source.Manifest.Target;
import io.hanse.registry.source.Manifests;
import io.hanse.registry.source.Place;
import io.hanse.registry.source.Problem;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * This cluster's own objects, resolved: selectors to workloads, named ports to numbers, peer authentication to policies.
 *
 * @param image what is in effect
 * @param problems of the source, and references between objects that lead nowhere
 */
public record LocalCatalog(CatalogImage image, List<Problem> problems) {

    /** Nothing declared. */
    public static final LocalCatalog EMPTY = new LocalCatalog(CatalogImage.empty(), List.of());

    public LocalCatalog {
        problems = List.copyOf(problems);
    }

    /** Resolves what a source holds. */
    public static LocalCatalog of(Manifests manifests, ClusterFacts facts) {
        return new Resolver(manifests, facts).resolve();
    }

    /** One resolution; one thread. */
    private static final class Resolver {

        private final ClusterFacts facts;
        private final List<DeclaredService> services;
        private final List<DeclaredWorkload> workloads;
        private final List<DeclaredPolicy> policies;
        private final PeerAuthentications peerAuthentications;
        private final List<Problem> problems;

        Resolver(Manifests manifests, ClusterFacts facts) {
            this.facts = facts;
            this.services = manifests.of(DeclaredService.class);
            this.workloads = manifests.of(DeclaredWorkload.class);
            this.policies = manifests.of(DeclaredPolicy.class);
            this.problems = new ArrayList<>(manifests.problems());
            this.peerAuthentications = PeerAuthentications.of(manifests.of(DeclaredPeerAuthentication.class), problems);
        }

        LocalCatalog resolve() {
            Map<String, List<DeclaredService>> byNamespace = new HashMap<>();
            services.forEach(service -> byNamespace
                    .computeIfAbsent(service.name().namespace(), n -> new ArrayList<>())
                    .add(service));
            SortedMap<PolicyName, AuthorizationPolicy> effective = new TreeMap<>();
            policies.forEach(declared -> effective.put(declared.policy().name(), declared.policy()));
            Map<InetAddress, Place> owners = new HashMap<>();
            List<Workload> resolved = new ArrayList<>();
            for (DeclaredWorkload workload : workloads) {
                if (claims(workload, owners)) {
                    List<DeclaredService> near = byNamespace.getOrDefault(workload.namespace(), List.of());
                    resolved.add(workload(workload, near, effective));
                }
            }
            List<Service> known = services.stream().map(this::service).toList();
            Collections.sort(problems);
            return new LocalCatalog(CatalogImage.of(known, resolved, effective.values()), problems);
        }

        /** Two workloads with one address would receive each other's calls. */
        private boolean claims(DeclaredWorkload workload, Map<InetAddress, Place> owners) {
            for (InetAddress address : workload.addresses()) {
                Place owner = owners.get(address);
                if (owner != null) {
                    problems.add(Problem.of(
                            workload.place(),
                            "%s has the address %s of the workload at %s; the first is kept"
                                    .formatted(workload.key(), address.getHostAddress(), owner)));
                    return false;
                }
            }
            workload.addresses().forEach(address -> owners.put(address, workload.place()));
            return true;
        }

        private Service service(DeclaredService declared) {
            List<ServicePort> ports = declared.ports().stream()
                    .map(port -> new ServicePort(port.name(), port.port(), ownTarget(port)))
                    .toList();
            return new Service(
                    declared.name(),
                    declared.clusterIps(),
                    ports,
                    declared.global(),
                    declared.shared(),
                    declared.affinity());
        }

        /** A named target has no number of its own: each workload that serves it says which. */
        private static int ownTarget(Port port) {
            return switch (port.target()) {
                case Target.Numbered numbered -> numbered.port();
                case Target.Named named -> port.port();
            };
        }

        private Workload workload(
                DeclaredWorkload declared,
                List<DeclaredService> near,
                SortedMap<PolicyName, AuthorizationPolicy> effective) {
            SortedMap<ServiceName, List<ServicePort>> served = new TreeMap<>();
            for (DeclaredService service : near) {
                if (selects(service.selector(), declared)) {
                    portsOf(service, declared).ifPresent(ports -> served.put(service.name(), ports));
                }
            }
            declared.duties().outbound().forEach(outbound -> checkOutbound(declared, outbound));
            List<PolicyName> guards = new ArrayList<>();
            for (DeclaredPolicy policy : policies) {
                if (policy.policy().scope() == Scope.WORKLOAD_SELECTOR
                        && reaches(policy.policy().name().namespace(), declared)
                        && selects(policy.selector(), declared)) {
                    guards.add(policy.policy().name());
                }
            }
            peerAuthentications.policyFor(declared).ifPresent(policy -> {
                effective.put(policy.name(), policy);
                guards.add(policy.name());
            });
            return new Workload(
                    uid(declared),
                    declared.name(),
                    declared.namespace(),
                    declared.serviceAccount(),
                    facts.trustDomain(),
                    facts.cluster(),
                    facts.network(),
                    declared.node(),
                    declared.addresses(),
                    declared.locality(),
                    declared.healthy(),
                    declared.weight(),
                    served,
                    guards,
                    Optional.empty(),
                    Optional.of(declared.duties()));
        }

        private String uid(DeclaredWorkload declared) {
            return "%s/hanse.io/Workload/%s/%s".formatted(facts.cluster(), declared.namespace(), declared.name());
        }

        /** Its ports for the service where names decide; empty if a name leads nowhere, and it does not serve then. */
        private Optional<List<ServicePort>> portsOf(DeclaredService service, DeclaredWorkload workload) {
            if (service.ports().stream().noneMatch(port -> port.target() instanceof Target.Named)) {
                return Optional.of(List.of());
            }
            List<ServicePort> ports = new ArrayList<>();
            for (Port port : service.ports()) {
                if (port.target() instanceof Target.Named named) {
                    String name = named.name();
                    Integer number = workload.ports().get(name);
                    if (number == null) {
                        problems.add(Problem.of(
                                workload.place(),
                                "%s has no port named %s, which service %s (%s) leads to; it does not serve it (add it to spec.ports)"
                                        .formatted(workload.key(), name, service.name(), service.place())));
                        return Optional.empty();
                    }
                    ports.add(new ServicePort(port.name(), port.port(), number));
                } else {
                    ports.add(new ServicePort(port.name(), port.port(), ownTarget(port)));
                }
            }
            return Optional.of(ports);
        }

        private void checkOutbound(DeclaredWorkload workload, NodeDuties.Outbound outbound) {
            Optional<DeclaredService> target = services.stream()
                    .filter(service -> service.name().equals(outbound.service()))
                    .findFirst();
            if (target.isEmpty()) {
                problems.add(Problem.notice(
                        workload.place(),
                        "%s calls service %s, which is not declared here (a peer's service needs one of the same name here)"
                                .formatted(workload.key(), outbound.service())));
            } else if (target.get().ports().stream().noneMatch(port -> port.port() == outbound.port())) {
                problems.add(Problem.notice(
                        workload.place(),
                        "%s calls port %d of service %s, which has no such port (%s)"
                                .formatted(
                                        workload.key(),
                                        outbound.port(),
                                        outbound.service(),
                                        target.get().place())));
            }
        }

        private static boolean reaches(String policyNamespace, DeclaredWorkload workload) {
            return policyNamespace.equals(workload.namespace()) || policyNamespace.equals(SystemIdentity.NAMESPACE);
        }

        private static boolean selects(SortedMap<String, String> selector, DeclaredWorkload workload) {
            return !selector.isEmpty() && workload.labels().entrySet().containsAll(selector.entrySet());
        }
    }
}
