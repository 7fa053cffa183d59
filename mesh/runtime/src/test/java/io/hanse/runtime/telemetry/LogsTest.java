/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LogsTest {

    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final Logger libraries = (Logger) LoggerFactory.getLogger("io.library");

    @BeforeEach
    void begin() {
        Logs.begin();
        seen.start();
        libraries.addAppender(seen);
    }

    @AfterEach
    void stop() {
        libraries.detachAppender(seen);
    }

    @Test
    @DisplayName("what a library says through java.util.logging is in our log, and on no console handler of its own")
    void takesOverTheLogOfLibraries() {
        java.util.logging.Logger.getLogger("io.library.part")
                .log(java.util.logging.Level.WARNING, "a library {0}", "warns");

        assertThat(seen.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("a library warns");
        assertThat(java.util.logging.Logger.getLogger("").getHandlers())
                .extracting(handler -> handler.getClass().getSimpleName())
                .containsExactly("LibraryLog");
    }

    @Test
    @DisplayName("a stream that a peer ended before all was written is no warning, however often it does that")
    void leavesOutWhatPeersMayDo() {
        java.util.logging.Logger library = java.util.logging.Logger.getLogger("io.library.part");
        libraries.setLevel(Level.INFO);
        library.log(
                java.util.logging.Level.WARNING,
                "Stream Error",
                Http2Exception.streamError(
                        1, Http2Error.INTERNAL_ERROR, "Stream closed before write could take place"));
        library.log(java.util.logging.Level.WARNING, "a bug", new IllegalStateException("a bug"));

        assertThat(seen.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("a bug");
    }

    @Test
    void countsWhatIsDroppedForLogAndAccessLog() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Logs.count(registry);

        assertThat(registry.find("hanse.log.dropped").functionCounters())
                .extracting(counter -> String.valueOf(counter.getId().getTag("log")))
                .containsExactlyInAnyOrder("access", "process");
    }
}
