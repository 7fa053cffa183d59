/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimeTest {

    private static final long DEADLINE_SECONDS = 20;

    @Test
    void backsOffWithinItsLawFromFirstToLongest() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), new Random(7));
        Duration ceiling = Duration.ofMillis(100);
        for (int i = 0; i < 50; i++) {
            assertThat(backoff.next()).isBetween(ceiling.dividedBy(2), ceiling);
            Duration doubled = ceiling.multipliedBy(2);
            ceiling = doubled.compareTo(Duration.ofSeconds(2)) > 0 ? Duration.ofSeconds(2) : doubled;
        }
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void refusesABackoffThatWouldSpinOrShrink() {
        assertThatThrownBy(() -> Backoff.between(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Backoff.between(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void spreadsWithinTheFraction() {
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            assertThat(Jitter.spread(Duration.ofSeconds(100), 0.1, random))
                    .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(110));
        }
        assertThatThrownBy(() -> Jitter.spread(Duration.ofSeconds(1), 1.1, random))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runsTasksOnVirtualThreadsAndSurvivesOneThatThrows() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        AtomicBoolean virtual = new AtomicBoolean();
        try (SystemScheduler scheduler = new SystemScheduler()) {
            scheduler.every(Duration.ofMillis(1), () -> {
                virtual.set(Thread.currentThread().isVirtual());
                runs.countDown();
                throw new IllegalStateException("a task that fails on purpose");
            });

            assertThat(runs.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(virtual).isTrue();
    }

    @Test
    void runsATaskAgainThatEndedWithAnError() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        try (SystemScheduler scheduler = new SystemScheduler()) {
            scheduler.every(Duration.ofMillis(1), () -> {
                runs.countDown();
                throw new StackOverflowError("a task that fails on purpose");
            });

            assertThat(runs.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void letsATaskCancelItself() throws InterruptedException {
        List<Integer> runs = new ArrayList<>();
        CountDownLatch later = new CountDownLatch(1);
        try (SystemScheduler scheduler = new SystemScheduler()) {
            AtomicReference<Cancellable> self = new AtomicReference<>(() -> {});
            CountDownLatch armed = new CountDownLatch(1);
            self.set(scheduler.every(Duration.ofMillis(1), () -> {
                await(armed);
                runs.add(1);
                self.get().cancel();
                scheduler.after(Duration.ofMillis(50), later::countDown);
            }));
            armed.countDown();
            assertThat(later.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runs).hasSize(1);
    }

    @Test
    void runsNothingAfterItIsClosed() {
        AtomicBoolean ran = new AtomicBoolean();
        SystemScheduler scheduler = new SystemScheduler();
        scheduler.close();

        scheduler.now(() -> ran.set(true)).cancel();

        assertThat(ran).isFalse();
    }

    @Test
    void theManualTwinRunsWhatFallsDueInOrder() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        ManualScheduler scheduler = new ManualScheduler(clock);
        List<String> ran = new ArrayList<>();
        scheduler.every(
                Duration.ofSeconds(2), () -> ran.add("every@" + clock.instant().getEpochSecond()));
        scheduler.after(
                Duration.ofSeconds(3), () -> ran.add("once@" + clock.instant().getEpochSecond()));
        scheduler.after(Duration.ofSeconds(1), () -> ran.add("never")).cancel();

        scheduler.advance(Duration.ofSeconds(5));

        assertThat(ran).containsExactly("every@2", "once@3", "every@4");
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(scheduler.untilNext()).hasValue(Duration.ofSeconds(1));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
