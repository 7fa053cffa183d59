/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.helpers.NOPAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The logs of every Hanse process, set up when Logback starts, which finds this through its service file. By code, because
 * a configuration file costs an XML parser and some hundred classes in each process. System properties:
 *
 * <ul>
 *   <li>{@code hanse.log.format}: {@code text} (default) or {@code json}, log lines on standard error
 *   <li>{@code hanse.log.level}: level of our own loggers, default {@code INFO}; Logback's names, another is {@code INFO}
 *   <li>{@code hanse.access}: {@code stdout} (default), {@code file} or {@code off}; access log, one JSON object per line
 *   <li>{@code hanse.access.file}: path of the access log when {@code hanse.access} is {@code file}
 * </ul>
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetUp extends ContextAwareBase implements Configurator {

    private static final String TEXT =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg %kvp{NONE} \\(%logger{0}\\)%n%ex";

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        Logger access = logs.getLogger(LogKeys.ACCESS_LOGGER);
        access.setLevel(Level.INFO);
        access.setAdditive(false);
        access.addAppender(handOff("access", accessLines(System.getProperty("hanse.access", "stdout"))));

        logs.getLogger("io.hanse").setLevel(Level.toLevel(System.getProperty("hanse.log.level"), Level.INFO));
        // A caller decides how often it says that a message is too long; that is counted where it is bounded.
        logs.getLogger("io.grpc.netty.NettyServerStream").setLevel(Level.ERROR);
        // Vert.x takes the loop of a server away before it closes its socket; whoever connects in between would be a
        // warning with a stack trace at each end of a process.
        logs.getLogger("io.netty.bootstrap.ServerBootstrap").setLevel(Level.ERROR);
        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(handOff("process", processLines(System.getProperty("hanse.log.format", "text"))));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private Appender<ILoggingEvent> accessLines(String where) {
        return switch (where) {
            case "off" -> ready("access-off", new NOPAppender<>());
            case "file" -> {
                FileAppender<ILoggingEvent> file = new FileAppender<>();
                file.setFile(System.getProperty("hanse.access.file", "access.log"));
                yield writing("access-file", file, new JsonLogEncoder(true));
            }
            default -> console("access-stdout", "System.out", new JsonLogEncoder(true));
        };
    }

    private Appender<ILoggingEvent> processLines(String format) {
        if ("json".equals(format)) {
            return console("log-json", "System.err", new JsonLogEncoder(false));
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(TEXT);
        return console("log-text", "System.err", text);
    }

    private Appender<ILoggingEvent> console(String name, String stream, Encoder<ILoggingEvent> encoder) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget(stream);
        return writing(name, console, encoder);
    }

    private Appender<ILoggingEvent> writing(
            String name, OutputStreamAppender<ILoggingEvent> appender, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(getContext());
        encoder.start();
        appender.setEncoder(encoder);
        return ready(name, appender);
    }

    /** Who logs never waits for a terminal or a disk; what finds no room is counted (hanse_log_dropped_total). */
    private Appender<ILoggingEvent> handOff(String name, Appender<ILoggingEvent> inside) {
        LogHandOff handOff = new LogHandOff();
        handOff.addAppender(inside);
        return ready(name, handOff);
    }

    private Appender<ILoggingEvent> ready(String name, Appender<ILoggingEvent> appender) {
        appender.setContext(getContext());
        appender.setName(name);
        appender.start();
        return appender;
    }
}
