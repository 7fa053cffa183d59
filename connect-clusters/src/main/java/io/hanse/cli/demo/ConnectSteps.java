/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From two strangers to the first call, and who may make it. */
final class ConnectSteps {

    /** What a call to a service without any endpoint here may be told. */
    private static final Set<String> NOWHERE = Set.of("UNKNOWN_SERVICE", "NO_ENDPOINT", "NO_HEALTHY_ENDPOINT");

    private final DemoWorld world;
    private final DemoCluster lubeck;
    private final DemoCluster bergen;

    ConnectSteps(DemoWorld world) {
        this.world = world;
        this.lubeck = world.lubeck();
        this.bergen = world.bergen();
    }

    List<Step> steps() {
        return List.of(
                new Step("start", this::start),
                new Step("alone", this::alone),
                new Step("connect", this::connect),
                new Step("annotate", this::annotate),
                new Step("call", this::call),
                new Step("policy", this::policy));
    }

    private String start() throws StepFailed {
        bergen.manifests().service(Map.of());
        bergen.manifests().backend(bergen.backendAddress());
        lubeck.manifests().service(Map.of());
        lubeck.manifests().client("frontend", lubeck.frontendAddress());
        lubeck.manifests().client("guest", lubeck.guestAddress());
        world.startClusters();
        world.startBackend(bergen);
        world.eventually("the identities of frontend and guest did not arrive", () -> holdsSvids(lubeck, 2));
        world.eventually("the identity of api-server did not arrive", () -> holdsSvids(bergen, 1));
        StepFailed.unless(
                !roots(lubeck).equals(roots(bergen)), "both clusters have the same root, so nothing would be proved");
        return "lubeck.example and bergen.example, two unrelated roots, %d processes"
                .formatted(lubeck.run().all().size() + bergen.run().all().size());
    }

    private String alone() throws StepFailed {
        StepFailed.unless(
                lubeck.bundle(bergen.trustDomain()).isMissingNode(), "lubeck has a bundle of bergen.example already");
        return "frontend in lubeck calls api-server: refused  " + refusedNowhere();
    }

    private String connect() throws StepFailed {
        JsonNode made = bergen.control()
                .post(
                        Role.TRUST_BUNDLE_EXCHANGE,
                        "/v1/invitations",
                        ClusterControl.object().put("cluster", lubeck.name()).put("ttlSeconds", 900));
        String invitation = made.path("invitation").asText("");
        StepFailed.unless(invitation.startsWith("hanse1."), "bergen made no invitation: " + made);
        lubeck.control()
                .post(
                        Role.TRUST_BUNDLE_EXCHANGE,
                        "/v1/relationships",
                        ClusterControl.object().put("invitation", invitation));
        world.eventually(
                "lubeck did not get the bundle of bergen.example",
                () -> !lubeck.bundle(bergen.trustDomain()).isMissingNode());
        world.eventually(
                "bergen did not get the bundle of lubeck.example",
                () -> !bergen.bundle(lubeck.trustDomain()).isMissingNode());
        return "invitation made in bergen, accepted in lubeck; both trust, no key moved; the call is still refused  "
                + refusedNowhere();
    }

    private String annotate() throws StepFailed {
        Map<String, String> global = Map.of("hanse.io/global", "true");
        bergen.manifests().service(global);
        lubeck.manifests().service(global);
        world.eventually(
                "no call got through after the annotation",
                () -> Call.get(lubeck.frontend()).isFrom(bergen.name()));
        return "hanse.io/global: \"true\" on shop/api-server, in both clusters";
    }

    private String call() throws StepFailed {
        long mark = bergen.nodeLog().mark();
        Call.Outcome outcome = Call.get(lubeck.frontend());
        StepFailed.unless(outcome.isFrom(bergen.name()), "the call ended with " + outcome);
        String caller = lubeck.spiffeId("frontend");
        JsonNode line = bergen.nodeLog()
                .await(
                        mark,
                        entry -> caller.equals(entry.path("src.identity").asText())
                                && "OK".equals(entry.path("reason_code").asText()))
                .orElseThrow(() -> new StepFailed("bergen's proxy logged no call of " + caller));
        return "200 OK from bergen; its proxy saw " + line.path("src.identity").asText();
    }

    private String policy() throws StepFailed {
        StepFailed.unless(
                Call.get(lubeck.guest()).isFrom(bergen.name()), "guest could not call before there was a policy");
        bergen.manifests().onlyFrom(lubeck.trustDomain(), "frontend");
        world.eventually(
                "guest is still let in", () -> !Call.get(lubeck.guest()).isFrom(bergen.name()));
        long mark = bergen.nodeLog().mark();
        StepFailed.unless(
                Call.get(lubeck.guest()) instanceof Call.Outcome.Failed, "guest was let in again after a refusal");
        String caller = lubeck.spiffeId("guest");
        JsonNode line = bergen.nodeLog()
                .await(
                        mark,
                        entry -> caller.equals(entry.path("src.identity").asText())
                                && "DENIED_BY_POLICY"
                                        .equals(entry.path("reason_code").asText()))
                .orElseThrow(() -> new StepFailed("bergen's proxy logged no refusal of " + caller));
        StepFailed.unless(
                Call.get(lubeck.frontend()).isFrom(bergen.name()), "the policy refuses frontend too, which it names");
        String policy = line.path("policy").asText("");
        StepFailed.unless(
                policy.equals("shop/only-frontend"),
                "the refusal names the policy '%s', not shop/only-frontend".formatted(policy));
        return "%s: refused  DENIED_BY_POLICY %s; frontend still gets 200".formatted(caller, policy);
    }

    /** Calls as frontend, which must be refused, and gives the reason from the proxy's access log. */
    private String refusedNowhere() throws StepFailed {
        long mark = lubeck.nodeLog().mark();
        Call.Outcome outcome = Call.get(lubeck.frontend());
        StepFailed.unless(outcome instanceof Call.Outcome.Failed, "the call was answered: " + outcome);
        return lubeck.nodeLog()
                .await(mark, entry -> NOWHERE.contains(entry.path("reason_code").asText()))
                .map(entry -> entry.path("reason_code").asText())
                .orElseThrow(() -> new StepFailed("lubeck's proxy logged no reason for the refusal"));
    }

    private static boolean holdsSvids(DemoCluster cluster, int count) {
        return cluster.svids().stream()
                        .filter(svid ->
                                !svid.path("svid").path("authority").asText("").isEmpty())
                        .count()
                >= count;
    }

    private static List<String> roots(DemoCluster cluster) {
        return cluster.authorities("active");
    }
}
