/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.exchange.publish.PeerRequests.PeerReply;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.Secret;
import io.hanse.exchange.testing.LargeBundles;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.time.ManualClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Invitations and claims that either side must refuse, over real HTTPS. */
final class RefusalsTest extends TwoClusters {

    @Test
    void refusesTheSecondUseAndSaysWhoUsedItAndWhen() throws Exception {
        TestCluster visby = cluster("visby", "visby.example");
        String text = bergen.invite();
        lubeck.accepting.accept(text);
        clock.advance(Duration.ofMinutes(3));

        Outcome<Accepting.Connected> second = visby.accepting.accept(text);

        // The inviter's bundle did not change, so it is the use that is refused.
        assertThat(code(second)).isEqualTo(RefusalCode.INVITATION_USED);
        assertThat(((Refused<?>) second).text()).contains("3m ago", "lubeck.example");
        assertThat(((Refused<?>) second).next()).contains("connect-clusters invite");
        assertThat(visby.store.current().relationships()).isEmpty();
        assertThat(bergen.trusts(visby)).isFalse();
    }

    @Test
    void refusesAnExpiredOneOnBothSides() {
        String text = bergen.invite();
        Invitation invitation = read(text);
        AcceptRequest request = request(invitation, lubeck);
        clock.advance(Duration.ofMinutes(15));

        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.INVITATION_EXPIRED);
        assertThat(code(bergen.inviting.redeem(request.format(), proof(invitation, request.format()))))
                .isEqualTo(RefusalCode.INVITATION_EXPIRED);
        assertThat(bergen.trusts(lubeck)).isFalse();
    }

    @Test
    void refusesATextCutAnywhere() {
        String text = bergen.invite();
        for (int length = 1; length < text.length(); length++) {
            assertThat(code(lubeck.accepting.accept(text.substring(0, length))))
                    .as("%d of %d characters", length, text.length())
                    .isEqualTo(RefusalCode.INVITATION_INCOMPLETE);
        }
        assertThat(code(lubeck.accepting.accept(text.substring(1)))).isEqualTo(RefusalCode.INVITATION_ALTERED);
        assertThat(code(lubeck.accepting.accept(text.substring(0, 20) + text.substring(40))))
                .isEqualTo(RefusalCode.INVITATION_ALTERED);
        assertThat(code(lubeck.accepting.accept(""))).isEqualTo(RefusalCode.INVITATION_ALTERED);
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    void refusesEachAlteredFieldEvenWithAFreshChecksum() {
        String text = bergen.invite();
        Invitation good = read(text);
        TrustDomain other = new TrustDomain("other.example");
        Map<String, Invitation> altered = Map.of(
                "id", change(good, "00ff", good.cluster(), good.bundleSha256(), good.secret(), good.expiresAt()),
                "cluster",
                        change(
                                good,
                                good.id(),
                                new ClusterName("visby"),
                                good.bundleSha256(),
                                good.secret(),
                                good.expiresAt()),
                "bundleSha256",
                        change(good, good.id(), good.cluster(), "0".repeat(64), good.secret(), good.expiresAt()),
                "secret",
                        change(
                                good,
                                good.id(),
                                good.cluster(),
                                good.bundleSha256(),
                                Secret.random(new SecureRandom()),
                                good.expiresAt()),
                "expiresAt",
                        change(
                                good,
                                good.id(),
                                good.cluster(),
                                good.bundleSha256(),
                                good.secret(),
                                good.expiresAt().plusSeconds(600)),
                "trustDomain",
                        new Invitation(
                                good.id(),
                                good.cluster(),
                                other,
                                good.gateways(),
                                new SpiffeId(other, good.endpointId().path()),
                                good.bundleSha256(),
                                good.secret(),
                                good.expiresAt()),
                "endpointSpiffeId",
                        new Invitation(
                                good.id(),
                                good.cluster(),
                                good.trustDomain(),
                                good.gateways(),
                                new SpiffeId(good.trustDomain(), "/somebody/else"),
                                good.bundleSha256(),
                                good.secret(),
                                good.expiresAt()),
                "gateways",
                        new Invitation(
                                good.id(),
                                good.cluster(),
                                good.trustDomain(),
                                List.of(good.gateways().getFirst(), new HostPort("127.0.0.1", 9)),
                                good.endpointId(),
                                good.bundleSha256(),
                                good.secret(),
                                good.expiresAt()));
        Map<String, RefusalCode> expected = Map.of(
                "id", RefusalCode.INVITATION_UNKNOWN,
                "cluster", RefusalCode.INVITATION_ALTERED,
                "bundleSha256", RefusalCode.BUNDLE_MISMATCH,
                "secret", RefusalCode.INVITATION_UNPROVED,
                "expiresAt", RefusalCode.INVITATION_ALTERED,
                "trustDomain", RefusalCode.BUNDLE_MISMATCH,
                "endpointSpiffeId", RefusalCode.ENDPOINT_NOT_VERIFIED,
                "gateways", RefusalCode.INVITATION_ALTERED);

        altered.forEach(
                (field, invitation) -> assertThat(code(lubeck.accepting.accept(InvitationText.format(invitation))))
                        .as(field)
                        .isEqualTo(expected.get(field)));

        assertThat(lubeck.store.current().relationships()).isEmpty();
        assertThat(bergen.store.current().relationships()).isEmpty();
        assertThat(lubeck.accepting.accept(text))
                .as("none of them used the invitation up")
                .isInstanceOf(Done.class);
    }

    private static Invitation change(
            Invitation from, String id, ClusterName cluster, String bundle, Secret secret, Instant expiresAt) {
        return new Invitation(
                id, cluster, from.trustDomain(), from.gateways(), from.endpointId(), bundle, secret, expiresAt);
    }

    @Test
    void refusesATextLongerThanAnyInvitation() {
        String text = bergen.invite();
        assertThat(code(lubeck.accepting.accept(text + " ".repeat(InvitationText.MAX_CHARACTERS))))
                .isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(lubeck.accepting.accept(text))
                .as("without the rest it is good")
                .isInstanceOf(Done.class);
    }

    @Test
    void refusesItsOwnInvitation() {
        assertThat(code(bergen.accepting.accept(bergen.invite()))).isEqualTo(RefusalCode.INVITATION_SELF);
    }

    @Test
    void refusesASecondRelationshipWithTheSamePeer() {
        lubeck.accepting.accept(bergen.invite());
        assertThat(code(lubeck.accepting.accept(bergen.invite()))).isEqualTo(RefusalCode.ALREADY_CONNECTED);
    }

    @Test
    @DisplayName("FED-5.2.2.4a refuses a man in the middle whose root is another one")
    void refusesAManInTheMiddle() throws Exception {
        // Same trust domain and endpoint id, another root; the attacker relays the true bundle document.
        TestCluster mallory = cluster("bergen", "bergen.example");
        Invitation good = read(bergen.invite());
        TrustBundle real = bergen.store.current().own().orElseThrow();
        mallory.store.change(state -> state.withOwn(real));
        Invitation redirected = new Invitation(
                good.id(),
                good.cluster(),
                good.trustDomain(),
                List.of(mallory.address),
                good.endpointId(),
                good.bundleSha256(),
                good.secret(),
                good.expiresAt());

        assertThat(code(lubeck.accepting.accept(InvitationText.format(redirected))))
                .isEqualTo(RefusalCode.ENDPOINT_NOT_VERIFIED);
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    void refusesAnEndpointWithAnotherBundle() throws Exception {
        TestCluster mallory = cluster("bergen", "bergen.example");
        Invitation good = read(bergen.invite());
        Invitation redirected = new Invitation(
                good.id(),
                good.cluster(),
                good.trustDomain(),
                List.of(mallory.address),
                good.endpointId(),
                good.bundleSha256(),
                good.secret(),
                good.expiresAt());
        assertThat(code(lubeck.accepting.accept(InvitationText.format(redirected))))
                .isEqualTo(RefusalCode.BUNDLE_MISMATCH);
    }

    @Test
    void saysThatAGatewayCannotBeReached() {
        String text = bergen.invite();
        bergen.stopServing();
        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.ENDPOINT_UNREACHABLE);
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    void refusesAClusterThatTheInvitationIsNotFor() {
        Outcome<Inviting.Made> made =
                bergen.inviting.invite(Optional.of(new ClusterName("visby")), Duration.ofMinutes(1));
        String text = ((Done<Inviting.Made>) made).value().text();
        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.INVITATION_FOR_ANOTHER);
    }

    @Test
    void refusesWhenTheClocksDiffer() {
        ManualClock ahead = new ManualClock(clock.instant().plus(Duration.ofMinutes(10)));
        Accepting skewed = new Accepting(lubeck.us, lubeck.store, lubeck.door, ahead);
        assertThat(code(skewed.accept(bergen.invite()))).isEqualTo(RefusalCode.CLOCK);
    }

    @Test
    void refusesAClaimToTheInvitersTrustDomain() throws Exception {
        TestCluster twin = cluster("visby", "bergen.example");
        Invitation invitation = read(bergen.invite());
        Body body = request(invitation, twin).format();
        assertThat(code(bergen.inviting.redeem(body, proof(invitation, body))))
                .isEqualTo(RefusalCode.TRUST_DOMAIN_CLAIMED);
    }

    @Test
    @DisplayName("design 1 an acceptor cannot take over the trust domain of an existing peer")
    void refusesAClaimToAPeersTrustDomain() throws Exception {
        lubeck.accepting.accept(bergen.invite());
        TestCluster thief = cluster("visby", "lubeck.example");
        assertThat(code(thief.accepting.accept(bergen.invite()))).isEqualTo(RefusalCode.TRUST_DOMAIN_CLAIMED);
        assertThat(bergen.store
                        .current()
                        .bundleMap()
                        .of(lubeck.us.trustDomain())
                        .orElseThrow())
                .isEqualTo(lubeck.store.current().own().orElseThrow());
        assertThat(thief.store.current().relationships()).isEmpty();
    }

    @Test
    void refusesAClaimToAPeersName() throws Exception {
        lubeck.accepting.accept(bergen.invite());
        TestCluster namesake = cluster("lubeck", "other.example");
        assertThat(code(namesake.accepting.accept(bergen.invite()))).isEqualTo(RefusalCode.CLUSTER_NAME_CLAIMED);
    }

    @Test
    void refusesANewcomerWhoseBundleHasNoRoom() {
        bergen.store.change(LargeBundles::fill);
        String text = bergen.invite();
        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.TOO_MANY_RELATIONSHIPS);
        assertThat(lubeck.store.current().relationships()).isEmpty();
        assertThat(bergen.store.current().relationships()).isEmpty();
        bergen.store.change(state -> state.without(new TrustDomain("large0.example")));
        assertThat(lubeck.accepting.accept(text)).isInstanceOf(Done.class);
    }

    @Test
    void doesNotUseAnInvitationUpWhenTheInvitersBundleHasNoRoom() {
        lubeck.store.change(LargeBundles::fill);
        String text = bergen.invite();
        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.TOO_MANY_RELATIONSHIPS);
        assertThat(lubeck.store.current().relationships()).isEmpty();
        lubeck.store.change(state -> state.without(new TrustDomain("large0.example")));
        assertThat(lubeck.accepting.accept(text)).isInstanceOf(Done.class);
    }

    @Test
    void onlyRequestsThatProveNothingCountAsStrangers() throws Exception {
        PeerDesk desk = new PeerDesk(bergen.inviting, bergen.leaving);
        Invitation invitation = read(bergen.invite());
        Body body = request(invitation, lubeck).format();
        assertThat(desk.accept(Body.of("garbage"), Optional.empty()).proved()).isFalse();
        assertThat(desk.accept(body, Optional.empty()).proved()).isFalse();
        assertThat(desk.farewell(Optional.empty()).proved()).isFalse();
        assertThat(desk.accept(body, proof(invitation, body)).proved()).isTrue();
        Body other = request(invitation, cluster("visby", "visby.example")).format();
        PeerReply used = desk.accept(other, proof(invitation, other));
        assertThat(used.status()).isEqualTo(RefusalCode.INVITATION_USED.status());
        assertThat(used.proved()).as("refused, and proved").isTrue();
    }

    @Test
    void refusesARequestThatLacksAMember() throws Exception {
        String whole = request(read(bergen.invite()), lubeck).format().text();
        for (String member : List.of(
                "invitation", "invitationSha256", "cluster", "trustDomain", "gateways", "endpointSpiffeId", "bundle")) {
            ObjectNode body = (ObjectNode) Json.mapper().readTree(whole);
            assertThat(body.remove(member)).as(member).isNotNull();
            assertThat(code(bergen.inviting.redeem(Body.of(Json.bytes(body)), Optional.empty())))
                    .as(member)
                    .isEqualTo(RefusalCode.BAD_REQUEST);
        }
    }

    @Test
    void refusesABodyThatIsNotARequestWithoutLookingFurther() {
        for (String hostile :
                List.of("", "null", "[]", "{}", "{\"invitation\":1}", "[".repeat(5000), "{\"a\":1,\"a\":2}")) {
            assertThat(code(bergen.inviting.redeem(Body.of(hostile), Optional.empty())))
                    .isEqualTo(RefusalCode.BAD_REQUEST);
        }
    }
}
