/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.transport.hbone;

import io.hanse.transport.h2.H2Limits;
import java.time.Duration;

/**
 * Bounds of an HBONE server or pool beside those of HTTP/2.
 *
 * @param h2 per connection
 * @param maxConnections TCP connections a server holds at once, also those in handshake or passed through; one costs
 *     about 50 KB idle
 * @param maxHandshakes of these, connections whose peer has not proved who it is: strangers must not crowd out peers
 * @param maxPerPeer of these, connections of one identity: no peer may crowd out the others
 * @param maxPassThrough of these, connections passed through; they are not authenticated, so they may not crowd out HBONE
 * @param clientHello time to send a ClientHello; bounds silent connections
 * @param handshake TCP connect done, until HTTP/2 SETTINGS have come
 * @param connect TCP connect to an application, endpoint or gateway
 * @param answer time an acceptor has to answer, and a client waits for an answer to CONNECT, or for room on connections
 *     that are up; above {@code connect}
 * @param streamsPerConnection tunnels a pool puts on one connection, if the peer allows as many
 * @param connectionsPerKey connections a pool holds per key and event loop
 * @param waitingPerKey requests that wait for a dial, per key and event loop; more are refused LIMIT_EXCEEDED
 * @param poolIdle a pooled connection without tunnels is closed after this
 */
public record HboneLimits(
        H2Limits h2,
        int maxConnections,
        int maxHandshakes,
        int maxPerPeer,
        int maxPassThrough,
        Duration clientHello,
        Duration handshake,
        Duration connect,
        Duration answer,
        int streamsPerConnection,
        int connectionsPerKey,
        int waitingPerKey,
        Duration poolIdle) {

    /** The defaults; README.md has the table. */
    public static HboneLimits defaults() {
        return new HboneLimits(
                H2Limits.defaults(),
                10_000,
                2_000,
                5_000,
                1_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                100,
                64,
                10_000,
                Duration.ofMinutes(5));
    }

    /** The same with other HTTP/2 bounds. */
    public HboneLimits withH2(H2Limits other) {
        return new HboneLimits(
                other,
                maxConnections,
                maxHandshakes,
                maxPerPeer,
                maxPassThrough,
                clientHello,
                handshake,
                connect,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }

    /** The same with another bound on a TCP connect. */
    public HboneLimits withConnect(Duration other) {
        return new HboneLimits(
                h2,
                maxConnections,
                maxHandshakes,
                maxPerPeer,
                maxPassThrough,
                clientHello,
                handshake,
                other,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }

    /** The same with another pool shape. */
    public HboneLimits withPool(int streams, int connections, Duration idle) {
        return new HboneLimits(
                h2,
                maxConnections,
                maxHandshakes,
                maxPerPeer,
                maxPassThrough,
                clientHello,
                handshake,
                connect,
                answer,
                streams,
                connections,
                waitingPerKey,
                idle);
    }

    /** The same with another bound on TCP connections. */
    public HboneLimits withMaxConnections(int other) {
        return new HboneLimits(
                h2,
                other,
                Math.min(maxHandshakes, other),
                Math.min(maxPerPeer, other),
                Math.min(maxPassThrough, other),
                clientHello,
                handshake,
                connect,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }

    /** The same with other bounds on what a stranger may cost; a ClientHello never has longer than the handshake. */
    public HboneLimits withHandshakes(int atOnce, Duration time) {
        return new HboneLimits(
                h2,
                maxConnections,
                Math.min(atOnce, maxConnections),
                maxPerPeer,
                maxPassThrough,
                clientHello.compareTo(time) < 0 ? clientHello : time,
                time,
                connect,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }

    /** The same with another bound on connections passed through. */
    public HboneLimits withMaxPassThrough(int other) {
        return new HboneLimits(
                h2,
                maxConnections,
                maxHandshakes,
                maxPerPeer,
                Math.min(other, maxConnections),
                clientHello,
                handshake,
                connect,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }

    /** The same with another bound on the connections of one identity. */
    public HboneLimits withMaxPerPeer(int other) {
        return new HboneLimits(
                h2,
                maxConnections,
                maxHandshakes,
                Math.min(other, maxConnections),
                maxPassThrough,
                clientHello,
                handshake,
                connect,
                answer,
                streamsPerConnection,
                connectionsPerKey,
                waitingPerKey,
                poolIdle);
    }
}
