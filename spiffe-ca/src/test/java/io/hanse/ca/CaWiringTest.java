/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.process.StartException;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as the shell runs it, on a clock that moves when told. */
final class CaWiringTest {

    private static final String NODE = "spiffe://lubeck.example/hanse/node/n1";
    private static final Duration DRAIN = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T09:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private Vertx vertx;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        CaHome.configure(directory);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await();
    }

    @Test
    void isReadyWithoutTheRegistryAndGivesANodeItsSvid() throws Exception {
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        assertThat(context.readiness().ready()).isFalse();
        process.start();
        try {
            assertThat(context.readiness().ready()).isTrue();
            assertThat(process.identity().orElseThrow().path()).isEqualTo("/ns/hanse-system/sa/spiffe-ca");
            JoinToken token = token(context);
            HostPort bound = process.listeners().getFirst().address();
            assertThat(token.ca()).isEqualTo(bound);
            assertThat(CertificateClient.join(token, clock).svid().id()).isEqualTo(SpiffeId.parse(NODE));
        } finally {
            process.drain(DRAIN);
        }
    }

    @Test
    void aTokenUsedBeforeARestartIsRefusedAfterIt() throws Exception {
        ProcessContext before = context();
        RunningProcess first = CaWiring.wire(before);
        first.start();
        JoinToken token = token(before);
        CertificateClient.join(token, clock);
        first.drain(DRAIN);

        ProcessContext after = context();
        RunningProcess second = CaWiring.wire(after);
        second.start();
        try {
            JoinToken replayed = new JoinToken(
                    token.spiffeId(),
                    second.listeners().getFirst().address(),
                    token.bundle(),
                    token.secret(),
                    token.expiresAt());
            assertThatThrownBy(() -> CertificateClient.join(replayed, clock))
                    .isInstanceOf(CertificateRefused.class)
                    .hasMessageContaining("JOIN_TOKEN_USED");
            assertThat(CertificateClient.join(token(after), clock).svid().authorityKeyIds())
                    .containsExactly(active(after));
        } finally {
            second.drain(DRAIN);
        }
    }

    @Test
    void theSchedulerRotatesAuthoritiesAndTheListenersOwnSvid() throws Exception {
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        process.start();
        try {
            String first = active(context);
            scheduler.advance(Duration.ofHours(20));
            String second = active(context);
            assertThat(second).isNotEqualTo(first);
            assertThat(CertificateClient.join(token(context), clock).svid().authorityKeyIds())
                    .containsExactly(second);
        } finally {
            process.drain(DRAIN);
        }
    }

    @Test
    void noTokenIsMadeBeforeItListens() throws Exception {
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        assertThat(context.control().call("POST", "/v1/join-tokens", Map.of(), "{\"spiffeId\":\"" + NODE + "\"}"))
                .isInstanceOfSatisfying(
                        Reply.Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("not-listening"));
        assertThat(process.listeners()).isEmpty();
        process.drain(DRAIN);
    }

    @Test
    void aMissingKeyEncryptionKeyEndsTheStartWithWhatToDo() throws Exception {
        RunningProcess process = CaWiring.wire(context());
        process.drain(DRAIN);
        Files.delete(directory.resolve("secrets/kek"));
        assertThatThrownBy(() -> CaWiring.wire(context())).isInstanceOfSatisfying(StartException.class, failed -> {
            assertThat(failed.exitCode()).isEqualTo(ExitCode.STATE);
            assertThat(failed.getMessage()).contains("secrets/kek");
            assertThat(failed.next()).contains("backup");
        });
    }

    private ProcessContext context() throws IOException {
        return CaHome.context(directory, scheduler, clock, vertx);
    }

    private static JoinToken token(ProcessContext context) throws Exception {
        Reply reply = context.control().call("POST", "/v1/join-tokens", Map.of(), "{\"spiffeId\":\"" + NODE + "\"}");
        return JoinToken.parse(Json.mapper()
                .valueToTree(((Reply.Json) reply).value())
                .get("token")
                .textValue());
    }

    private static String active(ProcessContext context) {
        Reply reply = context.control().call("GET", "/v1/status", Map.of(), "");
        return Json.mapper()
                .valueToTree(((Reply.Json) reply).value())
                .get("active")
                .textValue();
    }
}
