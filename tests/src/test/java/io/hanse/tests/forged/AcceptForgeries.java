/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.web.Body;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.model.testing.TestAuthority;
import io.hanse.tests.forged.InvitationForgeries.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Requests to connect with one thing wrong, from somebody who may hold the invitation. */
final class AcceptForgeries {

    /** A request to connect. */
    record Post(String proof, String body) {}

    /** How a request is made of a genuine invitation. */
    @FunctionalInterface
    interface Request {
        Post of(Seen invitation, ObjectNode genuine);
    }

    private final List<Forgery<Request>> all = new ArrayList<>();

    private AcceptForgeries() {}

    static List<Forgery<Request>> all() {
        AcceptForgeries list = new AcceptForgeries();
        list.proofs();
        list.claims();
        list.forms();
        return List.copyOf(list.all);
    }

    /** trust-bundle-exchange: POST accept. */
    static Door<Request> door(LiveExchange exchange) {
        TestAuthority visby = TestAuthority.of(ServerDoors.VISBY.name());
        return TokenDoors.door(
                "accept, the inviter",
                request -> {
                    exchange.alone();
                    Seen seen = Seen.of(exchange.invite());
                    Post post = request.of(seen, seen.request(ServerDoors.VISBY, visby));
                    ReasonCode reason = exchange.accept(post.proof(), Body.of(post.body()));
                    boolean trusted = exchange.store
                            .current()
                            .bundleMap()
                            .of(ServerDoors.VISBY)
                            .isPresent();
                    if (trusted != (reason == ReasonCode.OK)) {
                        throw new AssertionError("half applied: " + reason + ", trusted: " + trusted);
                    }
                    return reason;
                },
                () -> {});
    }

    static Post genuine(Seen seen, ObjectNode request) {
        return new Post(seen.proof(request.toString()), request.toString());
    }

    private void add(String name, ReasonCode expected, Request request) {
        all.add(new Forgery<>(name, "house", expected, request));
    }

    private void claim(String name, ReasonCode expected, Consumer<ObjectNode> change) {
        add(name, expected, (seen, request) -> {
            change.accept(request);
            return genuine(seen, request);
        });
    }

    private void proofs() {
        add("no proof", ReasonCode.INVITATION_UNPROVED, (seen, request) -> new Post("", request.toString()));
        add(
                "a proof that is no hex",
                ReasonCode.INVITATION_UNPROVED,
                (seen, request) -> new Post("proof!", request.toString()));
        add(
                "the proof of another body",
                ReasonCode.INVITATION_UNPROVED,
                (seen, request) -> new Post(seen.proof("{}"), request.toString()));
        add(
                "a body changed after its proof",
                ReasonCode.INVITATION_UNPROVED,
                (seen, request) -> new Post(
                        seen.proof(request.toString()),
                        request.put("cluster", "wisby").toString()));
        add(
                "half a proof",
                ReasonCode.INVITATION_UNPROVED,
                (seen, request) -> new Post(seen.proof(request.toString()).substring(0, 32), request.toString()));
    }

    private void claims() {
        claim(
                "an invitation nobody made",
                ReasonCode.INVITATION_UNKNOWN,
                request -> request.put("invitation", "0123456789abcdef01234567"));
        claim(
                "another fingerprint",
                ReasonCode.INVITATION_ALTERED,
                request -> request.put("invitationSha256", "0".repeat(64)));
        add("the inviter's trust domain", ReasonCode.TRUST_DOMAIN_CLAIMED, (seen, request) -> {
            TrustDomain inviter =
                    new TrustDomain(seen.content().path("trustDomain").asText());
            ObjectNode claimed = seen.request(inviter, TestAuthority.of(inviter.name()));
            claimed.put("cluster", "visby");
            return genuine(seen, claimed);
        });
        add(
                "the inviter's cluster name",
                ReasonCode.CLUSTER_NAME_CLAIMED,
                (seen, request) -> genuine(
                        seen,
                        request.put("cluster", seen.content().path("cluster").asText())));
    }

    private void forms() {
        claim("no gateway", ReasonCode.BAD_REQUEST, request -> request.putArray("gateways"));
        claim(
                "a gateway at port 0",
                ReasonCode.BAD_REQUEST,
                request -> request.putArray("gateways").add("127.0.0.1:0"));
        claim(
                "an endpoint of another trust domain",
                ReasonCode.BAD_REQUEST,
                request -> request.put(
                        "endpointSpiffeId", "spiffe://bergen.example/ns/hanse-system/sa/trust-bundle-exchange"));
        claim(
                "an endpoint without a path",
                ReasonCode.BAD_REQUEST,
                request -> request.put("endpointSpiffeId", "spiffe://visby.example"));
        claim("a member too many", ReasonCode.BAD_REQUEST, request -> request.put("admin", true));
        claim("a member too few", ReasonCode.BAD_REQUEST, request -> request.remove("gateways"));
        add("a body that is no JSON", ReasonCode.BAD_REQUEST, (seen, request) -> new Post(seen.proof("x"), "x"));
        add("a member twice", ReasonCode.BAD_REQUEST, (seen, request) -> {
            String body = "{\"cluster\":\"a\"," + request.toString().substring(1);
            return new Post(seen.proof(body), body);
        });
    }
}
