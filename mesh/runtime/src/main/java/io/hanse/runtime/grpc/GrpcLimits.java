/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import java.time.Duration;

/**
 * How much one listener takes.
 *
 * @param maxInboundBytes of one message
 * @param maxConnections of one listener; calls on further ones are refused
 * @param maxCalls in flight on one listener
 * @param maxCallsPerConnection in flight on one connection
 */
public record GrpcLimits(int maxInboundBytes, int maxConnections, int maxCalls, int maxCallsPerConnection) {

    /** 4 MiB: gRPC's usual bound; a request to a control plane is a few KiB. */
    public static final int USUAL_INBOUND_BYTES = 4 * 1024 * 1024;
    /** 64 MiB: the first answer of delta xDS with 100,000 endpoints of some 500 bytes fits. */
    public static final int CATALOG_INBOUND_BYTES = 64 * 1024 * 1024;

    /** A peer across the world needs a few round trips; a stalled one must not keep a socket. */
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    /** Half-open connections are noticed within a minute (Istio's 30 s / 10 s). */
    static final Duration KEEPALIVE = Duration.ofSeconds(30);

    static final Duration KEEPALIVE_ANSWER = Duration.ofSeconds(10);
    /** Clients that ping at our own rate must not be told off for a little jitter. */
    static final Duration FASTEST_CLIENT_KEEPALIVE = Duration.ofSeconds(10);
    /** 16 KiB: a bearer token and a few headers. */
    static final int MAX_METADATA_BYTES = 16 * 1024;

    public GrpcLimits {
        if (maxInboundBytes < 1 || maxConnections < 1 || maxCalls < 1 || maxCallsPerConnection < 1) {
            throw new IllegalArgumentException(
                    "limits: %d bytes, %d connections, %d calls, %d per connection (expected: 1 or more)"
                            .formatted(maxInboundBytes, maxConnections, maxCalls, maxCallsPerConnection));
        }
    }

    /** 4 MiB messages; 4,096 connections (2,000 nodes with room); 16,384 calls; 256 on one connection. */
    public static GrpcLimits defaults() {
        return new GrpcLimits(USUAL_INBOUND_BYTES, 4096, 16_384, 256);
    }

    /** These with another bound on one message. */
    public GrpcLimits withMaxInboundBytes(int bytes) {
        return new GrpcLimits(bytes, maxConnections, maxCalls, maxCallsPerConnection);
    }
}
