/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.netty.handler.codec.http2.Http2Exception;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What libraries say through java.util.logging (gRPC does), said through our log. Its own console handler would be written
 * by whoever logs, event loops too.
 */
final class LibraryLog extends Handler {

    private static final SimpleFormatter FORMATTER = new SimpleFormatter();

    private LibraryLog() {}

    /** The only handler of the process from here on. */
    static void takeOver() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new LibraryLog());
    }

    @Override
    public void publish(LogRecord line) {
        // gRPC warns, with a stack trace, of a stream that ended before all was written: peers do that, as often as
        // they like.
        boolean usual = line.getThrown() instanceof Http2Exception.StreamException;
        LoggerFactory.getLogger(line.getLoggerName() == null ? "" : line.getLoggerName())
                .atLevel(usual ? Level.DEBUG : level(line.getLevel().intValue()))
                .setCause(line.getThrown())
                .log(FORMATTER.formatMessage(line));
    }

    private static Level level(int value) {
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        return value >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
    }

    @Override
    public void flush() {
        // Nothing is held here.
    }

    @Override
    public void close() {
        // Nothing is held here.
    }
}
