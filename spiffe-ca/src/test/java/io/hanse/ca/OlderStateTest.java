/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.process.ExitCode;
import io.hanse.runtime.process.MainRun;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.RunningProcess;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Yesterday's state of spiffe-ca, whole or a part of it, put back over today's. */
final class OlderStateTest {

    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final String NODE = "spiffe://lubeck.example/hanse/node/n1";

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T09:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private Vertx vertx;
    private JoinToken usedSince;

    /** Yesterday: one authority, a join token out. Today: another authority, the token used, a node banned. */
    @BeforeEach
    void live() throws Exception {
        vertx = Vertx.vertx();
        CaHome.configure(directory);
        ProcessContext first = context();
        RunningProcess process = CaWiring.wire(first);
        process.start();
        JoinToken made = token(first);
        process.drain(DRAIN);
        copy(state(), directory.resolve("yesterday"));

        ProcessContext second = context();
        process = CaWiring.wire(second);
        process.start();
        try {
            usedSince = at(made, process);
            CertificateClient.join(usedSince, clock);
            ok(second, "POST", "/v1/authorities/x509/prepare", "{}");
            ok(second, "POST", "/v1/authorities/x509/activate", "{\"force\":true}");
            ok(second, "POST", "/v1/nodes/n2/ban", "");
        } finally {
            process.drain(DRAIN);
        }
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await();
    }

    private ProcessContext context() throws IOException {
        return CaHome.context(directory, scheduler, clock, vertx);
    }

    private Path state() {
        return directory.resolve("state").resolve("spiffe-ca");
    }

    private static JsonNode ok(ProcessContext context, String method, String path, String body) {
        Reply reply = context.control().call(method, path, Map.of(), body);
        assertThat(reply).as(method + " " + path).isInstanceOf(Reply.Json.class);
        return Json.mapper().valueToTree(((Reply.Json) reply).value());
    }

    private static JoinToken token(ProcessContext context) throws Exception {
        return JoinToken.parse(ok(context, "POST", "/v1/join-tokens", "{\"spiffeId\":\"" + NODE + "\"}")
                .get("token")
                .textValue());
    }

    private static JoinToken at(JoinToken token, RunningProcess process) {
        HostPort bound = process.listeners().getFirst().address();
        return new JoinToken(token.spiffeId(), bound, token.bundle(), token.secret(), token.expiresAt());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(path -> {
                Path target = to.resolve(from.relativize(path));
                try {
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void putBackYesterday() throws IOException {
        empty(state());
        copy(directory.resolve("yesterday"), state());
    }

    private StateException refused() throws IOException {
        try {
            CaWiring.wire(context());
        } catch (StateException refused) {
            return refused;
        }
        throw new AssertionError("older state was taken");
    }

    private static void consent(StateException refused) throws IOException {
        Matcher command = Pattern.compile("echo (\\S+) > (\\S+),").matcher(refused.next());
        assertThat(command.find()).as(refused.next()).isTrue();
        Files.writeString(Path.of(command.group(2)), command.group(1) + "\n");
    }

    @Test
    void theWholeStateIsRefusedPartByPart() throws Exception {
        putBackYesterday();
        String before = Files.readString(state().resolve("authorities.json"));
        StateException refused = refused();
        assertThat(refused)
                .hasMessageContaining(state().toString())
                .hasMessageContaining("authorities.json ")
                .hasMessageContaining("banned-nodes.json missing, was 1")
                .hasMessageContaining("join-tokens.json 1, was 2")
                .hasMessageContaining("issued ");
        assertThat(refused.next()).contains("rotate at once", "banned again", "join tokens are void");
        assertThat(state().resolve("authorities.json")).hasContent(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorities.json", "join-tokens.json", "banned-nodes.json", "issued"})
    void aPartOfItAloneIsRefusedToo(String part) throws Exception {
        Path today = state().resolve(part);
        Path yesterday = directory.resolve("yesterday").resolve(part);
        if (Files.isDirectory(today)) {
            empty(today);
            copy(yesterday, today);
        } else if (Files.exists(yesterday)) {
            copy(yesterday, today);
        } else {
            Files.delete(today);
        }
        assertThat(refused().getMessage()).containsPattern("\\(" + Pattern.quote(part) + " \\w+, was \\d+\\)");
    }

    @Test
    void theProcessEndsWithExitCode74AndTheCommandToGoOn() throws Exception {
        putBackYesterday();
        MainRun.Ended ended = MainRun.of(Main.class, directory.resolve("cluster.yaml"));
        assertThat(ended.exitCode()).as(ended.said()).isEqualTo(ExitCode.STATE.number());
        assertThat(ended.said())
                .contains("spiffe-ca: " + state(), "next: put the newest state back", "accept-older")
                .doesNotContain("\tat ");
    }

    @Test
    void stateThatIsGoneIsNoFirstStart() throws Exception {
        empty(state());
        assertThat(refused()).hasMessageContaining("authorities.json missing");
    }

    @Test
    void todaysStateIsTakenWithoutAWord() throws Exception {
        CaWiring.wire(context()).drain(DRAIN);
        CaWiring.wire(context()).drain(DRAIN);
    }

    @Test
    void acceptedOlderStateGoesOnBeyondTheMarkAndItsJoinTokensAreVoid() throws Exception {
        putBackYesterday();
        consent(refused());
        ProcessContext context = context();
        RunningProcess process = CaWiring.wire(context);
        process.start();
        try {
            JoinToken replayed = at(usedSince, process);
            assertThat(replays(replayed)).contains("JOIN_TOKEN_UNKNOWN");
            assertThat(CertificateClient.join(at(token(context), process), clock)
                            .svid()
                            .id()
                            .toString())
                    .isEqualTo(NODE);
            assertThat(ok(context, "GET", "/v1/nodes/banned", "").toString())
                    .as("forgotten, as the message said")
                    .doesNotContain("n2");
        } finally {
            process.drain(DRAIN);
        }
        CaWiring.wire(context()).drain(DRAIN);
        putBackYesterday();
        assertThat(refused()).as("the consent was for once").hasMessageContaining("authorities.json");
    }

    private String replays(JoinToken token) throws Exception {
        try {
            CertificateClient.join(token, clock);
        } catch (CertificateRefused refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("a join token of that time was taken");
    }

    @Test
    void acceptedLossMakesNewAuthoritiesBeyondTheMark() throws Exception {
        List<String> before = keyIds();
        empty(state());
        consent(refused());
        CaWiring.wire(context()).drain(DRAIN);
        assertThat(keyIds()).doesNotContainAnyElementsOf(before);
        CaWiring.wire(context()).drain(DRAIN);
    }

    private List<String> keyIds() throws IOException {
        return Json.mapper()
                .readTree(Files.readAllBytes(state().resolve("authorities.json")))
                .findValuesAsText("keyId");
    }
}
