/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.identity.SystemIdentity;
import io.hanse.registry.source.Manifest.MutualTls;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code security.istio.io PeerAuthentication} (istio.md 4): who may still speak plain text. */
final class PeerAuthenticationReader {

    private PeerAuthenticationReader() {}

    static Optional<Manifest> read(Fields document, Findings findings) {
        Optional<Metadata> metadata = Metadata.read(document, true);
        document.ignore("status");
        Fields spec = document.section("spec");
        Fields selector = spec.section("selector");
        NavigableMap<String, String> labels = selector.plainTexts("matchLabels");
        selector.finish();
        Fields mtls = spec.section("mtls");
        Optional<MutualTls> mode = mtls.text("mode").flatMap(text -> mode("mtls.mode", text, findings));
        mtls.finish();
        NavigableMap<Integer, MutualTls> ports = ports(spec.section("portLevelMtls"), findings);
        spec.finish();
        if (labels.isEmpty() && !ports.isEmpty()) {
            spec.problem(
                    "portLevelMtls",
                    "portLevelMtls: needs a selector, ports belong to workloads (expected: spec.selector.matchLabels)");
        }
        metadata.filter(named -> named.namespace().equals(SystemIdentity.NAMESPACE) && !labels.isEmpty())
                .ifPresent(named -> spec.problem(
                        "selector",
                        "selector: has no effect in %s, where it would speak for the whole mesh (expected: none)"
                                .formatted(SystemIdentity.NAMESPACE)));
        return metadata.map(named -> new Manifest.DeclaredPeerAuthentication(
                document.place(), named.namespace(), named.name(), labels, mode, ports));
    }

    private static NavigableMap<Integer, MutualTls> ports(Fields section, Findings findings) {
        NavigableMap<Integer, MutualTls> ports = new TreeMap<>();
        for (Map.Entry<Integer, Fields> entry :
                section.numberedSections(1, 65535).entrySet()) {
            Fields port = entry.getValue();
            port.text("mode")
                    .flatMap(text -> mode("portLevelMtls.mode", text, findings))
                    .ifPresent(mode -> ports.put(entry.getKey(), mode));
            port.finish();
        }
        section.finish();
        return ports;
    }

    private static Optional<MutualTls> mode(String what, Fields.Text text, Findings findings) {
        return switch (text.value()) {
            case "STRICT" -> Optional.of(MutualTls.STRICT);
            case "PERMISSIVE" -> Optional.of(MutualTls.PERMISSIVE);
            case "DISABLE" -> {
                findings.notice(
                        text.line(), "%s: DISABLE acts as PERMISSIVE, mutual TLS stays possible".formatted(what));
                yield Optional.of(MutualTls.PERMISSIVE);
            }
            case "UNSET" -> Optional.empty();
            default -> {
                findings.problem(
                        text.line(), "%s: %s (expected: STRICT, PERMISSIVE or UNSET)".formatted(what, text.value()));
                yield Optional.empty();
            }
        };
    }
}
