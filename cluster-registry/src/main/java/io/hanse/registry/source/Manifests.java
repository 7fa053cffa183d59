/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import java.util.List;

/**
 * Everything a source holds at one moment: an immutable image.
 *
 * @param objects in the order of their places; no two with the same key
 * @param problems in the order of their places
 */
public record Manifests(List<Manifest> objects, List<Problem> problems) {

    /** Nothing declared. */
    public static final Manifests NONE = new Manifests(List.of(), List.of());

    public Manifests {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }

    /** The objects of one kind. */
    public <M extends Manifest> List<M> of(Class<M> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
