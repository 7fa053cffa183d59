/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.catalog.NodeDuties;
import io.hanse.model.catalog.ServiceName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.cluster.Locality;
import io.hanse.model.identity.SystemIdentity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code hanse.io/v1alpha1 Workload}: a process that runs on a node and may be an endpoint of services. */
final class WorkloadReader {

    /** Relative; a thousandfold is more than any canary asks for, and sums of them stay in an int. */
    private static final int MAX_WEIGHT = 1000;

    /** Each is a socket on the node. */
    private static final int MAX_LISTENERS = 256;

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern SELECTOR = Pattern.compile("(uid:\\d+|gid:\\d+|path:/.*|sha256:[0-9a-f]{64})");

    private WorkloadReader() {}

    static Optional<Manifest> read(Fields document, Findings findings) {
        Optional<Metadata> metadata = Metadata.read(document, false);
        document.ignore("status");
        Fields spec = document.section("spec");
        Optional<Fields.Text> node = spec.required("node");
        String serviceAccount =
                spec.text("serviceAccount").map(Fields.Text::value).orElse("default");
        node.filter(text -> !isSegment(text.value()))
                .ifPresent(text -> spec.problem(
                        "node",
                        "node: %s (expected: letters, digits, . _ -, as in a SPIFFE ID)".formatted(text.value())));
        if (!isSegment(serviceAccount)) {
            spec.problem(
                    "serviceAccount",
                    "serviceAccount: %s (expected: letters, digits, . _ -, as in a SPIFFE ID)"
                            .formatted(serviceAccount));
        }
        metadata.filter(named -> named.namespace().equals(SystemIdentity.NAMESPACE))
                .ifPresent(named -> document.problem(
                        "metadata",
                        "namespace %s is reserved for Hanse's own processes (expected: another namespace)"
                                .formatted(SystemIdentity.NAMESPACE)));
        List<InetAddress> addresses = addresses(spec);
        int weight = spec.integer("weight", 1, MAX_WEIGHT).orElse(1);
        Locality locality = locality(spec.section("locality"));
        boolean healthy = spec.flag("healthy").orElse(true);
        var ports = spec.integers("ports", 1, 65535);
        NodeDuties duties = new NodeDuties(selectors(spec), outbound(spec), inbound(spec));
        spec.finish();
        return metadata.flatMap(named -> node.map(on -> new Manifest.DeclaredWorkload(
                document.place(),
                named.namespace(),
                named.name(),
                named.labels(),
                on.value(),
                addresses,
                serviceAccount,
                weight,
                locality,
                healthy,
                ports,
                duties)));
    }

    private static boolean isSegment(String text) {
        return SEGMENT.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }

    private static List<InetAddress> addresses(Fields spec) {
        List<InetAddress> addresses = new ArrayList<>();
        spec.text("address").flatMap(text -> spec.address("address", text)).ifPresent(addresses::add);
        for (Fields.Text text : spec.list("addresses")) {
            spec.address("addresses", text)
                    .filter(address -> !addresses.contains(address))
                    .ifPresent(addresses::add);
        }
        if (addresses.isEmpty() && !spec.has("address") && !spec.has("addresses")) {
            spec.problem("address", "address: missing (expected: the IP address the workload listens on)");
        }
        return addresses;
    }

    private static Locality locality(Fields section) {
        Locality locality = new Locality(
                section.text("region").map(Fields.Text::value).orElse(""),
                section.text("zone").map(Fields.Text::value).orElse(""),
                section.text("subzone").map(Fields.Text::value).orElse(""));
        section.finish();
        return locality;
    }

    private static List<String> selectors(Fields spec) {
        List<String> selectors = new ArrayList<>();
        for (Fields.Text text : spec.list("selectors")) {
            if (!SELECTOR.matcher(text.value()).matches()) {
                spec.problemAt(
                        text.line(),
                        "selectors: %s (expected: uid:<n>, gid:<n>, path:/<file> or sha256:<64 hex digits>)"
                                .formatted(text.value()));
            }
            selectors.add(text.value());
        }
        return selectors;
    }

    private static List<NodeDuties.Outbound> outbound(Fields spec) {
        List<NodeDuties.Outbound> outbound = new ArrayList<>();
        for (Fields section : bounded(spec, "outbound")) {
            Optional<ServiceName> service = section.required("service").flatMap(text -> {
                try {
                    return Optional.of(ServiceName.parse(text.value()));
                } catch (IllegalArgumentException e) {
                    section.problem("service", String.valueOf(e.getMessage()));
                    return Optional.empty();
                }
            });
            Optional<Integer> port = section.requiredInteger("port", 1, 65535);
            Optional<HostPort> listen = listen(section);
            section.finish();
            if (service.isPresent() && port.isPresent() && listen.isPresent()) {
                outbound.add(new NodeDuties.Outbound(listen.get(), service.get(), port.get()));
            }
        }
        return outbound;
    }

    private static List<NodeDuties.Inbound> inbound(Fields spec) {
        List<NodeDuties.Inbound> inbound = new ArrayList<>();
        for (Fields section : bounded(spec, "inbound")) {
            Optional<Integer> port = section.requiredInteger("port", 1, 65535);
            Optional<HostPort> listen = listen(section);
            section.finish();
            if (port.isPresent() && listen.isPresent()) {
                inbound.add(new NodeDuties.Inbound(listen.get(), port.get()));
            }
        }
        return inbound;
    }

    private static List<Fields> bounded(Fields spec, String key) {
        List<Fields> sections = spec.sections(key);
        if (sections.size() > MAX_LISTENERS) {
            spec.problem(key, "%s: %d listeners (expected: at most %d)".formatted(key, sections.size(), MAX_LISTENERS));
        }
        return sections;
    }

    private static Optional<HostPort> listen(Fields section) {
        return section.required("listen").flatMap(text -> {
            try {
                return Optional.of(HostPort.parse(text.value()));
            } catch (IllegalArgumentException e) {
                section.problem("listen", String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }
}
