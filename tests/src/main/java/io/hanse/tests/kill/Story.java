/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.control.ControlReply.Answered;
import io.hanse.cli.control.ControlReply.Refused;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.model.reason.InWords;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Backend;
import io.hanse.tests.cluster.Call;
import io.hanse.tests.cluster.Cluster;
import io.hanse.tests.cluster.ClusterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's story once, from two strangers to two strangers: {@code server} invites and serves, {@code caller} accepts
 * and calls. Each promise is checked against what an API had answered; what was never answered may be so or not, and is
 * done again.
 */
final class Story {

    private static final Map<String, String> GLOBAL = Map.of("hanse.io/global", "true");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cluster server;
    private final Cluster caller;
    private final Findings findings;
    private final Consumer<Boolean> across;
    private final Rotation rotation;
    private String invitation = "";
    private @Nullable Backend far;
    private @Nullable Backend local;
    private List<ClusterProcess> away = List.of();

    /** @param across told whether calls across must be answered from now on */
    Story(Cluster server, Cluster caller, Findings findings, Consumer<Boolean> across) {
        this.server = server;
        this.caller = caller;
        this.findings = findings;
        this.across = across;
        this.rotation = new Rotation(server, caller, findings);
    }

    List<Step> steps() {
        return List.of(
                new Step("up", victim -> victim.restart(), Step::nothing),
                Step.of("invited", this::invite),
                Step.of("accepted", this::accept),
                Step.of("annotated", this::annotate),
                new Step("calling", this::killControlPlane, () -> this::callOn),
                Step.of("policy", this::policy),
                new Step("failover", victim -> localBackend(), this::failover),
                Step.of("prepared", rotation::prepare),
                new Step("activated", victim -> rotation.awaitPublished(), rotation::activate),
                Step.of("tainted", rotation::taint),
                new Step("revoked", victim -> rotation.awaitRenewed(), rotation::revoke),
                new Step("disconnect", victim -> across.accept(false), this::disconnect));
    }

    private Runnable invite() {
        ControlReply reply = server.control()
                .tryPost(
                        Role.TRUST_BUNDLE_EXCHANGE,
                        "/v1/invitations",
                        ClusterControl.object().put("cluster", caller.name()).put("ttlSeconds", 3600));
        if (reply instanceof Answered answered) {
            invitation = answered.body().path("invitation").asText();
            return () -> {
                String id = id(invitation);
                JsonNode known = server.control().get(Role.TRUST_BUNDLE_EXCHANGE, "/v1/invitations");
                findings.require(
                        Cluster.elements(known.path("invitations"))
                                .anyMatch(one -> id.equals(one.path("id").asText())),
                        "invitation %s was given out and is forgotten".formatted(id));
            };
        }
        return () -> invitation = server.invite(caller.name());
    }

    private Runnable accept() {
        ControlReply reply = caller.tryAccept(invitation);
        return () -> {
            if (!(reply instanceof Answered)) {
                Await.until(
                        "%s accepts the invitation after all, first: %s".formatted(caller, reply),
                        Await.PATIENCE,
                        () -> caller.tryAccept(invitation) instanceof Answered || isEstablished(caller, server),
                        () -> "; now: " + caller.tryAccept(invitation));
            }
            findings.require(isEstablished(caller, server), "the acceptor has forgotten the relationship");
            findings.require(isEstablished(server, caller), "the inviter has forgotten the relationship");
            refusedNow("a second time while connected");
            caller.disconnect(server);
            awaitStrangers();
            refusedNow("a second time after the relationship ended");
            server.connect(caller);
        };
    }

    private void awaitStrangers() {
        Await.until(
                "both have forgotten the other's bundle",
                () -> !caller.holdsBundleOf(server) && !server.holdsBundleOf(caller));
    }

    private void refusedNow(String when) {
        ControlReply again = caller.tryAccept(invitation);
        findings.require(again instanceof Refused, "the invitation was taken %s: %s".formatted(when, again));
    }

    private static boolean isEstablished(Cluster holder, Cluster peer) {
        return relationship(holder, peer)
                .filter(one -> "established".equalsIgnoreCase(one.path("state").asText()))
                .isPresent();
    }

