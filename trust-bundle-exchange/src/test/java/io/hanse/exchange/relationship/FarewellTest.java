/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.store.Departure;
import io.hanse.runtime.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a relationship ends, over real HTTPS. */
final class FarewellTest extends TwoClusters {

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
    void aPeerWhoseClockIsAheadCanConnectAndLeave() throws Exception {
        ManualClock ahead = new ManualClock(clock.instant().plusSeconds(60));
        TestCluster visby = cluster("visby", "visby.example", ahead);
        assertThat(visby.accepting.accept(bergen.invite())).isInstanceOf(Done.class);

        Outcome<Leaving.Left> left = visby.leaving.disconnect("bergen");

        assertThat(((Done<Leaving.Left>) left).value().confirmed()).isTrue();
        assertThat(bergen.trusts(visby)).isFalse();
    }

    @Test
    void aPeerWhoseClockIsBehindCanConnectAndLeaveWhenItsClockHasReachedTheBeginning() throws Exception {
        // Until bergen's SVID is old enough to be valid by the other clock.
        clock.advance(Duration.ofMinutes(2));
        ManualClock behind = new ManualClock(clock.instant().minusSeconds(60));
        TestCluster visby = cluster("visby", "visby.example", behind);
        assertThat(visby.accepting.accept(bergen.invite())).isInstanceOf(Done.class);

        visby.leaving.disconnect("bergen");
        clock.advance(Duration.ofSeconds(60));
        behind.advance(Duration.ofSeconds(60));
        visby.leaving.sayAll();

        assertThat(visby.store.current().departures().values())
                .extracting(Departure::confirmed)
                .containsExactly(true);
        assertThat(bergen.trusts(visby)).isFalse();
    }

    @Test
    void canConnectAgainAfterDisconnecting() {
        lubeck.accepting.accept(bergen.invite());
        lubeck.leaving.disconnect("bergen");
        assertThat(bergen.accepting.accept(lubeck.invite())).isInstanceOf(Done.class);
        assertThat(lubeck.trusts(bergen)).isTrue();
    }

    @Test
    void aFarewellFromBeforeTheRelationshipEndsNothing() {
        lubeck.accepting.accept(bergen.invite());
        String self = lubeck.us.endpointId().toString();
        String audience = bergen.us.endpointId().toString();
        Instant now = clock.instant();

        String late = lubeck.token(self, audience, now.plusSeconds(60), Optional.of(now.minusSeconds(2)));
        assertThat(code(bergen.leaving.hear(Optional.of("Bearer " + late)))).isEqualTo(RefusalCode.TOKEN_REFUSED);
        assertThat(bergen.trusts(lubeck)).isTrue();

        String fresh = lubeck.token(self, audience, now.plusSeconds(60), Optional.of(now));
        assertThat(bergen.leaving.hear(Optional.of("Bearer " + fresh))).isInstanceOf(Done.class);
        assertThat(bergen.trusts(lubeck)).isFalse();
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
                "expired", lubeck.token(self, audience, clock.instant().minus(Accepting.MOST_CLOCK_DIFFERENCE)),
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
}
