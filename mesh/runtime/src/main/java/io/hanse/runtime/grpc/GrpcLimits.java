/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.grpc;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * How much one listener takes.
 *
 * @param maxInboundBytes of one message
 * @param maxConnections of one listener with an SVID; further ones are closed after their handshake
 * @param maxConnectionsPerPeer of one SPIFFE ID, so that one member cannot keep out the others
 * @param maxStrangers connections without an SVID, where that is allowed; they take no other's place
 * @param strangerAge after which a connection without an SVID is closed, whatever goes on in it
 * @param maxCalls in flight on one listener
 * @param maxCallsPerConnection in flight on one connection
 */
public record GrpcLimits(
        int maxInboundBytes,
        int maxConnections,
        int maxConnectionsPerPeer,
        int maxStrangers,
        Duration strangerAge,
        int maxCalls,
        int maxCallsPerConnection) {

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
        int least = IntStream.of(
                        maxInboundBytes,
                        maxConnections,
                        maxConnectionsPerPeer,
                        maxStrangers,
                        maxCalls,
                        maxCallsPerConnection)
                .min()
                .orElseThrow();
        if (least < 1 || !strangerAge.isPositive()) {
            throw new IllegalArgumentException("limits: %d at the least, strangers for %s (expected: 1 or more, a time)"
                    .formatted(least, strangerAge));
        }
    }

    /**
     * 4 MiB messages; 4,096 connections (2,000 nodes with room), 64 of one peer (a node keeps a handful, restarts
     * overlap); 256 without an SVID for 30 s (a joining is one call of 10 s at most); 16,384 calls; 256 on one connection.
     */
    public static GrpcLimits defaults() {
        return new GrpcLimits(USUAL_INBOUND_BYTES, 4096, 64, 256, Duration.ofSeconds(30), 16_384, 256);
    }

    /** These with another bound on one message. */
    public GrpcLimits withMaxInboundBytes(int bytes) {
        return new GrpcLimits(
                bytes,
                maxConnections,
                maxConnectionsPerPeer,
                maxStrangers,
                strangerAge,
                maxCalls,
                maxCallsPerConnection);
    }
}
