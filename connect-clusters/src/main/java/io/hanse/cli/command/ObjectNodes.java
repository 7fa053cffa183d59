/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.directory.ClusterControl;

/** The stable documents of {@code -o json}: what a process answered, under one name, with the version of the form. */
final class ObjectNodes {

    private static final int VERSION = 1;

    private ObjectNodes() {}

    static void print(Surroundings surroundings, String name, JsonNode value) {
        ObjectNode document = ClusterControl.object().put("version", VERSION);
        document.set(name, value.isMissingNode() ? ClusterControl.object() : value);
        surroundings.screen().json(document);
    }

    /** The list of that name, or the document itself where a process answers with a bare list. */
    static JsonNode list(JsonNode document, String name) {
        return document.isArray() ? document : document.path(name);
    }
}
