/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.PolicySet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a process knows about services, workloads and policies at one moment. Immutable; a change is a new image that
 * shares what did not change, so a delta of a few entries costs microseconds at any size. Any thread.
 *
 * <p>Two images are equal if they hold the same entries.
 */
public final class CatalogImage {

    private static final Comparator<InetAddress> BY_BYTES =
            (one, other) -> Arrays.compareUnsigned(one.getAddress(), other.getAddress());

    private static final CatalogImage EMPTY = new CatalogImage(new Draft());

    private final PersistentMap<ServiceName, Service> services;
    private final PersistentMap<String, Workload> workloads;
    private final PersistentMap<PolicyName, AuthorizationPolicy> policies;
    private final Index<InetAddress, ServiceName, Service> servicesByAddress;
    private final Index<ServiceName, String, Workload> workloadsByService;
    private final Index<InetAddress, String, Workload> workloadsByAddress;
    private final Index<String, String, Workload> workloadsByNode;
    /** Policies that need not be named: by namespace, those for all under the empty one. */
    private final Index<String, PolicyName, AuthorizationPolicy> unnamedPolicies;

    private CatalogImage(Draft draft) {
        services = draft.services;
        workloads = draft.workloads;
        policies = draft.policies;
        servicesByAddress = draft.servicesByAddress;
        workloadsByService = draft.workloadsByService;
        workloadsByAddress = draft.workloadsByAddress;
        workloadsByNode = draft.workloadsByNode;
        unnamedPolicies = draft.unnamedPolicies;
    }

    /** Nothing known. */
    public static CatalogImage empty() {
        return EMPTY;
    }

    /** An image of these, the last of a name or uid winning. */
    public static CatalogImage of(
            Collection<Service> services, Collection<Workload> workloads, Collection<AuthorizationPolicy> policies) {
        Draft draft = new Draft();
        services.forEach(draft::put);
        workloads.forEach(draft::put);
        policies.forEach(draft::put);
        return new CatalogImage(draft);
    }

    /** This image after a change; this image itself if the change changes nothing. */
    public CatalogImage apply(CatalogDelta delta) {
        Draft draft = new Draft(this);
        delta.removedServices().forEach(draft::removeService);
        delta.removedWorkloads().forEach(draft::removeWorkload);
        delta.removedPolicies().forEach(draft::removePolicy);
        delta.services().forEach(draft::put);
        delta.workloads().forEach(draft::put);
        delta.policies().forEach(draft::put);
        return draft.changed ? new CatalogImage(draft) : this;
    }

    /** The change that makes {@code to} of this image; costs a walk over both. */
    public CatalogDelta changesTo(CatalogImage to) {
        return new CatalogDelta(
                changed(services, to.services),
                removed(services, to.services),
                changed(workloads, to.workloads),
                removed(workloads, to.workloads),
                changed(policies, to.policies),
                removed(policies, to.policies));
    }

    private static <K, V> List<V> changed(PersistentMap<K, V> from, PersistentMap<K, V> to) {
        List<V> changed = new ArrayList<>();
        for (Map.Entry<K, V> entry : to.entrySet()) {
            if (!entry.getValue().equals(from.find(entry.getKey()))) {
                changed.add(entry.getValue());
            }
        }
        return changed;
    }

