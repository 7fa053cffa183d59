/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.files.TinyDisk;
import io.hanse.runtime.process.MainRun;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spiffe-ca on a real file system that is full or read-only, at the start and while it runs. */
final class DiskTest {

    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final String NODE = "spiffe://lubeck.example/hanse/node/n1";
    private static final int KIB = 512;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T09:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private Vertx vertx;
    private TinyDisk disk;

    @BeforeEach
    void open() throws Exception {
        disk = TinyDisk.mount(directory.resolve("state"), KIB);
        vertx = Vertx.vertx();
        CaHome.configure(directory);
    }

    @AfterEach
    void close() throws Exception {
        if (disk != null) {
            vertx.close().await();
            disk.close();
        }
    }

    private ProcessContext context() throws Exception {
        return CaHome.context(directory, scheduler, clock, vertx);
    }

    private MainRun.Ended run() throws Exception {
        return MainRun.of(Main.class, directory.resolve("cluster.yaml"));
    }

    private String authorities() throws Exception {
        return Files.readString(directory.resolve("state/spiffe-ca/authorities.json"));
    }

    private static String active(ProcessContext context) {
        Reply reply = context.control().call("GET", "/v1/status", Map.of(), "");
        return Json.mapper()
                .valueToTree(((Reply.Json) reply).value())
                .get("active")
                .textValue();
    }

    private static void refuses(ProcessContext context, String path, String body) {
        assertThat(context.control().call("POST", path, Map.of(), body))
                .as(path)
                .isInstanceOfSatisfying(Reply.Problem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(507);
                    assertThat(problem.code()).isEqualTo("STATE_NOT_WRITTEN");
                    assertThat(problem.detail()).contains("state/spiffe-ca");
                    assertThat(problem.next()).isNotBlank();
                });
    }

    private static JoinToken token(ProcessContext context, RunningProcess process) throws Exception {
        Reply reply = context.control().call("POST", "/v1/join-tokens", Map.of(), "{\"spiffeId\":\"" + NODE + "\"}");
        JoinToken token = JoinToken.parse(Json.mapper()
                .valueToTree(((Reply.Json) reply).value())
                .get("token")
                .textValue());
        HostPort bound = process.listeners().getFirst().address();
        return new JoinToken(token.spiffeId(), bound, token.bundle(), token.secret(), token.expiresAt());
    }

    @Test
    void doesNotStartOnAFullDiskAndSaysWhichAndWhatNext() throws Exception {
        disk.fill();
        run().requireStateRefused("spiffe-ca: " + directory.resolve("state"), "No space left on device", "free space");
    }

    @Test
    void doesNotStartOnAReadOnlyDiskAndLeavesTheStateAsItWas() throws Exception {
        CaWiring.wire(context()).drain(DRAIN);
        String before = authorities();
        disk.makeReadOnly();
        run().requireStateRefused("spiffe-ca: " + directory.resolve("state"), "Read-only file system", "mount");
        assertThat(authorities()).isEqualTo(before);
        disk.makeWritable();
        CaWiring.wire(context()).drain(DRAIN);
        assertThat(authorities()).isEqualTo(before);
    }

    @Test
    @DisplayName("a disk that fills up: nothing moves, nothing is signed, what is published stays; then it goes on")
    void aDiskThatFillsUp() throws Exception {
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        process.start();
        try {
            JoinToken first = token(context, process);
            CertificateClient.join(first, clock);
            JoinToken waiting = token(context, process);
            String before = authorities();
            String signer = active(context);
            disk.fill();

            refuses(context, "/v1/authorities/x509/prepare", "{}");
            refuses(context, "/v1/nodes/n2/ban", "");
            refuses(context, "/v1/join-tokens", "{\"spiffeId\":\"" + NODE + "\"}");
            assertThatThrownBy(() -> CertificateClient.join(waiting, clock)).hasMessageContaining("STATE_NOT_WRITTEN");
            assertThat(context.control().call("GET", "/v1/authorities", Map.of(), ""))
                    .isInstanceOf(Reply.Json.class);
            assertThat(authorities()).as("nothing half written").isEqualTo(before);
            assertThat(active(context)).isEqualTo(signer);

            disk.free();
            assertThat(CertificateClient.join(waiting, clock).svid().authorityKeyIds())
                    .as("the token was not used up")
                    .containsExactly(signer);
            assertThat(context.control().call("POST", "/v1/nodes/n2/ban", Map.of(), ""))
                    .isInstanceOf(Reply.Json.class);
        } finally {
            process.drain(DRAIN);
        }
        CaWiring.wire(context()).drain(DRAIN);
    }

    @Test
    @DisplayName("FED-4.1a a rotation that is due while the disk is read-only is announced only when it is durable")
    void aRotationWaitsForTheDisk() throws Exception {
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        process.start();
        try {
            String before = authorities();
            disk.coverReadOnly();
            refuses(context, "/v1/authorities/jwt/prepare", "{}");
            scheduler.advance(Duration.ofHours(12).plusSeconds(30));
            assertThat(authorities()).isEqualTo(before);
            assertThat(Json.text(((Reply.Json) context.control().call("GET", "/v1/authorities", Map.of(), "")).value()))
                    .doesNotContain("prepared");
            disk.uncover();
            scheduler.advance(Duration.ofSeconds(15));
            assertThat(authorities()).contains("\"prepared\"");
        } finally {
            process.drain(DRAIN);
        }
    }
}
