/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.cli.control.ControlReply;
import io.hanse.cli.directory.ClusterControl;
import io.hanse.cli.directory.Role;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
        try (Load load = Load.start(world.pace(), lubeck.frontend(), bergen.name())) {
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
            StepFailed.unless(
                    tally.failed() == 0,
                    "%d of %d calls failed during the rotation; the first: %s"
                            .formatted(tally.failed(), tally.good() + tally.failed(), tally.firstFailure()));
            return "bergen's root %s replaced by %s (prepare, activate, taint, revoke): %d calls, 0 failed"
                    .formatted(brief(old), brief(fresh), tally.good());
        }
    }

    private String uninvitedCluster() throws StepFailed {
        String claimed = "spiffe://" + bergen.trustDomain() + "/ns/hanse-system/sa/east-west-gateway";
        SSLContext forged = ForgedIdentity.claiming(
                bergen.trustDomain(), claimed, world.pace().now());
        String address = lubeck.control().directory().name().name();
        knock("lubeck's gateway", lubeck.gatewayDoor(), forged);
        knock("lubeck's exchange", lubeck.exchangeDoor(), forged);
        knock("bergen's exchange", bergen.exchangeDoor(), forged);
        SSLContext honest = ForgedIdentity.claiming(
                "visby.example",
                "spiffe://visby.example/hanse/node/a",
                world.pace().now());
        knock("bergen's gateway", bergen.gatewayDoor(), honest);
        StepFailed.unless(
                Call.get(lubeck.frontend()).isFrom(bergen.name()),
                "the invited cluster %s cannot call any more".formatted(address));
        return "visby shows %s under its own root: refused at gateway and exchange".formatted(claimed);
    }

    private static void knock(String whose, java.net.InetSocketAddress door, SSLContext tls) throws StepFailed {
        TlsKnock.Answer answer = TlsKnock.at(door, tls);
        StepFailed.unless(answer instanceof TlsKnock.Answer.TurnedAway, whose + " at " + door + ": " + answer);
    }

    private String endOfTrust() throws StepFailed {
        try (Socket live = Call.open(lubeck.frontend(), "/stream")) {
            StepFailed.unless(live.getInputStream().read() >= 0, "the long call did not start");
            Pace.Stopwatch watch = world.pace().start();
            lubeck.control().delete(Role.TRUST_BUNDLE_EXCHANGE, "/v1/relationships/" + bergen.trustDomain());
            StepFailed.unless(
                    world.pace()
                            .until(
                                    SECONDS,
                                    Duration.ofMillis(20),
                                    () -> Call.get(lubeck.frontend()) instanceof Call.Outcome.Failed),
                    "calls were still answered %ds after".formatted(SECONDS.toSeconds()));
            Duration refused = watch.elapsed();
            StepFailed.unless(ends(live, watch), "the long call still ran %ds after".formatted(SECONDS.toSeconds()));
            world.eventually(
                    "lubeck still has the bundle of bergen.example",
                    () -> lubeck.bundle(bergen.trustDomain()).isMissingNode());
            world.eventually(
                    "bergen still has the bundle of lubeck.example",
                    () -> bergen.bundle(lubeck.trustDomain()).isMissingNode());
            return String.format(
                    Locale.ROOT,
                    "refused %.1fs after; the call that was running was closed; trust removed in both",
                    refused.toMillis() / 1000.0);
        } catch (IOException e) {
            throw new StepFailed("the long call could not be made: " + e.getMessage());
        }
    }

    /** Reads until the connection ends; a silent one is closed too late. */
    private static boolean ends(Socket live, Pace.Stopwatch watch) {
        try {
            live.setSoTimeout((int) SECONDS.toMillis());
            byte[] buffer = new byte[1024];
            while (live.getInputStream().read(buffer) >= 0) {
                if (watch.elapsed().compareTo(SECONDS.multipliedBy(2)) > 0) {
                    return false;
                }
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset: closed at once
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
