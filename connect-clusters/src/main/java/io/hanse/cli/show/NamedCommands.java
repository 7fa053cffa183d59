/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The commands that a text names, completed with the {@code --dir} the user gave, so that each works as printed. A
 * command for the other operator is marked {@code (there)} in the text and stays as it is.
 */
final class NamedCommands {

    /** A command about a cluster, with its arguments up to a sign or a word of the sentence around it. */
    private static final Pattern COMMAND = Pattern.compile(
            "connect-clusters (?:run|invite|accept|disconnect|status"
                    + "|services|explain|svid|bundle|authority|join-token)"
                    + "(?: (?!and\\b|or\\b|then\\b|in\\b|to\\b|for\\b|which\\b|there\\b)(?:<[^>]+>|[^\\s;,()]+))*+(?! \\(there\\))");

    private NamedCommands() {}

    static String completed(String text, String folder) {
        if (folder.isEmpty() || !text.contains("connect-clusters ")) {
            return text;
        }
        return COMMAND.matcher(text).replaceAll(match -> java.util.regex.Matcher.quoteReplacement(with(match, folder)));
    }

    /** The same in every text of a document. */
    static JsonNode completed(JsonNode document, String folder) {
        return switch (document) {
            case ObjectNode object -> {
                ObjectNode all = object.objectNode();
                object.properties().forEach(each -> all.set(each.getKey(), completed(each.getValue(), folder)));
                yield all;
            }
            case ArrayNode array -> {
                ArrayNode all = array.arrayNode();
                array.forEach(each -> all.add(completed(each, folder)));
                yield all;
            }
            case TextNode text -> new TextNode(completed(text.textValue(), folder));
            default -> document;
        };
    }

    private static String with(MatchResult match, String folder) {
        String command = match.group();
        if (command.contains(" --dir") || command.contains(" --help")) {
            return command;
        }
        boolean ends = command.endsWith(".") || command.endsWith(":");
        String bare = ends ? command.substring(0, command.length() - 1) : command;
        return bare + " --dir " + folder + (ends ? command.substring(command.length() - 1) : "");
    }
}
