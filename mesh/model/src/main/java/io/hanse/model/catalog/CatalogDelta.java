/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.catalog;

import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.PolicyName;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of a {@link CatalogImage}. Removals come first: what is both removed and given is there afterwards. Removing
 * what is not there does nothing.
 *
 * @param services new or changed
 * @param workloads new or changed, by uid
 * @param policies new or changed
 */
public record CatalogDelta(
        List<Service> services,
        List<ServiceName> removedServices,
        List<Workload> workloads,
        List<String> removedWorkloads,
        List<AuthorizationPolicy> policies,
        List<PolicyName> removedPolicies) {

    private static final CatalogDelta NONE = builder().build();

    public CatalogDelta {
        services = List.copyOf(services);
        removedServices = List.copyOf(removedServices);
        workloads = List.copyOf(workloads);
        removedWorkloads = List.copyOf(removedWorkloads);
        policies = List.copyOf(policies);
        removedPolicies = List.copyOf(removedPolicies);
    }

    /** No change. */
    public static CatalogDelta none() {
        return NONE;
    }

    /** A builder of a change. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return services.isEmpty()
                && removedServices.isEmpty()
                && workloads.isEmpty()
                && removedWorkloads.isEmpty()
                && policies.isEmpty()
                && removedPolicies.isEmpty();
    }

    /** Collects a change; used by one thread. */
    public static final class Builder {

        private final List<Service> services = new ArrayList<>();
        private final List<ServiceName> removedServices = new ArrayList<>();
        private final List<Workload> workloads = new ArrayList<>();
        private final List<String> removedWorkloads = new ArrayList<>();
        private final List<AuthorizationPolicy> policies = new ArrayList<>();
        private final List<PolicyName> removedPolicies = new ArrayList<>();

        private Builder() {}

        public Builder upsert(Service service) {
            services.add(service);
            return this;
        }

        public Builder upsert(Workload workload) {
            workloads.add(workload);
            return this;
        }

        public Builder upsert(AuthorizationPolicy policy) {
            policies.add(policy);
            return this;
        }

        public Builder removeService(ServiceName name) {
            removedServices.add(name);
            return this;
        }

        public Builder removeWorkload(String uid) {
            removedWorkloads.add(uid);
            return this;
        }

        public Builder removePolicy(PolicyName name) {
            removedPolicies.add(name);
            return this;
        }

        public CatalogDelta build() {
            return new CatalogDelta(services, removedServices, workloads, removedWorkloads, policies, removedPolicies);
        }
    }
}
