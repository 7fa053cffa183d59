/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.runtime.config.MalformedYaml;
import io.hanse.runtime.config.YamlNode;
import io.hanse.runtime.config.YamlReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the documents of one file, each by its kind. */
final class ManifestReader {

    private static final Set<String> ISTIO_SECURITY =
            Set.of("security.istio.io/v1", "security.istio.io/v1beta1", "security.istio.io/v1alpha1");
    private static final List<String> API_VERSIONS =
            List.of("v1", "hanse.io/v1alpha1", "security.istio.io/v1", "security.istio.io/v1beta1");
    private static final List<String> KINDS =
            List.of("Service", "Workload", "AuthorizationPolicy", "PeerAuthentication");

    /** Kinds of the core API that people keep beside their services. */
    private static final Set<String> CORE_KINDS = Set.of(
            "ConfigMap", "Endpoints", "Namespace", "Pod", "Secret", "ServiceAccount", "PersistentVolumeClaim", "List");

    private ManifestReader() {}

    /** The objects of a file; what is wrong goes into {@code findings}. Empty if anything was refused. */
    static List<Manifest> read(byte[] text, Findings findings) {
        List<Manifest> objects = new ArrayList<>();
        for (YamlNode document : documents(text, findings)) {
            if (document instanceof YamlNode.Mapping mapping) {
                readDocument(new Fields("", mapping, findings), findings).ifPresent(objects::add);
            } else {
                findings.problem(
                        document.mark().line(), "%s (expected: a Kubernetes object)".formatted(document.kind()));
            }
        }
        return findings.refused() ? List.of() : List.copyOf(objects);
    }

    private static List<YamlNode> documents(byte[] text, Findings findings) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            return YamlReader.parseAll("", decoded);
        } catch (CharacterCodingException e) {
            findings.problem(1, "not UTF-8 text");
        } catch (MalformedYaml e) {
            findings.problem(e.mark().line(), "not YAML: %s".formatted(e.problem()));
        }
        return List.of();
    }

    private static Optional<Manifest> readDocument(Fields document, Findings findings) {
        Optional<Fields.Text> version = document.required("apiVersion");
        Optional<Fields.Text> kind = document.required("kind");
        if (version.isEmpty() || kind.isEmpty()) {
            return Optional.empty();
        }
        String api = version.get().value();
        String name = kind.get().value();
        Optional<Manifest> read;
        if (api.equals("v1") && name.equals("Service")) {
            read = ServiceReader.read(document, findings);
        } else if (api.equals("hanse.io/v1alpha1") && name.equals("Workload")) {
            read = WorkloadReader.read(document, findings);
        } else if (ISTIO_SECURITY.contains(api) && name.equals("AuthorizationPolicy")) {
            read = AuthorizationReader.read(document, findings);
        } else if (ISTIO_SECURITY.contains(api) && name.equals("PeerAuthentication")) {
            read = PeerAuthenticationReader.read(document, findings);
        } else {
            reportUnknown(version.get(), kind.get(), findings);
            return Optional.empty();
        }
        document.finish();
        return read;
    }

    /** A foreign API means something to other software and is passed over; ours misspelt is an error. */
    private static void reportUnknown(Fields.Text version, Fields.Text kind, Findings findings) {
        String api = version.value();
        String group = api.contains("/") ? api.substring(0, api.indexOf('/')) : "";
        String nearApi = Nearest.hint(api, API_VERSIONS);
        boolean ours = group.equals("hanse.io")
                || group.equals("security.istio.io")
                || api.equals("v1") && !CORE_KINDS.contains(kind.value());
        if (ours && API_VERSIONS.contains(api)) {
            findings.problem(
                    kind.line(),
                    "unknown kind %s of %s%s".formatted(kind.value(), api, Nearest.hint(kind.value(), KINDS)));
        } else if (ours || KINDS.contains(kind.value())) {
            findings.problem(
                    version.line(), "unknown apiVersion %s of kind %s%s".formatted(api, kind.value(), nearApi));
        } else {
            findings.notice(kind.line(), "kind %s of %s is not read here".formatted(kind.value(), api));
        }
    }
}
