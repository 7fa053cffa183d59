/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.show.Times;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Trust that changes while calls go on: a new root, a forged identity, an ended relationship. */
final class TrustSteps {

    /** Publishing takes three to five refresh hints of 2 s. */
    private static final Duration PUBLICATION = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration SECONDS = Duration.ofSeconds(5);

    private final DemoWorld world;
    private final DemoCluster lubeck;
    private final DemoCluster bergen;

    TrustSteps(DemoWorld world) {
        this.world = world;
        this.lubeck = world.lubeck();
        this.bergen = world.bergen();
    }

    Step rotate() {
        return new Step("rotate", this::newRootUnderLoad);
    }

    Step forged() {
        return new Step("forged", this::uninvitedCluster);
    }

    Step disconnect() {
        return new Step("disconnect", this::endOfTrust);
    }

    private String newRootUnderLoad() throws StepFailed {
        String old = only(bergen.authorities("active"), "active authority in bergen");
        world.launchVisby(); // the next step needs it; it starts meanwhile
        try (Load load = Load.start(world.pace(), lubeck.frontend(), Set.of(bergen.name()));
                LongCall live = LongCall.open(world.pace(), lubeck.frontend())) {
            authority("prepare", ClusterControl.object());
            String fresh = only(bergen.authorities("prepared"), "prepared authority in bergen");
            StepFailed.unless(
                    world.pace().until(PUBLICATION, POLL, () -> roots(lubeck.bundle(bergen.trustDomain())) == 2),
                    "lubeck did not fetch the prepared root of bergen.example");
            StepFailed.unless(
                    world.pace().until(PUBLICATION, POLL, () -> tryActivate(fresh)),
                    "the prepared root could not be activated");
            authority("taint", ClusterControl.object().put("keyId", old));
            StepFailed.unless(
                    world.pace().until(PUBLICATION, POLL, () -> bergen.allSignedBy(fresh)),
                    "not every SVID in bergen was renewed: signed by " + bergen.signers() + ", wanted " + fresh);
            // Forced because the old certificates have not expired; that nobody shows one any more was just checked.
            authority("revoke", ClusterControl.object().put("keyId", old).put("force", true));
            StepFailed.unless(
                    world.pace().until(PUBLICATION, POLL, () -> roots(lubeck.bundle(bergen.trustDomain())) == 1),
                    "lubeck still trusts the revoked root of bergen.example");
            world.pace().pause(Duration.ofSeconds(1));
            Load.Tally tally = load.end();
            tally.requireNoFailure("during the rotation");
            return "bergen's root %s replaced by %s (prepare, activate, taint, revoke): %d calls, 0 failed; %s"
                    .formatted(brief(old), brief(fresh), tally.good(), fateOf(live));
        }
    }

    private static String fateOf(LongCall live) {
        return live.ended()
                .map(end -> "a call that lasted was ended after %s".formatted(Times.took(end)))
                .orElseGet(() -> "a call of %s runs on".formatted(Times.took(live.elapsed())));
    }

    private String uninvitedCluster() throws StepFailed {
        world.awaitVisby();
        Path genuine = bergen.ownSvid(Role.EAST_WEST_GATEWAY);
        Path forged = world.visby().ownSvid(Role.EAST_WEST_GATEWAY);
        TlsKnock.Answer welcome = TlsKnock.at(lubeck.gatewayDoor(), ShownIdentity.of(genuine));
        StepFailed.unless(
                welcome instanceof TlsKnock.Answer.LetIn,
                "the genuine gateway of bergen is not let in by lubeck's gateway, so a refusal proves nothing: "
                        + welcome);
        String reason = refusal(lubeck, ShownIdentity.of(forged));
        StepFailed.unless(reason.equals("CERTIFICATE_CHAIN_BROKEN"), "lubeck's gateway refused it, but for " + reason);
        turnedAway("lubeck's exchange", lubeck.exchangeDoor(), ShownIdentity.of(forged));
        turnedAway("bergen's exchange", bergen.exchangeDoor(), ShownIdentity.of(forged));
        String stranger = refusal(
                bergen,
                ForgedIdentity.claiming(
                        "visby.example",
                        "spiffe://visby.example/hanse/node/a",
                        world.pace().now()));
        StepFailed.unless(
                stranger.equals("TRUST_DOMAIN_UNKNOWN"), "bergen's gateway refused visby.example, but for " + stranger);
        world.visby().run().close();
        StepFailed.unless(
                Call.get(lubeck.frontend()).isFrom(bergen.name()), "the invited cluster cannot call any more");
        return "visby signs spiffe://%s/... with its own root: refused  %s; as visby.example: %s; bergen itself is let in"
                .formatted(bergen.trustDomain(), reason, stranger);
    }

    /** Why the gateway of {@code cluster} refuses whoever shows {@code tls}. */
    private String refusal(DemoCluster cluster, SSLContext tls) throws StepFailed {
        Refusals refusals = Refusals.since(cluster.gatewayMetrics(), world.pace());
        turnedAway(cluster.name() + "'s gateway", cluster.gatewayDoor(), tls);
        return refusals.reason();
    }

    private static void turnedAway(String whose, InetSocketAddress door, SSLContext tls) throws StepFailed {
        TlsKnock.Answer answer = TlsKnock.at(door, tls);
        StepFailed.unless(answer instanceof TlsKnock.Answer.TurnedAway, whose + " at " + door + ": " + answer);
    }

    private String endOfTrust() throws StepFailed {
        try (LongCall live = LongCall.open(world.pace(), lubeck.frontend())) {
            Duration began = live.elapsed();
            lubeck.control().delete(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships/" + bergen.trustDomain());
            StepFailed.unless(
                    world.pace()
                            .until(
                                    SECONDS,
                                    Duration.ofMillis(20),
                                    () -> Call.get(lubeck.frontend()) instanceof Call.Outcome.Failed),
                    "calls were still answered %ds after".formatted(SECONDS.toSeconds()));
            Duration refused = live.elapsed().minus(began);
            StepFailed.unless(
                    world.pace()
                            .until(
                                    SECONDS,
                                    Duration.ofMillis(20),
                                    () -> live.ended().isPresent()),
                    "the call that was running still ran %ds after".formatted(SECONDS.toSeconds()));
            Duration ended = live.ended().orElse(live.elapsed()).minus(began);
            world.eventually(
                    "lubeck still has the bundle of bergen.example",
                    () -> lubeck.bundle(bergen.trustDomain()).isMissingNode());
            world.eventually(
                    "bergen still has the bundle of lubeck.example",
                    () -> bergen.bundle(lubeck.trustDomain()).isMissingNode());
            return "new calls refused %s after, the running call ended %s after; trust removed in both"
                    .formatted(Times.took(refused), Times.took(ended));
        }
    }

    private void authority(String deed, JsonNode wish) {
        bergen.control().post(Role.SPIFFE_CA, "/v1/authorities/x509/" + deed, wish);
    }

    private boolean tryActivate(String keyId) {
        return bergen.control()
                        .tryPost(
                                Role.SPIFFE_CA,
                                "/v1/authorities/x509/activate",
                                ClusterControl.object().put("keyId", keyId))
                instanceof ControlReply.Answered;
    }

    private static int roots(JsonNode bundle) {
        return DemoCluster.x509Roots(bundle);
    }

    private static String only(List<String> list, String what) throws StepFailed {
        StepFailed.unless(list.size() == 1, "expected one %s, found %s".formatted(what, list));
        return list.getFirst();
    }

    private static String brief(String keyId) {
        return keyId.substring(0, Math.min(8, keyId.length()));
    }
}