    private static Optional<JsonNode> relationship(Cluster holder, Cluster peer) {
        return holder.control().tryGet(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships/" + peer.trustDomain())
                        instanceof Answered answered
                ? Optional.of(answered.body())
                : Optional.empty();
    }

    private Runnable annotate() {
        far = Backend.start(Pair.api(server), server.workload(Pair.API));
        server.manifests().backend("api-1", "api", "a", server.workload(Pair.API));
        server.manifests().service("api", GLOBAL);
        caller.manifests().service("api", GLOBAL);
        return () -> {
            Await.until(
                    "calls across are answered after the annotation",
                    () -> call(Pair.FRONTEND).isFrom(Pair.api(server)));
            Await.until("guest may call", () -> call(Pair.GUEST).isFrom(Pair.api(server)));
            across.accept(true);
        };
    }

    /** Of a proxy's or gateway's cluster the whole control plane is away too: what it restarts with is its own. */
    private void killControlPlane(ClusterProcess victim) {
        if (victim.role() == Role.NODE_PROXY || victim.role() == Role.EAST_WEST_GATEWAY) {
            away = Stream.of(server, caller)
                    .filter(cluster -> cluster.processes().contains(victim))
                    .flatMap(cluster -> cluster.processes().stream())
                    .filter(process -> process.role() != Role.NODE_PROXY && process.role() != Role.EAST_WEST_GATEWAY)
                    .toList();
            away.forEach(ClusterProcess::kill);
        }
    }

    private void callOn() {
        for (Cluster cluster : List.of(server, caller)) {
            Await.until(
                    "calls in %s go on".formatted(cluster),
                    () -> Call.get(cluster.listener(Pair.FRONTEND, 1)).isFrom(Pair.homeOf(cluster)));
        }
        Await.until("calls across go on", () -> call(Pair.FRONTEND).isFrom(Pair.api(server)));
        findings.require(away.stream().noneMatch(ClusterProcess::isAlive), "a control plane runs that should be away");
        away.forEach(ClusterProcess::start);
        away.forEach(ClusterProcess::awaitReady);
        away = List.of();
    }

    private Runnable policy() {
        server.manifests().onlyFrom("api", caller.principal("frontend"), server.principal("frontend"));
        return () -> {
            Await.until("guest is refused", () -> call(Pair.GUEST) instanceof Call.Failed);
            findings.require(
                    call(Pair.FRONTEND).isFrom(Pair.api(server)), "frontend is refused by a policy that names it");
        };
    }

    private void localBackend() {
        local = Backend.start(Pair.api(caller), caller.workload(Pair.API));
        caller.manifests().service("api", Map.of("hanse.io/global", "true", "hanse.io/affinity", "local"));
        caller.manifests().backend("api-1", "api", "a", caller.workload(Pair.API));
        Await.until("the local backend answers", () -> call(Pair.FRONTEND).isFrom(Pair.api(caller)));
    }

    private Runnable failover() {
        Backend closing = local;
        if (closing != null) {
            closing.closeDoor();
        }
        return () -> {
            Await.until("the other cluster answers", () -> call(Pair.FRONTEND).isFrom(Pair.api(server)));
            caller.manifests().remove("workload-api-1.yaml");
            caller.manifests().service("api", GLOBAL);
        };
    }

    private Runnable disconnect() {
        Optional<String> failure = tryDisconnect();
        return () -> {
            Await.until(
                    "%s has left %s; first: %s".formatted(caller, server, failure),
                    () -> relationship(caller, server).isEmpty()
                            || tryDisconnect().isEmpty());
            awaitStrangers();
            findings.require(call(Pair.FRONTEND) instanceof Call.Failed, "a stranger is answered");
            close(far);
            server.manifests().remove("workload-api-1.yaml");
            server.manifests().remove("policy-api.yaml");
            server.manifests().service("api", Map.of());
            caller.manifests().service("api", Map.of());
        };
    }

    private static void close(@Nullable Backend backend) {
        if (backend != null) {
            backend.close();
        }
    }

    /** Empty: done. */
    private Optional<String> tryDisconnect() {
        try {
            caller.disconnect(server);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(InWords.of(e));
        }
    }

    private Call call(int who) {
        return Call.get(caller.listener(who, 0));
    }

    private static String id(String invitation) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(invitation.split("\\.", -1)[1]))
                    .path("id")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
