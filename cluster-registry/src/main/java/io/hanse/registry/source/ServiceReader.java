/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.catalog.ServiceName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code v1 Service}. */
final class ServiceReader {

    /** As many as Envoy-based meshes carry in practice; each is a line in every proxy. */
    private static final int MAX_PORTS = 250;

    private ServiceReader() {}

    static Optional<Manifest> read(Fields document, Findings findings) {
        Optional<Metadata> metadata = Metadata.read(document, false);
        Fields spec = document.section("spec");
        document.ignore("status");
        spec.ignore(
                "sessionAffinity",
                "sessionAffinityConfig",
                "internalTrafficPolicy",
                "externalTrafficPolicy",
                "ipFamilies",
                "ipFamilyPolicy",
                "publishNotReadyAddresses",
                "trafficDistribution",
                "allocateLoadBalancerNodePorts",
                "healthCheckNodePort",
                "loadBalancerClass",
                "loadBalancerIP",
                "loadBalancerSourceRanges",
                "externalIPs");
        List<InetAddress> clusterIps = clusterIps(spec);
        spec.text("type").filter(type -> type.value().equals("ExternalName")).ifPresent(type -> {
            findings.problem(type.line(), "type: ExternalName has no endpoints here (expected: ClusterIP)");
            spec.ignore("externalName");
        });
        List<Manifest.Port> ports = ports(spec, findings);
        var selector = spec.plainTexts("selector");
        spec.finish();
        return metadata.map(named -> {
            Annotations annotations = Annotations.read(named, findings);
            return new Manifest.DeclaredService(
                    document.place(),
                    new ServiceName(named.namespace(), named.name()),
                    clusterIps,
                    ports,
                    selector,
                    annotations.global(),
                    annotations.shared(),
                    annotations.affinity());
        });
    }

    private static List<InetAddress> clusterIps(Fields spec) {
        List<InetAddress> addresses = new ArrayList<>();
        spec.text("clusterIP")
                .filter(text -> !text.value().isEmpty() && !text.value().equals("None"))
                .flatMap(text -> spec.address("clusterIP", text))
                .ifPresent(addresses::add);
        for (Fields.Text text : spec.list("clusterIPs")) {
            if (!text.value().equals("None")) {
                spec.address("clusterIPs", text)
                        .filter(address -> !addresses.contains(address))
                        .ifPresent(addresses::add);
            }
        }
        return addresses;
    }

    private static List<Manifest.Port> ports(Fields spec, Findings findings) {
        List<Fields> sections = spec.sections("ports");
        if (sections.isEmpty()) {
            spec.problem("ports", "ports: none (expected: at least one)");
        }
        if (sections.size() > MAX_PORTS) {
            spec.problem("ports", "ports: %d (expected: at most %d)".formatted(sections.size(), MAX_PORTS));
        }
        List<Manifest.Port> ports = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Fields section : sections) {
            section.ignore("nodePort", "appProtocol");
            String name = section.text("name").map(Fields.Text::value).orElse("");
            Optional<Integer> number = section.integer("port", 1, 65535);
            if (number.isEmpty() && !section.has("port")) {
                section.problem("port", "port: missing (expected: 1 to 65535)");
            }
            section.text("protocol")
                    .filter(p -> !p.value().equals("TCP"))
                    .ifPresent(protocol -> findings.problem(
                            protocol.line(),
                            "protocol: %s cannot be carried (expected: TCP)".formatted(protocol.value())));
            if (sections.size() > 1 && name.isEmpty()) {
                section.problem("name", "name: missing (expected: a name for each port where there are several)");
            }
            if (!names.add(name) && !name.isEmpty()) {
                section.problem("name", "name: %s is used twice".formatted(name));
            }
            number.ifPresent(port -> {
                if (!numbers.add(port)) {
                    section.problem("port", "port: %d is used twice".formatted(port));
                }
                target(section, port).ifPresent(target -> ports.add(new Manifest.Port(name, port, target)));
            });
            section.finish();
        }
        return ports;
    }

    private static Optional<Manifest.Target> target(Fields section, int port) {
        Optional<Fields.Text> given = section.text("targetPort");
        if (given.isEmpty()) {
            return Optional.of(new Manifest.Target.Numbered(port));
        }
        String text = given.get().value();
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return section.integer("targetPort", 1, 65535).map(Manifest.Target.Numbered::new);
        }
        return Optional.of(new Manifest.Target.Named(text));
    }
}
