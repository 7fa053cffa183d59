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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything a process knows about services, workloads and policies at one moment. Immutable; a change is a new image that
 * shares what did not change. Any thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class CatalogImage {

    private CatalogImage() {}

    /** Nothing known. */
    public static CatalogImage empty() {
        throw new UnsupportedOperationException();
    }

    /** An image of these, the last of a name or uid winning. */
    public static CatalogImage of(
            Collection<Service> services, Collection<Workload> workloads, Collection<AuthorizationPolicy> policies) {
        throw new UnsupportedOperationException();
    }

    /** This image after a change. */
    public CatalogImage apply(CatalogDelta delta) {
        throw new UnsupportedOperationException();
    }

    /** The change that makes {@code to} of this image. */
    public CatalogDelta changesTo(CatalogImage to) {
        throw new UnsupportedOperationException();
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<ServiceName, Service> services() {
        throw new UnsupportedOperationException();
    }

    /** By uid, sorted, unmodifiable. */
    public SortedMap<String, Workload> workloads() {
        throw new UnsupportedOperationException();
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<PolicyName, AuthorizationPolicy> policies() {
        throw new UnsupportedOperationException();
    }

    /** The service of that name. */
    public Optional<Service> service(ServiceName name) {
        throw new UnsupportedOperationException();
    }

    /** The service with that virtual address; the first by name if several claim it. */
    public Optional<Service> serviceByAddress(InetAddress address) {
        throw new UnsupportedOperationException();
    }

    /** The workload of that uid. */
    public Optional<Workload> workload(String uid) {
        throw new UnsupportedOperationException();
    }

    /** The workloads that serve a service, by uid, healthy or not, local and remote. */
    public List<Workload> endpointsOf(ServiceName service) {
        throw new UnsupportedOperationException();
    }

    /** The workload with that own address; the first by uid if several share it. */
    public Optional<Workload> byAddress(InetAddress address) {
        throw new UnsupportedOperationException();
    }

    /** The workloads that a node hosts, by uid. */
    public List<Workload> onNode(String node) {
        throw new UnsupportedOperationException();
    }

    /**
     * The policies in front of a workload: those of scope GLOBAL, those of scope NAMESPACE in its namespace, and those it
     * names. A named policy that is not here makes the set refuse everybody.
     *
     * @param own the trust domain of this cluster
     */
    public PolicySet policySetOf(Workload workload, TrustDomain own) {
        throw new UnsupportedOperationException();
    }
}
