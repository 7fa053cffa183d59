/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.rotation;

import io.hanse.cli.control.ControlReply;
import io.hanse.cli.control.ControlReply.Answered;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Replaces a cluster's root by command, prepare to revoke, while the schedule goes on replacing roots by itself. */
final class ForcedRotation {

    /** Handshakes with the old SVID that were under way, and a client that follows the proxy's files, are done by then. */
    private static final Duration LAST_HANDSHAKES = Duration.ofSeconds(1);

    private final Cluster cluster;
    private String last = "nothing asked yet";

    private ForcedRotation(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Does it; gives the key id of the root that was revoked. */
    static String of(Cluster cluster) {
        return new ForcedRotation(cluster).run();
    }

    private String run() {
        // The schedule prepares at half life: begin where it rests, so that the moves are ours.
        Await.until(
                "the schedule of %s rests".formatted(cluster),
                () -> cluster.authorities("prepared").isEmpty());
        done("prepare", Map.of(), () -> !cluster.authorities("prepared").isEmpty());
        String old = cluster.authorities("active").getFirst();
        String fresh = cluster.authorities("prepared").getFirst();
        done(
                "activate",
                Map.of("keyId", fresh),
                () -> cluster.authorities("active").contains(fresh));
        done(
                "taint",
                Map.of("keyId", old),
                () -> !cluster.authorities("retiring").contains(old));
        Await.until(
                "no SVID of %s is of the tainted root".formatted(cluster),
                () -> !cluster.signers().contains(old));
        Await.pass(LAST_HANDSHAKES);
        // Forced, because SVIDs from it have not all expired; that nobody shows one was just checked.
        done(
                "revoke",
                Map.of("keyId", old, "force", "true"),
                () -> !cluster.authorities("tainted").contains(old));
        return old;
    }

    /** @param already so by the schedule, which goes on meanwhile */
    private void done(String deed, Map<String, String> arguments, BooleanSupplier already) {
        Await.until(
                "%s of %s is done".formatted(deed, cluster),
                Await.PATIENCE,
                () -> {
                    ControlReply reply = cluster.tryAuthority(deed, arguments);
                    last = reply.toString();
                    return reply instanceof Answered || already.getAsBoolean();
                },
                () -> "; the last answer: " + last);
    }
}
