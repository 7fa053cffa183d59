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

    /**
     * What a command would do: a sentence, or a document that holds it as {@code dryRun} beside what it is made of.
     *
     * @param given what the sentence is made of
     */
    static void printDryRun(Surroundings surroundings, OutputOption output, String sentence, ObjectNode given) {
        if (!output.json()) {
            surroundings.screen().line(sentence);
            return;
        }
        ObjectNode document = ClusterControl.object().put("version", VERSION).put("dryRun", sentence);
        surroundings.screen().json(document.setAll(given));
    }

    /** The list of that name, or the document itself where a process answers with a bare list. */
    static JsonNode list(JsonNode document, String name) {
        return document.isArray() ? document : document.path(name);
    }
}
