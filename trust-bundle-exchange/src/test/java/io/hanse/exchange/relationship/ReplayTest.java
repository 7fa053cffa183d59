/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.publish.PeerRequests.PeerReply;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.runtime.control.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the inviter is sent by somebody who has a request, or a part of one, that is not his to send. */
final class ReplayTest extends TwoClusters {

    private Outcome<Body> redeem(Body body, Optional<String> proof) {
        return bergen.inviting.redeem(body, proof);
    }

    @Test
    void aWrongOrMissingProofSaysNothingAboutTheInvitation() {
        Invitation invitation = read(bergen.invite());
        Body body = request(invitation, lubeck).format();
        for (Optional<String> wrong : List.of(
                Optional.<String>empty(),
                Optional.of(""),
                Optional.of("not hex"),
                Optional.of("00".repeat(32)),
                proof(read(bergen.invite()), body),
                proof(invitation, Body.of(body.text() + " ")))) {
            assertThat(code(redeem(body, wrong))).isEqualTo(RefusalCode.INVITATION_UNPROVED);
        }
        // Used up and then expired: without the secret it looks the same as before.
        redeem(body, proof(invitation, body));
        assertThat(code(redeem(body, Optional.of("00")))).isEqualTo(RefusalCode.INVITATION_UNPROVED);
        clock.advance(Duration.ofHours(1));
        assertThat(code(redeem(body, Optional.of("00")))).isEqualTo(RefusalCode.INVITATION_UNPROVED);
    }

    @Test
    @DisplayName("each field of a captured request that is altered breaks its proof")
    void eachAlteredFieldOfARequestBreaksItsProof() throws Exception {
        Invitation invitation = read(bergen.invite());
        Body body = request(invitation, lubeck).format();
        Optional<String> proof = proof(invitation, body);
        Map<String, String> altered = Map.of(
                "cluster", "\"visby\"",
                "trustDomain", "\"visby.example\"",
                "gateways", "[\"127.0.0.1:9\"]",
                "endpointSpiffeId", "\"spiffe://lubeck.example/somebody/else\"",
                "invitationSha256", "\"" + "0".repeat(64) + "\"",
                "bundle",
                        Json.text(Json.mapper()
                                .readTree(new String(
                                        io.hanse.model.bundle.BundleJson.format(
                                                bergen.store.current().own().orElseThrow()),
                                        java.nio.charset.StandardCharsets.UTF_8))));
        for (Map.Entry<String, String> one : altered.entrySet()) {
            ObjectNode request = (ObjectNode) Json.mapper().readTree(body.bytes());
            request.set(one.getKey(), Json.mapper().readTree(one.getValue()));
            if (one.getKey().equals("trustDomain")) {
                request.put("endpointSpiffeId", "spiffe://visby.example/exchange");
            }
            assertThat(code(redeem(Body.of(Json.text(request)), proof)))
                    .as(one.getKey())
                    .isEqualTo(
                            List.of("trustDomain", "bundle").contains(one.getKey())
                                    ? RefusalCode.BAD_REQUEST // no root of the bundle speaks for the trust domain
                                    : RefusalCode.INVITATION_UNPROVED);
        }
        ObjectNode unknown = (ObjectNode) Json.mapper().readTree(body.bytes());
        unknown.put("invitation", "00ff");
        assertThat(code(redeem(Body.of(Json.text(unknown)), proof))).isEqualTo(RefusalCode.INVITATION_UNKNOWN);
        assertThat(bergen.store.current().relationships()).isEmpty();
        assertThat(redeem(body, proof)).as("as it was made it is good").isInstanceOf(Done.class);
    }

    @Test
    @DisplayName("a captured request cannot bring back a relationship that was ended")
    void aCapturedRequestBringsNothingBack() {
        Invitation invitation = read(bergen.invite());
        Body body = request(invitation, lubeck).format();
        Optional<String> proof = proof(invitation, body);
        assertThat(redeem(body, proof)).isInstanceOf(Done.class);
        assertThat(redeem(body, proof))
                .as("its own acceptor may have lost the answer")
                .isInstanceOf(Done.class);
        bergen.leaving.disconnect("lubeck");
        assertThat(code(redeem(body, proof))).isEqualTo(RefusalCode.INVITATION_USED);
        assertThat(bergen.trusts(lubeck)).isFalse();
    }