    private static <K, V> List<K> removed(PersistentMap<K, V> from, PersistentMap<K, V> to) {
        return from.keySet().stream().filter(key -> to.find(key) == null).toList();
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<ServiceName, Service> services() {
        return services;
    }

    /** By uid, sorted, unmodifiable. */
    public SortedMap<String, Workload> workloads() {
        return workloads;
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<PolicyName, AuthorizationPolicy> policies() {
        return policies;
    }

    /** The service of that name. */
    public Optional<Service> service(ServiceName name) {
        return Optional.ofNullable(services.find(name));
    }

    /** The service with that virtual address; the first by name if several claim it. */
    public Optional<Service> serviceByAddress(InetAddress address) {
        return servicesByAddress.first(address);
    }

    /** The workload of that uid. */
    public Optional<Workload> workload(String uid) {
        return Optional.ofNullable(workloads.find(uid));
    }

    /** The workloads that serve a service, by uid, healthy or not, local and remote. */
    public List<Workload> endpointsOf(ServiceName service) {
        return workloadsByService.get(service);
    }

    /** The workload with that own address; the first by uid if several share it. */
    public Optional<Workload> byAddress(InetAddress address) {
        return workloadsByAddress.first(address);
    }

    /** The workloads that a node hosts, by uid. */
    public List<Workload> onNode(String node) {
        return workloadsByNode.get(node);
    }

    /**
     * The policies in front of a workload: those of scope GLOBAL, those of scope NAMESPACE in its namespace, and those it
     * names, whatever their scope. A named policy that is not here makes the set refuse everybody. A refusal names those
     * that the workload names first, in its order, then its namespace's, then the mesh's.
     *
     * @param own the trust domain of this cluster
     */
    public PolicySet policySetOf(Workload workload, TrustDomain own) {
        List<AuthorizationPolicy> applying = new ArrayList<>();
        List<PolicyName> missing = new ArrayList<>();
        for (PolicyName name : new LinkedHashSet<>(workload.policies())) {
            AuthorizationPolicy policy = policies.find(name);
            if (policy == null) {
                missing.add(name);
            } else if (!standsUnnamed(policy, workload)) {
                applying.add(policy);
            }
        }
        applying.addAll(unnamedPolicies.get(workload.namespace()));
        applying.addAll(unnamedPolicies.get(Draft.EVERYWHERE));
        return PolicySet.of(own, applying, missing);
    }

    private static boolean standsUnnamed(AuthorizationPolicy policy, Workload workload) {
        return Draft.whereOf(policy).stream()
                .anyMatch(where -> where.equals(Draft.EVERYWHERE) || where.equals(workload.namespace()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof CatalogImage that
                        && services.equals(that.services)
                        && workloads.equals(that.workloads)
                        && policies.equals(that.policies);
    }

    @Override
    public int hashCode() {
        return Objects.hash(services, workloads, policies);
    }

    @Override
    public String toString() {
        return "CatalogImage[services=%d, workloads=%d, policies=%d]"
                .formatted(services.size(), workloads.size(), policies.size());
    }

    /** An image while it is being made, by one thread. */
    private static final class Draft {

        /** No namespace has this name. */
        static final String EVERYWHERE = "";

        private PersistentMap<ServiceName, Service> services;
        private PersistentMap<String, Workload> workloads;
        private PersistentMap<PolicyName, AuthorizationPolicy> policies;
        private Index<InetAddress, ServiceName, Service> servicesByAddress;
        private Index<ServiceName, String, Workload> workloadsByService;
        private Index<InetAddress, String, Workload> workloadsByAddress;
        private Index<String, String, Workload> workloadsByNode;
        private Index<String, PolicyName, AuthorizationPolicy> unnamedPolicies;
        private boolean changed;

        Draft() {
            services = PersistentMap.empty();
            workloads = PersistentMap.empty();
            policies = PersistentMap.empty();
            servicesByAddress = Index.empty(BY_BYTES);
            workloadsByService = Index.empty(Comparator.naturalOrder());
            workloadsByAddress = Index.empty(BY_BYTES);
            workloadsByNode = Index.empty(Comparator.naturalOrder());
            unnamedPolicies = Index.empty(Comparator.naturalOrder());
        }

        Draft(CatalogImage image) {
            services = image.services;
            workloads = image.workloads;
            policies = image.policies;
            servicesByAddress = image.servicesByAddress;
            workloadsByService = image.workloadsByService;
            workloadsByAddress = image.workloadsByAddress;
            workloadsByNode = image.workloadsByNode;
            unnamedPolicies = image.unnamedPolicies;
        }

        void put(Service service) {
            if (service.equals(services.find(service.name()))) {
                return;
            }
            removeService(service.name());
            changed = true;
            services = services.with(service.name(), service);
            servicesByAddress = servicesByAddress.with(service.addresses(), service.name(), service);
        }

        void removeService(ServiceName name) {
            Service old = services.find(name);
            if (old != null) {
                changed = true;
                services = services.without(name);
                servicesByAddress = servicesByAddress.without(old.addresses(), name);
            }
        }

        void put(Workload workload) {
            if (workload.equals(workloads.find(workload.uid()))) {
                return;
            }
            removeWorkload(workload.uid());
            String uid = workload.uid();
            changed = true;
            workloads = workloads.with(uid, workload);
            workloadsByService = workloadsByService.with(workload.services().keySet(), uid, workload);
            workloadsByAddress = workloadsByAddress.with(workload.addresses(), uid, workload);
            workloadsByNode = workloadsByNode.with(nodeOf(workload), uid, workload);
        }

        void removeWorkload(String uid) {
            Workload old = workloads.find(uid);
            if (old != null) {
                changed = true;
                workloads = workloads.without(uid);
                workloadsByService = workloadsByService.without(old.services().keySet(), uid);
                workloadsByAddress = workloadsByAddress.without(old.addresses(), uid);
                workloadsByNode = workloadsByNode.without(nodeOf(old), uid);
            }
        }

        void put(AuthorizationPolicy policy) {
            if (policy.equals(policies.find(policy.name()))) {
                return;
            }
            removePolicy(policy.name());
            changed = true;
            policies = policies.with(policy.name(), policy);
            unnamedPolicies = unnamedPolicies.with(whereOf(policy), policy.name(), policy);
        }

        void removePolicy(PolicyName name) {
            AuthorizationPolicy old = policies.find(name);
            if (old != null) {
                changed = true;
                policies = policies.without(name);
                unnamedPolicies = unnamedPolicies.without(whereOf(old), name);
            }
        }

        private static List<String> nodeOf(Workload workload) {
            return workload.node().isEmpty() ? List.of() : List.of(workload.node());
        }

        private static List<String> whereOf(AuthorizationPolicy policy) {
            return switch (policy.scope()) {
                case GLOBAL -> List.of(EVERYWHERE);
                case NAMESPACE -> List.of(policy.name().namespace());
                case WORKLOAD_SELECTOR -> List.of();
            };
        }
    }
}
