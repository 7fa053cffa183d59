/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.control.ControlSocket;
import io.hanse.cli.time.Pace;
import java.nio.file.Path;
import java.time.Duration;

/** The control sockets of one cluster, with what to say when one does not answer or says no. Any thread. */
public final class ClusterControl {

    /** A process answers a question about itself at once or is in trouble. */
    public static final Duration QUESTION = Duration.ofSeconds(5);

    /** Accepting and ending a relationship talks to the peer, whose deadlines are 10 s. */
    public static final Duration DEED = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterDirectory directory;
    private final Pace pace;

    public ClusterControl(ClusterDirectory directory, Pace pace) {
        this.directory = directory;
        this.pace = pace;
    }

    /** The cluster this is about. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** An empty JSON object to fill. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What {@code role} answers to {@code target}, or a failure in three parts. */
    public JsonNode get(Role role, String target) {
        return expect(role, tryGet(role, target));
    }

    /** What {@code role} answers to {@code target}, whatever it is. */
    public ControlReply tryGet(Role role, String target) {
        return tryGet(directory.socket(role), target);
    }

    /** What the process behind {@code socket} answers to {@code target}, whatever it is. */
    public ControlReply tryGet(Path socket, String target) {
        return new ControlSocket(socket, pace).get(target, QUESTION);
    }

    /** Has {@code role} do something. */
    public JsonNode post(Role role, String target, JsonNode body) {
        return expect(role, tryPost(role, target, body));
    }

    /** Has {@code role} do something, and gives its answer whatever it is. */
    public ControlReply tryPost(Role role, String target, JsonNode body) {
        return new ControlSocket(directory.socket(role), pace).post(target, body, DEED);
    }

    /** Has {@code role} remove something. */
    public JsonNode delete(Role role, String target) {
        return expect(role, new ControlSocket(directory.socket(role), pace).delete(target, DEED));
    }

    private JsonNode expect(Role role, ControlReply reply) {
        return switch (reply) {
            case ControlReply.Answered answered -> answered.body();
            case ControlReply.Refused refused ->
                throw new CliFailure(
                        ExitCode.UNREACHABLE,
                        sentence(refused.title(), refused.detail()),
                        "%s of cluster %s refused%s."
                                .formatted(
                                        role.text(),
                                        directory.name(),
                                        refused.code().isEmpty() ? "" : " (" + refused.code() + ")"),
                        refused.next().isEmpty()
                                ? "connect-clusters status --dir " + directory.root()
                                : refused.next());
            case ControlReply.Unreachable unreachable ->
                throw new CliFailure(
                        ExitCode.UNREACHABLE,
                        "%s of cluster %s does not answer: %s"
                                .formatted(role.text(), directory.name(), unreachable.reason()),
                        "It is not running, or runs as another user.",
                        "connect-clusters run --dir %s (its output: %s)"
                                .formatted(directory.root(), directory.log(processOf(role))));
        };
    }

    private static Role processOf(Role role) {
        return switch (role) {
            case SPIFFE_CA, TRUST_BUNDLE_EXCHANGE, CLUSTER_REGISTRY, CONTROL_PLANE -> Role.CONTROL_PLANE;
            case EAST_WEST_GATEWAY, NODE_PROXY -> role;
        };
    }

    private static String sentence(String title, String detail) {
        return detail.isEmpty() ? title : title.isEmpty() ? detail : title + ": " + detail;
    }
}
