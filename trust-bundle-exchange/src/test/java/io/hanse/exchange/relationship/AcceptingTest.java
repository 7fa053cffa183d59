/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.Departure;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.testing.Stores;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
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

/** Two and more clusters over real HTTPS: what an invitation brings about. */
final class AcceptingTest extends TwoClusters {

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
    void isGoodUntilTheLastSecond() {
        String text = bergen.invite();
        clock.advance(Duration.ofMinutes(15).minusSeconds(1));
        assertThat(lubeck.accepting.accept(text)).isInstanceOf(Done.class);
    }

    @Test
    void ignoresWhiteSpaceThatATerminalAdded() {
        String text = bergen.invite();
        String wrapped = " " + text.substring(0, 40) + "\n   " + text.substring(40) + "\n";
        assertThat(lubeck.accepting.accept(wrapped)).isInstanceOf(Done.class);
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
        assertThat(outcomes.stream().filter(Refused.class::isInstance).map(TwoClusters::code))
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
        StateStore reread = Stores.open(directory.resolve("lubeck-lubeck.example1"), lubeck.us.trustDomain());
        assertThat(reread.current().named("bergen").orElseThrow().state()).isEqualTo(Relationship.State.PENDING);
        Accepting second = new Accepting(lubeck.us, reread, lubeck.door, clock);
        assertThat(second.accept(text)).isInstanceOf(Done.class);
        assertThat(reread.current().bundleMap().of(bergen.us.trustDomain())).isPresent();
    }

    @Test
    void twoInvitationsThatCrossMakeOneRelationshipAndBreakNone() {
        String ours = lubeck.invite();
        String theirs = bergen.invite();
        // Bergen accepts ours at the very moment when we have looked at its bundle and not yet asked.
        PeerDoor crossing = new CrossingDoor(
                lubeck.door, () -> assertThat(bergen.accepting.accept(ours)).isInstanceOf(Done.class));

        Outcome<Accepting.Connected> outcome = new Accepting(lubeck.us, lubeck.store, crossing, clock).accept(theirs);

        assertThat(code(outcome)).isEqualTo(RefusalCode.ALREADY_CONNECTED);
        assertThat(lubeck.trusts(bergen)).isTrue();
        assertThat(bergen.trusts(lubeck)).isTrue();
        assertThat(lubeck.store.current().pending()).isEmpty();
    }

    @Test
    void aRepeatedAcceptDoesNotReviveWhatTheInviterHasLeft() {
        String text = bergen.invite();
        Accepting losing = new Accepting(lubeck.us, lubeck.store, new LosingDoor(lubeck.door), clock);
        assertThat(code(losing.accept(text))).isEqualTo(RefusalCode.ANSWER_LOST);
        bergen.leaving.disconnect("lubeck");
        // Bergen waits for the answer to an accept of its own; that does not make the old invitation good.
        String other = lubeck.invite();
        Accepting waiting = new Accepting(bergen.us, bergen.store, new SilentDoor(bergen.door), clock);
        assertThat(code(waiting.accept(other))).isEqualTo(RefusalCode.ANSWER_LOST);

        assertThat(code(lubeck.accepting.accept(text))).isEqualTo(RefusalCode.INVITATION_USED);

        assertThat(lubeck.trusts(bergen)).isFalse();
        assertThat(bergen.accepting.accept(other)).isInstanceOf(Done.class);
        assertThat(lubeck.trusts(bergen)).isTrue();
        assertThat(bergen.trusts(lubeck)).isTrue();
    }

    @Test
    void aDisconnectIsNotUndoneByTheAnswerToAnAccept() {
        PeerDoor leaving = new AnswerDoor(
                lubeck.door,
                () -> assertThat(lubeck.leaving.disconnect("bergen")).isInstanceOf(Done.class));

        Outcome<Accepting.Connected> outcome =
                new Accepting(lubeck.us, lubeck.store, leaving, clock).accept(bergen.invite());

        assertThat(code(outcome)).isEqualTo(RefusalCode.UNKNOWN_RELATIONSHIP);
        assertThat(lubeck.trusts(bergen)).isFalse();
        assertThat(lubeck.store.current().relationships()).isEmpty();
        assertThat(bergen.trusts(lubeck)).as("the inviter was not told yet").isTrue();
        lubeck.leaving.sayAll();
        assertThat(bergen.trusts(lubeck)).isFalse();
        assertThat(lubeck.store.current().departures().values())
                .extracting(Departure::confirmed)
                .containsExactly(true);
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
    void invitationsOfBeforeAreForgottenAndNeverStandInTheWayOfNewOnes() {
        String first = bergen.invite();
        assertThat(lubeck.accepting.accept(first)).isInstanceOf(Done.class);
        for (int i = 0; i < Inviting.MAX_REMEMBERED + 5; i++) {
            assertThat(bergen.inviting.invite(Optional.empty(), Duration.ofSeconds(1)))
                    .isInstanceOf(Done.class);
            clock.advance(Duration.ofSeconds(2));
        }
        assertThat(bergen.store.current().invitations()).hasSize(Inviting.MAX_REMEMBERED);
        // Refused as used before and as unknown now: to be forgotten lets nobody in.
        assertThat(lubeck.accepting.accept(first)).isInstanceOf(Refused.class);
    }

    @Test
    void hashOfTheInvitationIsThatOfTheServedDocument() {
        assertThat(read(bergen.invite()).bundleSha256())
                .isEqualTo(
                        Body.of(BundleJson.format(bergen.store.current().own().orElseThrow()))
                                .sha256());
    }

    /** Lets something happen just after the bundle was fetched. */
    private record CrossingDoor(PeerDoor real, Runnable meanwhile) implements PeerDoor {
        @Override
        public HttpsAnswer bundleOfAnybody(List<HostPort> gateways) {
            HttpsAnswer answer = real.bundleOfAnybody(gateways);
            meanwhile.run();
            return answer;
        }

        @Override
        public HttpsAnswer post(
                List<HostPort> gateways,
                String path,
                TrustBundle trust,
                SpiffeId endpointId,
                Map<String, String> headers,
                Body body) {
            return real.post(gateways, path, trust, endpointId, headers, body);
        }
    }

    /** Lets something happen while the answer to the request is on its way. */
    private record AnswerDoor(PeerDoor real, Runnable meanwhile) implements PeerDoor {
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
            HttpsAnswer answer = real.post(gateways, path, trust, endpointId, headers, body);
            meanwhile.run();
            return answer;
        }
    }

    /** Loses the request. */
    private record SilentDoor(PeerDoor real) implements PeerDoor {
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
            return new HttpsAnswer.Failed(HttpsAnswer.Stage.SENT, ReasonCode.IDLE_TIMEOUT, "no answer");
        }
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
