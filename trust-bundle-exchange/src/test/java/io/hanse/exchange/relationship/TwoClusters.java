/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.web.Body;
import io.hanse.runtime.time.ManualClock;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The fixture: bergen and lubeck, real HTTPS on loopback, one clock for both. */
abstract class TwoClusters {

    @TempDir
    Path directory;

    final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private final List<TestCluster> clusters = new ArrayList<>();
    private Vertx vertx;
    TestCluster bergen;
    TestCluster lubeck;

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

    TestCluster cluster(String name, String domain) throws Exception {
        return cluster(name, domain, clock);
    }

    /** One whose clock goes otherwise. */
    TestCluster cluster(String name, String domain, ManualClock clock) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name + "-" + domain + clusters.size()));
        TestCluster made = new TestCluster(name, domain, home, vertx, clock);
        clusters.add(made);
        return made;
    }

    static RefusalCode code(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Refused.class);
        Refused<?> refused = (Refused<?>) outcome;
        assertThat(refused.text()).as("what is wrong").isNotBlank();
        assertThat(refused.next()).as("what to do next, of " + refused).isNotBlank();
        return refused.code();
    }

    static Invitation read(String text) {
        return ((Done<Invitation>) InvitationText.parse(text)).value();
    }

    static AcceptRequest request(Invitation invitation, TestCluster acceptor) {
        return new AcceptRequest(
                invitation.id(),
                InvitationText.fingerprint(invitation),
                acceptor.us.cluster(),
                acceptor.us.trustDomain(),
                acceptor.us.gateways(),
                acceptor.us.endpointId(),
                acceptor.store.current().own().orElseThrow());
    }

    static Optional<String> proof(Invitation invitation, Body body) {
        return Optional.of(
                java.util.HexFormat.of().formatHex(invitation.secret().sign(body.bytes())));
    }
}
