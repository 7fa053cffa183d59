/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogHandOffTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LoggerContext context = new LoggerContext();
    private final LogHandOff handOff = new LogHandOff();
    private final CountDownLatch disk = new CountDownLatch(1);
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final List<String> writers = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        AppenderBase<ILoggingEvent> slow = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                try {
                    disk.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                written.add(event.getFormattedMessage());
                writers.add(Thread.currentThread().getName());
            }
        };
        slow.setContext(context);
        slow.start();
        handOff.setContext(context);
        handOff.setName("test");
        handOff.addAppender(slow);
        handOff.start();
    }

    @AfterEach
    void stop() {
        disk.countDown();
        handOff.stop();
    }

    @Test
    void whoLogsDoesNotWaitForTheDiskAndTheOrderStays() throws InterruptedException {
        log("first");
        log("second");
        assertThat(written).isEmpty();

        disk.countDown();

        assertThat(handOff.flush(PATIENCE)).isTrue();
        assertThat(written).containsExactly("first", "second");
        assertThat(writers).containsOnly("log-test");
    }

    @Test
    void dropsAndCountsWhatFindsNoRoomAndServesOn() throws InterruptedException {
        for (int line = 0; line < LogHandOff.MAX_WAITING + 100; line++) {
            log("line " + line);
        }
        // One of them may be in the writer's hands and make room.
        assertThat(handOff.dropped()).isBetween(99.0, 100.0);

        disk.countDown();

        assertThat(handOff.flush(PATIENCE)).isTrue();
        log("after");
        assertThat(handOff.flush(PATIENCE)).isTrue();
        assertThat(written).contains("after").hasSize(LogHandOff.MAX_WAITING + 101 - (int) handOff.dropped());
    }

    @Test
    void writesTheLastLinesBeforeItStops() {
        log("last");
        disk.countDown();
        handOff.stop();
        assertThat(written).containsExactly("last");
    }

    private void log(String message) {
        handOff.doAppend(new LoggingEvent("x", context.getLogger("io.hanse.x"), Level.INFO, message, null, null));
    }
}
