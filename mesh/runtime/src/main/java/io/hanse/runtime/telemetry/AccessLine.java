/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.reason.ReasonCode;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line of the access log, built fact by fact. An absent fact leaves no key. Any thread, one thread each. */
public final class AccessLine {

    private static final Logger ACCESS = LoggerFactory.getLogger(LogKeys.ACCESS_LOGGER);

    private LoggingEventBuilder event;

    private AccessLine(LoggingEventBuilder event) {
        this.event = event;
    }

    /**
     * A line about a call that went in {@code direction} and ended with {@code reason}.
     *
     * @param direction {@code inbound}, {@code outbound} or {@code gateway}
     */
    public static AccessLine of(String direction, ReasonCode reason) {
        return new AccessLine(ACCESS.atInfo())
                .with(LogKeys.DIRECTION, direction)
                .with(LogKeys.REASON_CODE, reason.name());
    }

    /** Adds a fact; an empty text is no fact. */
    public AccessLine with(String key, Object value) {
        if (!(value instanceof String text && text.isEmpty())) {
            event = event.addKeyValue(key, value);
        }
        return this;
    }

    /** Adds a fact if there is one. */
    public AccessLine with(String key, Optional<?> value) {
        return value.isPresent() ? with(key, value.get()) : this;
    }

    /** Adds an address as {@code ip:port}. */
    public AccessLine with(String key, InetSocketAddress address) {
        return with(key, HostPort.of(address));
    }

    /** Writes the line. */
    public void log(String message) {
        event.log(message);
    }
}
