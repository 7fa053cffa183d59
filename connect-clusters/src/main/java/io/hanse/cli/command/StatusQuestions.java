/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.ClusterDirectory;
import io.hanse.cli.directory.Role;
import io.hanse.cli.show.StatusFacts;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks every process of a cluster; one that does not answer is a finding, not the end. */
final class StatusQuestions {

    /** The processes of which there is one in a cluster. */
    private static final List<Role> ASKED_ALONE =
            List.of(Role.SPIFFE_CA, Role.TRUST_BUNDLE_EXCHANGE, Role.CLUSTER_REGISTRY, Role.EAST_WEST_GATEWAY);

    private final ClusterControl control;
    private final Map<String, StatusFacts.Silent> silent = new LinkedHashMap<>();
    private boolean anyAnswer;

    private StatusQuestions(ClusterControl control) {
        this.control = control;
    }

    static StatusFacts ask(ClusterControl control) {
        return new StatusQuestions(control).ask();
    }

    private StatusFacts ask() {
        ClusterDirectory directory = control.directory();
        JsonNode ca = answer(Role.SPIFFE_CA, "/v1/status");
        JsonNode authorities = answer(Role.SPIFFE_CA, "/v1/authorities");
        JsonNode relationships =
                ObjectNodes.list(answer(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships"), "relationships");
        JsonNode registry = answer(Role.CLUSTER_REGISTRY, "/v1/status");
        JsonNode peers = ObjectNodes.list(answer(Role.CLUSTER_REGISTRY, "/v1/peers"), "peers");
        JsonNode problems = ObjectNodes.list(answer(Role.CLUSTER_REGISTRY, "/v1/problems"), "problems");
        ArrayNode nodePeers = ClusterControl.object().putArray("peers");
        ArrayNode workloads = ClusterControl.object().putArray("workloads");
        ArrayNode listeners = ClusterControl.object().putArray("listeners");
        ArrayNode processProblems = ClusterControl.object().putArray("problems");
        ASKED_ALONE.forEach(role -> collectProblems(directory.socket(role), processProblems));
        boolean nodesHeard = false;
        List<Path> nodes = directory.nodeSockets();
        if (nodes.isEmpty()) {
            note("node-proxy", "no node proxy runs here, so the data path cannot be probed");
        }
        for (Path node : nodes) {
            collectProblems(node, processProblems);
            JsonNode probed = ObjectNodes.list(answer(node, "/v1/peers"), "peers");
            nodesHeard |= !probed.isMissingNode();
            probed.forEach(nodePeers::add);
            ObjectNodes.list(answer(node, "/v1/workloads"), "workloads").forEach(workloads::add);
            answer(node, "/v1/status")
                    .path("problems")
                    .properties()
                    .forEach(problem -> listeners
                            .addObject()
                            .put("process", name(node))
                            .put("address", problem.getKey())
                            .put("why", problem.getValue().asText()));
        }
        if (!anyAnswer) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "%s (%s) does not run: none of its processes answers"
                            .formatted(directory.name(), directory.trustDomain()),
                    "Their control sockets would be in %s.".formatted(directory.run()),
                    "connect-clusters run --dir " + directory.root());
        }
        return new StatusFacts(
                directory.name().name(),
                directory.trustDomain().name(),
                List.copyOf(silent.values()),
                ca,
                authorities,
                relationships,
                registry,
                peers,
                problems,
                nodesHeard ? nodePeers : MissingNode.getInstance(),
                workloads,
                listeners,
                processProblems);
    }

    /** What a process says is wrong with itself. */
    private void collectProblems(Path socket, ArrayNode all) {
        ObjectNodes.list(answer(socket, "/v1/process"), "problems")
                .forEach(problem -> all.addObject().put("process", name(socket)).set("problem", problem));
    }

    private JsonNode answer(Role role, String target) {
        return answer(control.directory().socket(role), target);
    }

    private JsonNode answer(Path socket, String target) {
        return switch (control.tryGet(socket, target)) {
            case ControlReply.Answered answered -> {
                anyAnswer = true;
                yield answered.body();
            }
            case ControlReply.Refused refused -> {
                anyAnswer = true;
                note(name(socket), "%s answers \"%s\" to %s".formatted(name(socket), refused.title(), target));
                yield MissingNode.getInstance();
            }
            case ControlReply.Unreachable unreachable -> {
                note(name(socket), "%s does not answer (%s)".formatted(name(socket), unreachable.reason()));
                yield MissingNode.getInstance();
            }
        };
    }

    /** The first thing that a process did not answer says enough. */
    private void note(String process, String sentence) {
        String role = process.startsWith(Role.NODE_PROXY.text()) ? Role.NODE_PROXY.text() : process;
        silent.putIfAbsent(process, new StatusFacts.Silent(sentence, "connect-clusters run " + role));
    }

    private static String name(Path socket) {
        return String.valueOf(socket.getFileName()).replaceFirst("\\.sock$", "");
    }
}
