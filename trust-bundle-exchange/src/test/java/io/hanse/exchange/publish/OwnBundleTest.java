/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.testing.Eventually;
import io.hanse.exchange.testing.Stores;
import io.hanse.model.bundle.BundleMap;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two threads that take over the own bundle at the same moment. */
final class OwnBundleTest {

    @TempDir
    private Path directory;

    private final TestAuthority old = TestAuthority.of("own.example");
    private final TestAuthority young = TestAuthority.of("own.example");

    @Test
    void neverPublishesAnOldBundleOverANewerOne() throws Exception {
        StateStore store = Stores.open(directory, old.trustDomain());
        SlowSource authority = new SlowSource();
        OwnBundle keeper = new OwnBundle(
                old.trustDomain(),
                Duration.ofMinutes(5),
                store,
                authority,
                new ManualScheduler(new ManualClock(Instant.now())),
                () -> {});

        Thread first = Thread.ofPlatform().start(keeper::refresh);
        assertThat(authority.asked.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        Thread second = Thread.ofPlatform().start(keeper::refresh);
        Eventually.holds(
                () -> second.getState() == Thread.State.BLOCKED || !second.isAlive(),
                () -> "the second neither waits nor ends");
        authority.answer.countDown();
        first.join();
        second.join();

        assertThat(store.current().own().orElseThrow().x509Authorities()).containsExactly(young.certificate());
    }

    /** Says what was true when it was asked; the first who asks waits for it. */
    private final class SlowSource implements BundleSource {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answer = new CountDownLatch(1);
        private final AtomicBoolean first = new AtomicBoolean(true);

        @Override
        public BundleMap current() {
            if (!first.getAndSet(false)) {
                return TestAuthority.bundles(young);
            }
            asked.countDown();
            try {
                assertThat(answer.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return TestAuthority.bundles(old);
        }

        @Override
        public Subscription onChange(Consumer<BundleMap> listener) {
            return () -> {};
        }
    }
}
