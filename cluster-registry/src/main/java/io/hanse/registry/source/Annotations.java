/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.catalog.Affinity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The annotations of a service that join clusters. Semantics: Cilium Cluster Mesh (multicluster.md 1.4); where several
 * names of one fact are present, {@code hanse.io} wins over {@code service.cilium.io} over {@code io.cilium}.
 *
 * @param global off unless "true"
 * @param shared true by default once global; "false" consumes without offering; never true for a service that is not
 *     global
 * @param affinity none unless set
 */
record Annotations(boolean global, boolean shared, Affinity affinity) {

    private static final List<String> GLOBAL =
            List.of("hanse.io/global", "service.cilium.io/global", "io.cilium/global-service");
    private static final List<String> SHARED =
            List.of("hanse.io/shared", "service.cilium.io/shared", "io.cilium/shared-service");
    private static final List<String> AFFINITY =
            List.of("hanse.io/affinity", "service.cilium.io/affinity", "io.cilium/service-affinity");

    static Annotations read(Metadata metadata, Findings findings) {
        reportUnknown(metadata, findings);
        boolean global = flag(GLOBAL, metadata, findings).orElse(false);
        Optional<Boolean> shared = flag(SHARED, metadata, findings);
        if (!global && shared.orElse(false)) {
            findings.notice(
                    line(SHARED, metadata),
                    "shared has no effect without global (add the annotation hanse.io/global: \"true\")");
        }
        return new Annotations(global, global && shared.orElse(true), affinity(metadata, findings));
    }

    private static Optional<Boolean> flag(List<String> names, Metadata metadata, Findings findings) {
        return first(names, metadata).flatMap(entry -> switch (entry.getValue().value()) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> {
                findings.problem(
                        entry.getValue().line(),
                        "%s: %s (expected: \"true\" or \"false\")"
                                .formatted(entry.getKey(), entry.getValue().value()));
                yield Optional.empty();
            }
        });
    }

    private static Affinity affinity(Metadata metadata, Findings findings) {
        return first(AFFINITY, metadata)
                .map(entry -> switch (entry.getValue().value()) {
                    case "none" -> Affinity.NONE;
                    case "local" -> Affinity.LOCAL;
                    case "remote" -> Affinity.REMOTE;
                    default -> {
                        findings.problem(
                                entry.getValue().line(),
                                "%s: %s (expected: local, remote or none)"
                                        .formatted(
                                                entry.getKey(), entry.getValue().value()));
                        yield Affinity.NONE;
                    }
                })
                .orElse(Affinity.NONE);
    }

    private static Optional<Map.Entry<String, Fields.Text>> first(List<String> names, Metadata metadata) {
        return names.stream()
                .filter(metadata.annotations()::containsKey)
                .findFirst()
                .map(name -> Map.entry(name, annotation(metadata, name)));
    }

    private static Fields.Text annotation(Metadata metadata, String name) {
        Fields.Text text = metadata.annotations().get(name);
        return text == null ? new Fields.Text("", 1) : text;
    }

    private static int line(List<String> names, Metadata metadata) {
        return first(names, metadata).map(entry -> entry.getValue().line()).orElse(1);
    }

    /** Ours misspelt is an error; another product's is a remark, because it may mean something to that product. */
    private static void reportUnknown(Metadata metadata, Findings findings) {
        List<String> ours = List.of(GLOBAL.getFirst(), SHARED.getFirst(), AFFINITY.getFirst());
        metadata.annotations().forEach((name, text) -> {
            if (name.startsWith("hanse.io/") && !ours.contains(name)) {
                findings.problem(text.line(), "unknown annotation %s%s".formatted(name, Nearest.hint(name, ours)));
            }
            boolean ciliums = name.startsWith("service.cilium.io/") || name.startsWith("io.cilium/");
            if (ciliums && !GLOBAL.contains(name) && !SHARED.contains(name) && !AFFINITY.contains(name)) {
                findings.notice(text.line(), "annotation %s is not honoured".formatted(name));
            }
        });
    }
}
