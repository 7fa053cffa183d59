/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.config;

import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What every role knows of its cluster: the shared keys of {@code cluster.yaml}, and where the roles listen.
 *
 * @param cluster key {@code cluster}, required
 * @param trustDomain key {@code trustDomain}, required; upper case is taken as lower
 * @param network key {@code network}; default: the cluster's name
 * @param address key {@code address}: host where the control plane listens; default 127.0.0.1
 * @param stateDirectory key {@code stateDirectory}; default {@code state} beside the file
 * @param runDirectory key {@code runDirectory}; default {@code run} beside the file
 * @param markDirectory key {@code markDirectory}: what tells that older state was put back, outside the state; default
 *     {@code marks} beside the file
 * @param manifests key {@code manifests}; default {@code manifests} beside the file
 * @param refreshHint key {@code refreshHint}: how often peers look for a new bundle; default 5m
 * @param ports where each role listens
 * @param file the file all this was read from
 */
public record ClusterConfig(
        ClusterName cluster,
        TrustDomain trustDomain,
        String network,
        String address,
        Path stateDirectory,
        Path runDirectory,
        Path markDirectory,
        Path manifests,
        Duration refreshHint,
        Ports ports,
        Path file) {

    /** Names of the roles' sections; a node's own section may be {@code node-proxy-<node>}. */
    private static final Set<String> ROLES = Set.of(
            "spiffe-ca",
            "trust-bundle-exchange",
            "cluster-registry",
            "east-west-gateway",
            "node-proxy",
            "control-plane");

    /** Peers are not asked more often, and not so rarely that a rotation passes them by. */
    private static final Duration LEAST_REFRESH = Duration.ofSeconds(1);

    private static final Duration MOST_REFRESH = Duration.ofHours(24);
    private static final Duration USUAL_REFRESH = Duration.ofMinutes(5);

    /**
     * Where the roles of this cluster listen; each is a key of its role's section.
     *
     * @param ca {@code spiffe-ca.listen}, default {@code <address>:15012}
     * @param registry {@code cluster-registry.listen}, default {@code <address>:15013}
     * @param exchange {@code trust-bundle-exchange.listen}, default {@code <address>:15014}
     * @param bundleEndpoint {@code trust-bundle-exchange.bundleEndpoint}, default {@code <address>:8443}
     * @param webBundleEndpoint {@code trust-bundle-exchange.webBundleEndpoint}; absent: not served
     * @param gateway {@code east-west-gateway.listen}, default {@code <address>:15008}
     * @param gatewaysAdvertised {@code east-west-gateway.advertise}: the addresses peers are told, in the order to try;
     *     default: where the gateway listens
     */
    public record Ports(
            HostPort ca,
            HostPort registry,
            HostPort exchange,
            HostPort bundleEndpoint,
            Optional<HostPort> webBundleEndpoint,
            HostPort gateway,
            List<HostPort> gatewaysAdvertised) {

        public Ports {
            gatewaysAdvertised = List.copyOf(gatewaysAdvertised);
        }
    }

    /** Reads the shared keys; problems are noted in the section, whose {@code finish} the caller calls. */
    public static ClusterConfig read(Section root) {
        root.knownElsewhere(key -> ROLES.contains(key) || key.startsWith("node-proxy-"));
        ClusterName cluster = root.required("cluster", ClusterName::new, new ClusterName("unknown"));
        TrustDomain trustDomain =
                root.required("trustDomain", TrustDomain::parse, TrustDomain.parse("unknown.invalid"));
        // One that goes with any port; here, so that it is refused with its line.
        String address = root.value("address", host -> new HostPort(host, 0).host(), "127.0.0.1");
        return new ClusterConfig(
                cluster,
                trustDomain,
                root.text("network", cluster.name()),
                address,
                root.path("stateDirectory", "state"),
                root.path("runDirectory", "run"),
                root.path("markDirectory", "marks"),
                root.path("manifests", "manifests"),
                root.duration("refreshHint", USUAL_REFRESH, LEAST_REFRESH, MOST_REFRESH),
                ports(root, address),
                root.file());
    }

    private static Ports ports(Section root, String address) {
        HostPort gateway = listen(root, "east-west-gateway", "listen", address, 15008);
        List<HostPort> advertised = root.peek("east-west-gateway").list("advertise", HostPort::parse);
        return new Ports(
                listen(root, "spiffe-ca", "listen", address, 15012),
                listen(root, "cluster-registry", "listen", address, 15013),
                listen(root, "trust-bundle-exchange", "listen", address, 15014),
                listen(root, "trust-bundle-exchange", "bundleEndpoint", address, 8443),
                root.peek("trust-bundle-exchange").address("webBundleEndpoint"),
                gateway,
                advertised.isEmpty() ? List.of(gateway) : advertised);
    }

    private static HostPort listen(Section root, String role, String key, String address, int port) {
        return root.peek(role).address(key, new HostPort(address, port));
    }
}
