/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.Secret;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.time.ManualClock;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two and three clusters over real HTTPS. */
final class InvitationTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final List<TestCluster> clusters = new ArrayList<>();
    private Vertx vertx;
    private TestCluster bergen;
    private TestCluster lubeck;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        bergen = cluster("bergen", "bergen.example");
        lubeck = cluster("lubeck", "lubeck.example");
    }

    @AfterEach
    void close() {
        clusters.forEach(TestCluster::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private TestCluster cluster(String name, String domain) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name + "-" + domain + clusters.size()));
        TestCluster made = new TestCluster(name, domain, home, vertx, clock);
        clusters.add(made);
        return made;
    }

    private static RefusalCode code(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Refused.class);
        Refused<?> refused = (Refused<?>) outcome;
        assertThat(refused.text()).isNotBlank();
        return refused.code();
    }

    private Invitation read(String text) {
        return ((Done<Invitation>) InvitationText.parse(text)).value();
    }

    @Test
    @DisplayName("FED-6 one accept sets up both directions")
    void oneAcceptSetsUpBothDirections() {
        Outcome<Accepting.Connected> outcome = lubeck.accepting.accept(bergen.invite());

        assertThat(outcome).isInstanceOf(Done.class);
        assertThat(lubeck.trusts(bergen)).isTrue();
        assertThat(bergen.trusts(lubeck)).isTrue();
        assertThat(lubeck.store.current().pending()).isEmpty();
        assertThat(bergen.store
                        .current()
                        .bundleMap()
                        .of(lubeck.us.trustDomain())
                        .orElseThrow())
                .isEqualTo(lubeck.store.current().own().orElseThrow());
    }

    @Test
    void anInvitationHoldsNoKey() {
        Invitation invitation = read(bergen.invite());
        assertThat(invitation.toString()).doesNotContain(invitation.secret().reveal());
        assertThat(bergen.store.current().toString())
                .doesNotContain(invitation.secret().reveal());
    }

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
    void isGoodUntilTheLastSecond() {
        String text = bergen.invite();
        clock.advance(Duration.ofMinutes(15).minusSeconds(1));
        assertThat(lubeck.accepting.accept(text)).isInstanceOf(Done.class);
    }

    @Test
    void refusesATextCutAnywhere() {
        String text = bergen.invite();
        for (int length = 0; length < text.length(); length += 7) {
            assertThat(code(lubeck.accepting.accept(text.substring(0, length))))
                    .isEqualTo(RefusalCode.INVITATION_ALTERED);
        }
        assertThat(lubeck.store.current().relationships()).isEmpty();
    }

    @Test
    void ignoresWhiteSpaceThatATerminalAdded() {
        String text = bergen.invite();
        String wrapped = " " + text.substring(0, 40) + "\n   " + text.substring(40) + "\n";
        assertThat(lubeck.accepting.accept(wrapped)).isInstanceOf(Done.class);
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
                "secret", RefusalCode.INVITATION_ALTERED,
                "expiresAt", RefusalCode.INVITATION_ALTERED,
                "trustDomain", RefusalCode.ENDPOINT_NOT_VERIFIED,
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
    void refusesAClusterThatTheInvitationIsNotFor() {
        Outcome<Inviting.Made> made =
                bergen.inviting.invite(Optional.of(new ClusterName("visby")), Duration.ofMinutes(1));
        String text = ((Done<Inviting.Made>) made).value().text();
        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.INVITATION_FOR_ANOTHER);
    }

    @Test
    void exactlyOneOfManyConcurrentAcceptorsWins() throws Exception {
        String text = bergen.invite();
        List<TestCluster> acceptors = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            acceptors.add(cluster("c" + i, "c" + i + ".example"));
        }
        List<Outcome<Accepting.Connected>> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Outcome<Accepting.Connected>>> tasks = acceptors.stream()
                    .map(one -> (Callable<Outcome<Accepting.Connected>>) () -> one.accepting.accept(text))
                    .toList();
            for (Future<Outcome<Accepting.Connected>> done : threads.invokeAll(tasks)) {
                outcomes.add(done.get());
            }
        }
        assertThat(outcomes.stream().filter(Done.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(Refused.class::isInstance).map(InvitationTest::code))
                .containsOnly(RefusalCode.INVITATION_USED)
                .hasSize(5);
        assertThat(bergen.store.current().relationships()).hasSize(1);
        assertThat(acceptors.stream().filter(one -> one.trusts(bergen))).hasSize(1);
    }

    @Test
    void finishesAfterTheAnswerWasLostAndTheProcessCrashed() {
        String text = bergen.invite();
        PeerDoor losing = new LosingDoor(lubeck.door);
        Accepting first = new Accepting(lubeck.us, lubeck.store, losing, clock);

        assertThat(code(first.accept(text))).isEqualTo(RefusalCode.ANSWER_LOST);
        assertThat(lubeck.trusts(bergen)).as("pending trusts nobody").isFalse();
        assertThat(bergen.trusts(lubeck)).isTrue();

        // Another life of the process, after the invitation's expiry, reads the same file.
        clock.advance(Duration.ofMinutes(20));
        StateStore reread = StateStore.open(directory.resolve("lubeck-lubeck.example1"), lubeck.us.trustDomain());
        assertThat(reread.current().named("bergen").orElseThrow().state()).isEqualTo(Relationship.State.PENDING);
        Accepting second = new Accepting(lubeck.us, reread, lubeck.door, clock);
        assertThat(second.accept(text)).isInstanceOf(Done.class);
        assertThat(reread.current().bundleMap().of(bergen.us.trustDomain())).isPresent();
    }

    @Test
    void refusesWhenTheClocksDiffer() {
        ManualClock ahead = new ManualClock(clock.instant().plus(Duration.ofMinutes(10)));
        Accepting skewed = new Accepting(lubeck.us, lubeck.store, lubeck.door, ahead);
        assertThat(code(skewed.accept(bergen.invite()))).isEqualTo(RefusalCode.CLOCK);
    }

    @Test
    void limitsOpenInvitations() {
        for (int i = 0; i < Inviting.MAX_OPEN; i++) {
            bergen.invite();
        }
        assertThat(code(bergen.inviting.invite(Optional.empty(), Duration.ofMinutes(1))))
                .isEqualTo(RefusalCode.TOO_MANY_INVITATIONS);
        clock.advance(Duration.ofMinutes(16));
        assertThat(bergen.inviting.invite(Optional.empty(), Duration.ofMinutes(1)))
                .isInstanceOf(Done.class);
    }

    @Test
    void refusesABodyThatIsNotARequestWithoutLookingFurther() {
        for (String hostile :
                List.of("", "null", "[]", "{}", "{\"invitation\":1}", "[".repeat(5000), "{\"a\":1,\"a\":2}")) {
            assertThat(code(bergen.inviting.redeem(Body.of(hostile), Optional.empty())))
                    .isEqualTo(RefusalCode.BAD_REQUEST);
        }
    }

    @Test
    @DisplayName("FED-6.3 disconnect removes both halves and the peer confirms")
    void disconnectRemovesBothHalves() {
        lubeck.accepting.accept(bergen.invite());

        Outcome<Leaving.Left> left = lubeck.leaving.disconnect("bergen");

        assertThat(((Done<Leaving.Left>) left).value().confirmed()).isTrue();
        assertThat(lubeck.trusts(bergen)).isFalse();
        assertThat(bergen.trusts(lubeck)).isFalse();
        assertThat(lubeck.store.current().farewells()).isEmpty();
        assertThat(code(lubeck.leaving.disconnect("bergen"))).isEqualTo(RefusalCode.UNKNOWN_RELATIONSHIP);
    }

    @Test
    void disconnectFromAnUnreachablePeerRemovesThisHalfAndTriesAgain() {
        lubeck.accepting.accept(bergen.invite());
        bergen.stopServing();

        Outcome<Leaving.Left> left = lubeck.leaving.disconnect("bergen.example");

        assertThat(((Done<Leaving.Left>) left).value().confirmed()).isFalse();
        assertThat(lubeck.trusts(bergen)).isFalse();
        assertThat(lubeck.store.current().farewells()).hasSize(1);
        clock.advance(Leaving.USUAL_PERSISTENCE.plusSeconds(1));
        lubeck.leaving.sayAll();
        assertThat(lubeck.store.current().farewells()).as("given up in the end").isEmpty();
    }

    @Test
    void canConnectAgainAfterDisconnecting() {
        lubeck.accepting.accept(bergen.invite());
        lubeck.leaving.disconnect("bergen");
        assertThat(bergen.accepting.accept(lubeck.invite())).isInstanceOf(Done.class);
        assertThat(lubeck.trusts(bergen)).isTrue();
    }

    @Test
    @DisplayName("JWT-2, JWT-3 a farewell counts only with the peer exchange's own token")
    void refusesForgedFarewells() throws Exception {
        lubeck.accepting.accept(bergen.invite());
        TestCluster forger = cluster("forger", "lubeck.example");
        String self = lubeck.us.endpointId().toString();
        String audience = bergen.us.endpointId().toString();
        Instant soon = clock.instant().plusSeconds(60);
        Map<String, String> forged = Map.of(
                "another root", forger.token(self, audience, soon),
                "another audience", lubeck.token(self, self, soon),
                "expired", lubeck.token(self, audience, clock.instant().minusSeconds(60)),
                "another workload", lubeck.token("spiffe://lubeck.example/ns/shop/sa/frontend", audience, soon),
                "our own", bergen.token(audience, audience, soon),
                "no relationship",
                        forger.token("spiffe://visby.example/ns/hanse-system/sa/trust-bundle-exchange", audience, soon),
                "alg none", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
                "not a token", "x");
        forged.forEach((what, token) -> assertThat(code(bergen.leaving.hear(Optional.of("Bearer " + token))))
                .as(what)
                .isIn(RefusalCode.TOKEN_REFUSED, RefusalCode.NOT_A_PEER));
        assertThat(code(bergen.leaving.hear(Optional.empty()))).isEqualTo(RefusalCode.TOKEN_REFUSED);
        assertThat(bergen.trusts(lubeck)).isTrue();
        assertThat(bergen.leaving.hear(Optional.of("Bearer " + lubeck.token(self, audience, soon))))
                .isInstanceOf(Done.class);
        assertThat(bergen.trusts(lubeck)).isFalse();
    }

    private AcceptRequest request(Invitation invitation, TestCluster acceptor) {
        return new AcceptRequest(
                invitation.id(),
                InvitationText.fingerprint(invitation),
                acceptor.us.cluster(),
                acceptor.us.trustDomain(),
                acceptor.us.gateways(),
                acceptor.us.endpointId(),
                acceptor.store.current().own().orElseThrow());
    }

    private static Optional<String> proof(Invitation invitation, Body body) {
        return Optional.of(
                java.util.HexFormat.of().formatHex(invitation.secret().sign(body.bytes())));
    }

    @Test
    void hashOfTheInvitationIsThatOfTheServedDocument() {
        assertThat(read(bergen.invite()).bundleSha256())
                .isEqualTo(
                        Body.of(BundleJson.format(bergen.store.current().own().orElseThrow()))
                                .sha256());
    }

    /** Delivers the request and loses the answer. */
    private record LosingDoor(PeerDoor real) implements PeerDoor {
        @Override
        public HttpsAnswer bundleOfAnybody(List<HostPort> gateways) {
            return real.bundleOfAnybody(gateways);
        }

        @Override
        public HttpsAnswer post(
                List<HostPort> gateways,
                String path,
                TrustBundle trust,
                SpiffeId endpointId,
                Map<String, String> headers,
                Body body) {
            real.post(gateways, path, trust, endpointId, headers, body);
            return new HttpsAnswer.Failed(HttpsAnswer.Stage.SENT, ReasonCode.IDLE_TIMEOUT, "no answer");
        }
    }
}