    @Test
    @DisplayName("the same invitation with other keys is refused, although the secret is proved")
    void aSecondRequestWithOtherKeysIsRefused() throws Exception {
        Invitation invitation = read(bergen.invite());
        Body first = request(invitation, lubeck).format();
        redeem(first, proof(invitation, first));
        TestCluster thief = cluster("lubeck", "lubeck.example");
        Body second = request(invitation, thief).format();
        assertThat(code(redeem(second, proof(invitation, second)))).isEqualTo(RefusalCode.INVITATION_USED);
        TrustBundle held =
                bergen.store.current().bundleMap().of(lubeck.us.trustDomain()).orElseThrow();
        assertThat(held).isEqualTo(lubeck.store.current().own().orElseThrow());
    }

    @Test
    @DisplayName("two accepts at once, over HTTPS, with the same text in two clusters: exactly one wins")
    void twoAcceptsAtOnce() throws Exception {
        TestCluster visby = cluster("visby", "visby.example");
        for (int round = 0; round < 5; round++) {
            String text = bergen.invite();
            List<Outcome<Accepting.Connected>> outcomes =
                    atOnce(() -> lubeck.accepting.accept(text), () -> visby.accepting.accept(text));
            assertThat(outcomes).filteredOn(Done.class::isInstance).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(outcome -> !(outcome instanceof Done))
                    .singleElement()
                    .satisfies(outcome -> assertThat(code(outcome)).isEqualTo(RefusalCode.INVITATION_USED));
            assertThat(bergen.store.current().relationships()).hasSize(1);
            assertThat(lubeck.trusts(bergen)).isNotEqualTo(visby.trusts(bergen));
            assertThat(bergen.trusts(lubeck)).isEqualTo(lubeck.trusts(bergen));
            TestCluster winner = lubeck.trusts(bergen) ? lubeck : visby;
            winner.leaving.disconnect("bergen");
        }
    }

    @Test
    @DisplayName("two accepts at once in one cluster: one connects, the other hears that it is connected already")
    void twoAcceptsAtOnceInOneCluster() throws Exception {
        String text = bergen.invite();
        List<Outcome<Accepting.Connected>> outcomes =
                atOnce(() -> lubeck.accepting.accept(text), () -> lubeck.accepting.accept(text));
        assertThat(outcomes).filteredOn(Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !(outcome instanceof Done))
                .singleElement()
                .satisfies(outcome -> assertThat(code(outcome)).isEqualTo(RefusalCode.ALREADY_CONNECTED));
    }

    private static <T> List<T> atOnce(Callable<T> one, Callable<T> other) throws Exception {
        List<T> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> done : threads.invokeAll(List.of(one, other))) {
                outcomes.add(done.get());
            }
        }
        return outcomes;
    }

    @Test
    void anOversizeRequestIsRefusedWithItsCodeOverHttps() {
        HttpsAnswer answer = lubeck.door.post(
                List.of(bergen.address),
                PeerDoor.ACCEPT_PATH,
                bergen.store.current().own().orElseThrow(),
                bergen.us.endpointId(),
                Map.of(),
                Body.of("x".repeat(2 << 20)));
        assertThat(answer).isInstanceOfSatisfying(HttpsAnswer.Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(413);
            Outcome.Refused<Object> refused = PeerProblem.parse(answered.body()).orElseThrow();
            assertThat(code(refused)).isEqualTo(RefusalCode.TOO_LARGE);
        });
        assertThat(bergen.store.current().relationships()).isEmpty();
    }

    @Test
    void everyAnswerOfTheDeskHasACodeAndANextStep() {
        PeerDesk desk = new PeerDesk(bergen.inviting, bergen.leaving);
        for (PeerReply reply : List.of(
                desk.tooMany(),
                desk.tooLarge(),
                desk.accept(Body.of("{}"), Optional.empty()),
                desk.farewell(Optional.empty()))) {
            Outcome.Refused<Object> refused = PeerProblem.parse(reply.body()).orElseThrow();
            assertThat(reply.status()).isEqualTo(refused.code().status());
            code(refused);
        }
    }
}
