/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The {@code metadata} of a document.
 *
 * @param annotations with the line of each
 */
record Metadata(
        String namespace,
        String name,
        NavigableMap<String, String> labels,
        NavigableMap<String, Fields.Text> annotations) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** Dots are fine where the name is not part of a host name or an identity. */
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    Metadata {
        labels = Collections.unmodifiableNavigableMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableNavigableMap(new TreeMap<>(annotations));
    }

    /** Reads it; empty if the object cannot be named. */
    static Optional<Metadata> read(Fields document, boolean nameMayHoldDots) {
        Fields metadata = document.section("metadata");
        metadata.ignore(
                "uid",
                "resourceVersion",
                "generation",
                "creationTimestamp",
                "managedFields",
                "ownerReferences",
                "finalizers",
                "generateName");
        Optional<Fields.Text> name = metadata.required("name");
        Fields.Text namespace =
                metadata.text("namespace").orElseGet(() -> new Fields.Text("default", metadata.line("name")));
        Metadata read = new Metadata(
                namespace.value(),
                name.map(Fields.Text::value).orElse(""),
                metadata.plainTexts("labels"),
                metadata.texts("annotations"));
        metadata.finish();
        boolean good = name.isPresent();
        if (good && !(nameMayHoldDots ? SUBDOMAIN : LABEL).matcher(read.name).matches()) {
            metadata.problem("name", "name: %s (expected: lower-case letters, digits and -)".formatted(read.name));
            good = false;
        }
        if (!LABEL.matcher(read.namespace).matches()) {
            metadata.problem("namespace", "namespace: %s (expected: an RFC 1123 label)".formatted(read.namespace));
            good = false;
        }
        return good ? Optional.of(read) : Optional.empty();
    }
}
