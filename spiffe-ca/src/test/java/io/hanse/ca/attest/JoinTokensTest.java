/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.ca.keys.CaException;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.time.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JoinTokensTest {

    private static final SpiffeId NODE = SpiffeId.parse("spiffe://lubeck.example/hanse/node/n1");
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();

    @Test
    void aTokenGivesItsIdentityOnce() {
        JoinTokens tokens = open();
        String secret = make(tokens);
        assertThat(tokens.look(secret)).isInstanceOf(Verdict.Granted.class);
        assertThat(tokens.consume(secret))
                .isInstanceOfSatisfying(
                        Verdict.Granted.class,
                        granted -> assertThat(granted.id()).isEqualTo(NODE));
        clock.advance(Duration.ofMinutes(3));
        Refusal second = denied(tokens.consume(secret));
        assertThat(second.code()).isEqualTo(Refusal.Code.JOIN_TOKEN_USED);
        assertThat(second.detail()).contains("used 3 min 0 s ago");
    }

    @Test
    void aUsedTokenStaysUsedAfterARestart() {
        JoinTokens tokens = open();
        String used = make(tokens);
        String fresh = make(tokens);
        tokens.consume(used);
        JoinTokens again = open();
        assertThat(denied(again.consume(used)).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_USED);
        assertThat(again.consume(fresh)).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void aTokenEndsWithItsLifetime() {
        JoinTokens tokens = open();
        String secret = make(tokens);
        clock.advance(LIFETIME.minusMillis(1));
        assertThat(tokens.look(secret)).isInstanceOf(Verdict.Granted.class);
        clock.advance(Duration.ofMillis(1));
        assertThat(denied(tokens.consume(secret)).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_EXPIRED);
    }

    @Test
    void unknownAndOversizedSecretsAreUnknown() {
        JoinTokens tokens = open();
        assertThat(denied(tokens.consume("nobody's")).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_UNKNOWN);
        assertThat(denied(tokens.consume("")).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_UNKNOWN);
        assertThat(denied(tokens.consume("a".repeat(100_000))).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_UNKNOWN);
    }

    @Test
    void theSecretIsNotOnTheDiskNorInTexts() throws Exception {
        JoinTokens tokens = open();
        JoinTokens.Made made = tokens.make(NODE, LIFETIME).orElseThrow();
        assertThat(Files.readString(file())).doesNotContain(made.secret());
        assertThat(made.toString()).doesNotContain(made.secret());
    }

    @Test
    void ofManyAtOnceOneWins() throws Exception {
        JoinTokens tokens = open();
        String secret = make(tokens);
        AtomicInteger granted = new AtomicInteger();
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                if (tokens.consume(secret) instanceof Verdict.Granted) {
                    granted.incrementAndGet();
                }
            }));
        }
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(granted).hasValue(1);
    }

    @Test
    void aDayAfterItsEndATokenIsForgotten() throws Exception {
        JoinTokens tokens = open();
        String secret = make(tokens);
        tokens.consume(secret);
        clock.advance(LIFETIME.plusHours(24).plusSeconds(1));
        make(tokens);
        assertThat(denied(tokens.consume(secret)).code()).isEqualTo(Refusal.Code.JOIN_TOKEN_UNKNOWN);
        assertThat(Files.readString(file()).split("sha256", -1)).hasSize(2);
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        make(open());
        Files.writeString(file(), "{");
        assertThatThrownBy(this::open).isInstanceOf(CaException.class).hasMessageContaining(file().toString());
    }

    @Test
    void bansSurviveARestartAndCanBeLifted() {
        Path file = directory.resolve("banned.json");
        BannedNodes banned = new BannedNodes(file, clock, version -> {});
        assertThat(banned.ban("n1")).isTrue();
        assertThat(new BannedNodes(file, clock, version -> {}).contains("n1")).isTrue();
        banned.lift("n1");
        assertThat(new BannedNodes(file, clock, version -> {}).contains("n1")).isFalse();
    }

    private Path file() {
        return directory.resolve("join-tokens.json");
    }

    private JoinTokens open() {
        return new JoinTokens(file(), new SecureRandom(), clock, version -> {});
    }

    private static String make(JoinTokens tokens) {
        return tokens.make(NODE, LIFETIME).orElseThrow().secret();
    }

    private static Refusal denied(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Denied.class);
        return ((Verdict.Denied) verdict).refusal();
    }
}
