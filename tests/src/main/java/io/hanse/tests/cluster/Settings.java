/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.cli.directory.ClusterDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a cluster shall be. Values; each method gives a new one.
 *
 * @param name the cluster's name
 * @param trustDomain its trust domain
 * @param nodes names of its nodes, each with a proxy; the first is {@code a}
 * @param separate three control-plane processes instead of one
 * @param relayed peers are told the address of a {@link Relay} instead of the gateway's
 * @param shared shared keys of cluster.yaml
 * @param sections keys of the roles' sections
 */
public record Settings(
        String name,
        String trustDomain,
        List<String> nodes,
        boolean separate,
        boolean relayed,
        Map<String, String> shared,
        Map<String, Map<String, String>> sections) {

    public Settings {
        nodes = List.copyOf(nodes);
        shared = Map.copyOf(shared);
        sections = Map.copyOf(sections);
    }

    /** One node, one control plane, trust domain {@code <name>.example}; peers look for new keys every 2 s. */
    public static Settings named(String name) {
        return new Settings(
                        name,
                        name + ".example",
                        List.of(ClusterDirectory.DEFAULT_NODE),
                        false,
                        false,
                        Map.of("refreshHint", "2s"),
                        Map.of())
                .set("trust-bundle-exchange", "minPoll", "500ms");
    }

    /** With nodes {@code a}, {@code b}, ... */
    public Settings nodes(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(String.valueOf((char) ('a' + i)));
        }
        return new Settings(name, trustDomain, names, separate, relayed, shared, sections);
    }

    /** spiffe-ca, trust-bundle-exchange and cluster-registry as three processes. */
    public Settings separateControlPlane() {
        return new Settings(name, trustDomain, nodes, true, relayed, shared, sections);
    }

    /** With a relay before its gateway, so that links to it can be cut. */
    public Settings behindRelay() {
        return new Settings(name, trustDomain, nodes, separate, true, shared, sections);
    }

    /** With another trust domain. */
    public Settings in(String domain) {
        return new Settings(name, domain, nodes, separate, relayed, shared, sections);
    }

    /** How often peers look for new keys of this cluster; a rotation takes a few of these. */
    public Settings refreshHint(Duration hint) {
        Map<String, String> more = new TreeMap<>(shared);
        more.put("refreshHint", hint.toMillis() + "ms");
        return new Settings(name, trustDomain, nodes, separate, relayed, more, sections);
    }

    /** Life of authorities and SVIDs (authorityTtl at least nine hints and six lives of an SVID). */
    public Settings lifetimes(Duration authority, Duration svid) {
        return set("spiffe-ca", "authorityTtl", authority.toSeconds() + "s")
                .set("spiffe-ca", "svidTtl", svid.toSeconds() + "s")
                .set("spiffe-ca", "jwtSvidTtl", svid.toSeconds() + "s");
    }

    /** How long imported endpoints live without a word of their peer, and how often there is one. */
    public Settings lease(Duration lease, Duration heartbeat) {
        return set("cluster-registry", "importLease", lease.toMillis() + "ms")
                .set("cluster-registry", "heartbeat", heartbeat.toMillis() + "ms");
    }

    /** A key of a role's section of cluster.yaml, as one writes it there. */
    public Settings set(String section, String key, String value) {
        Map<String, Map<String, String>> more = new TreeMap<>(sections);
        Map<String, String> keys = new TreeMap<>(more.getOrDefault(section, Map.of()));
        keys.put(key, value);
        more.put(section, Map.copyOf(keys));
        return new Settings(name, trustDomain, nodes, separate, relayed, shared, more);
    }

    /** The text of cluster.yaml. */
    String yaml(String address) {
        StringBuilder text =
                new StringBuilder("cluster: %s\ntrustDomain: %s\naddress: %s\n".formatted(name, trustDomain, address));
        text.append(lines("", shared));
        new TreeMap<>(sections)
                .forEach((section, keys) -> text.append(section).append(":\n").append(lines("  ", keys)));
        return text.toString();
    }

    private static String lines(String indent, Map<String, String> keys) {
        return new TreeMap<>(keys)
                .entrySet().stream()
                        .map(entry -> indent + entry.getKey() + ": " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
