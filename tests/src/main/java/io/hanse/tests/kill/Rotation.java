/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.kill;

import io.hanse.cli.control.ControlReply;
import io.hanse.cli.control.ControlReply.Answered;
import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A new root for one cluster in four steps, each of which may be interrupted by a crash. */
final class Rotation {

    private static final Duration LAST_CALLS = Duration.ofMillis(500);

    private final Cluster cluster;
    private final Cluster peer;
    private final Findings findings;
    private String old = "";
    private String fresh = "";

    Rotation(Cluster cluster, Cluster peer, Findings findings) {
        this.cluster = cluster;
        this.peer = peer;
        this.findings = findings;
    }

    Runnable prepare() {
        ControlReply reply = cluster.tryAuthority("prepare", Map.of());
        return () -> {
            if (reply instanceof Answered answered) {
                String keyId = answered.body().path("keyId").asText();
                findings.require(
                        cluster.authorities("prepared").equals(List.of(keyId)),
                        "prepared %s, but there is %s".formatted(keyId, cluster.authorities("prepared")));
            } else if (cluster.authorities("prepared").isEmpty()) {
                findings.require(
                        cluster.tryAuthority("prepare", Map.of()) instanceof Answered, "no authority can be prepared");
            }
            old = cluster.authorities("active").getFirst();
            fresh = cluster.authorities("prepared").getFirst();
        };
    }

    /** The peer has seen both roots. Activation is refused before three refresh hints have passed. */
    void awaitPublished() {
        Await.until("%s has both roots of %s".formatted(peer, cluster), () -> roots() == 2);
    }

    Runnable activate() {
        String wanted = fresh;
        ControlReply reply = cluster.tryAuthority("activate", Map.of("keyId", wanted));
        return () -> {
            findings.require(
                    !(reply instanceof Answered) || isActive(wanted), "%s was activated and is not".formatted(wanted));
            Await.until(
                    "%s is activated".formatted(wanted),
                    Await.PATIENCE,
                    () -> isActive(wanted)
                            || cluster.tryAuthority("activate", Map.of("keyId", wanted)) instanceof Answered,
                    () -> "; now: " + cluster.tryAuthority("activate", Map.of("keyId", wanted)));
        };
    }

    private boolean isActive(String keyId) {
        return cluster.authorities("active").equals(List.of(keyId));
    }

    Runnable taint() {
        ControlReply reply = cluster.tryAuthority("taint", Map.of("keyId", old));
        return () -> {
            findings.require(!(reply instanceof Answered) || isTainted(), "%s was tainted and is not".formatted(old));
            Await.until(
                    "%s is tainted".formatted(old),
                    () -> isTainted() || cluster.tryAuthority("taint", Map.of("keyId", old)) instanceof Answered);
        };
    }

    private boolean isTainted() {
        return cluster.authorities("tainted").contains(old);
    }

    /** Nobody shows an SVID of the old root any more, and calls that were under way with one are done. */
    void awaitRenewed() {
        Await.until(
                "every SVID in %s is of the new root".formatted(cluster),
                Await.PATIENCE,
                () -> cluster.signers().equals(Set.of(fresh)),
                () -> ": " + cluster.signers() + ", wanted " + fresh);
        Await.pass(LAST_CALLS);
    }

    Runnable revoke() {
        // Forced, because the old certificates have not expired; that nobody shows one was just checked.
        ControlReply reply = cluster.tryAuthority("revoke", Map.of("keyId", old, "force", "true"));
        return () -> {
            findings.require(!(reply instanceof Answered) || !isTainted(), "%s was revoked and is not".formatted(old));
            Await.until(
                    "%s is revoked".formatted(old),
                    () -> !isTainted()
                            || cluster.tryAuthority("revoke", Map.of("keyId", old, "force", "true"))
                                    instanceof Answered);
            Await.until("%s trusts the new root of %s alone".formatted(peer, cluster), () -> roots() == 1);
        };
    }

    private long roots() {
        return Cluster.elements(peer.bundle(cluster.trustDomain()).path("keys"))
                .filter(key -> "x509-svid".equals(key.path("use").asText()))
                .count();
    }
}
