/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The policies in front of one workload. Made from an image by {@code CatalogImage.policySetOf(workload, own)}; cheap to
 * keep, right until the next image.
 *
 * <p>Order of decision: a policy that the workload names and that has not arrived refuses everybody; a DENY that matches
 * refuses; no ALLOW at all lets through; an ALLOW that matches lets through; the rest is refused in the name of the first
 * ALLOW. Dry-run policies never decide. Immutable; any thread.
 */
public final class PolicySet {

    private final TrustDomain own;
    private final List<AuthorizationPolicy> denying;
    private final List<AuthorizationPolicy> allowing;
    private final Optional<PolicyName> missing;

    private PolicySet(TrustDomain own, Collection<AuthorizationPolicy> applying, Collection<PolicyName> missing) {
        this.own = own;
        this.denying = ofAction(applying, Action.DENY);
        this.allowing = ofAction(applying, Action.ALLOW);
        this.missing = missing.stream().min(PolicyName::compareTo);
    }

    /**
     * A set of given policies.
     *
     * @param own the workload's trust domain, which {@code namespaces} and {@code serviceAccounts} speak of
     * @param applying those that stand in front of the workload, dry-run ones included; where several would refuse, the
     *     first of them is named
     * @param missing those that the workload names and that are not known
     */
    public static PolicySet of(
            TrustDomain own, Collection<AuthorizationPolicy> applying, Collection<PolicyName> missing) {
        return new PolicySet(own, applying, missing);
    }

    private static List<AuthorizationPolicy> ofAction(Collection<AuthorizationPolicy> policies, Action action) {
        return policies.stream()
                .filter(policy -> policy.action() == action && !policy.dryRun())
                .toList();
    }

    /** What the policies say to {@code connection}. */
    public Decision decide(Connection connection) {
        if (missing.isPresent()) {
            return new Decision.Denied(ReasonCode.POLICY_MISSING, missing);
        }
        Subject subject = Subject.of(connection, own);
        Optional<PolicyName> denied = firstMatch(denying, subject);
        if (denied.isPresent()) {
            return new Decision.Denied(ReasonCode.DENIED_BY_POLICY, denied);
        }
        Optional<PolicyName> allowed = firstMatch(allowing, subject);
        return allowing.isEmpty() || allowed.isPresent()
                ? new Decision.Allowed(allowed)
                : new Decision.Denied(
                        ReasonCode.DENIED_BY_POLICY,
                        Optional.of(allowing.getFirst().name()));
    }

    private static Optional<PolicyName> firstMatch(List<AuthorizationPolicy> policies, Subject subject) {
        for (AuthorizationPolicy policy : policies) {
            if (policy.matches(subject)) {
                return Optional.of(policy.name());
            }
        }
        return Optional.empty();
    }
}
