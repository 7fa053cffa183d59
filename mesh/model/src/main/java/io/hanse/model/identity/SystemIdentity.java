/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.identity;

import java.util.Optional;

/**
 * The SPIFFE IDs Hanse's own processes bear. They live in the namespace {@value #NAMESPACE} and under {@code /hanse};
 * no workload may be registered there.
 */
public enum SystemIdentity {
    SPIFFE_CA("spiffe-ca"),
    TRUST_BUNDLE_EXCHANGE("trust-bundle-exchange"),
    CLUSTER_REGISTRY("cluster-registry"),
    EAST_WEST_GATEWAY("east-west-gateway");

    /** The reserved namespace. */
    public static final String NAMESPACE = "hanse-system";

    private static final String NODE_PREFIX = "/hanse/node/";

    private final String serviceAccount;

    SystemIdentity(String serviceAccount) {
        this.serviceAccount = serviceAccount;
    }

    /** The process's name: its service account, its module and its section in {@code cluster.yaml}. */
    public String serviceAccount() {
        return serviceAccount;
    }

    /** This process's ID in the given trust domain. */
    public SpiffeId in(TrustDomain trustDomain) {
        return SpiffeId.ofServiceAccount(trustDomain, NAMESPACE, serviceAccount);
    }

    /** Whether {@code id} is this process in {@code id}'s own trust domain. */
    public boolean is(SpiffeId id) {
        return id.equals(in(id.trustDomain()));
    }

    /** The ID of a node's proxy: {@code spiffe://td/hanse/node/<node>}. */
    public static SpiffeId node(TrustDomain trustDomain, String node) {
        return new SpiffeId(trustDomain, NODE_PREFIX + node);
    }

    /** The node's name, if {@code id} is a node's. */
    public static Optional<String> nodeName(SpiffeId id) {
        String path = id.path();
        boolean isNode = path.startsWith(NODE_PREFIX) && path.indexOf('/', NODE_PREFIX.length()) < 0;
        return isNode ? Optional.of(path.substring(NODE_PREFIX.length())) : Optional.empty();
    }

    /** Whether {@code id} lies where only Hanse's own processes may. */
    public static boolean isReserved(SpiffeId id) {
        String path = id.path() + "/";
        return path.startsWith("/hanse/") || path.startsWith("/ns/" + NAMESPACE + "/");
    }
}
