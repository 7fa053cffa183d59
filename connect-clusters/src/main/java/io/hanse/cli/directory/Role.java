/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.directory;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The processes of a cluster, as {@code run} and {@code cluster.yaml} name them. */
public enum Role {
    SPIFFE_CA("spiffe-ca", "io.hanse.ca.Main"),
    TRUST_BUNDLE_EXCHANGE("trust-bundle-exchange", "io.hanse.exchange.Main"),
    CLUSTER_REGISTRY("cluster-registry", "io.hanse.registry.Main"),
    /** The three above in one JVM. */
    CONTROL_PLANE("control-plane", "io.hanse.deploy.ControlPlane"),
    EAST_WEST_GATEWAY("east-west-gateway", "io.hanse.gateway.Main"),
    NODE_PROXY("node-proxy", "io.hanse.proxy.Main");

    private final String text;
    private final String mainClass;

    Role(String text, String mainClass) {
        this.text = text;
        this.mainClass = mainClass;
    }

    /** Its name everywhere: section, socket, folder, join token. */
    public String text() {
        return text;
    }

    /** What its JVM starts. A name only: the command's class path does not hold it. */
    public String mainClass() {
        return mainClass;
    }

    /** The role of that name. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text.equals(text)).findFirst();
    }

    /** What a process of this role does: itself, or the three of the control plane. */
    public List<Role> plays() {
        return this == CONTROL_PLANE ? List.of(SPIFFE_CA, TRUST_BUNDLE_EXCHANGE, CLUSTER_REGISTRY) : List.of(this);
    }

    @Override
    public String toString() {
        return text;
    }
}
