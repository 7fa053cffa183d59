/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.hostile;

import io.hanse.transport.h2.Limit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many who come at once, each on a connection of its own, and stay: until there are more than one limit allows.
 *
 * @param most how many the limit allows, as configured
 */
record Crowd(String name, Limit limit, int most, boolean gatewayOnly, Arrival arrival) {

    /** So many more come than are allowed. */
    private static final int MORE = 20;

    /** How one of them comes. */
    interface Arrival {
        Wire come(Target target, int number) throws IOException;
    }

    /** Those who do not even speak TLS. */
    static Crowd silent(int most) {
        return new Crowd(
                "TCP connections that say nothing",
                Limit.HANDSHAKES,
                most,
                false,
                (target, i) -> Wire.tcp(target.at()));
    }

    /** One peer alone. */
    static Crowd ofOne(int most, Passport peer) {
        return new Crowd(
                "connections of one peer",
                Limit.CONNECTIONS_PER_PEER,
                most,
                false,
                (target, i) -> greeted(target, peer));
    }

    /** Several peers, none of which has too many. */
    static Crowd ofPeers(int most, List<Passport> peers) {
        return new Crowd(
                "connections of several peers",
                Limit.CONNECTIONS,
                most,
                false,
                (target, i) -> greeted(target, peers.get(i % peers.size())));
    }

    /** Those who want to be passed through to the bundle endpoint. */
    static Crowd through(int most) {
        return new Crowd("connections to be passed through", Limit.PASS_THROUGH, most, true, (target, i) -> {
            Wire wire = Wire.tcp(target.at());
            wire.send(Passport.none().clientHello("bundle.hanse.internal"));
            return wire;
        });
    }

    private static Wire greeted(Target target, Passport peer) throws IOException {
        Wire wire = Wire.tls(target.at(), peer);
        wire.hello();
        return wire;
    }

    /** All come; those who got in. */
    List<Wire> come(Target target) {
        List<Wire> in = new ArrayList<>();
        for (int i = 0; i < most + MORE; i++) {
            try {
                in.add(arrival.come(target, i));
            } catch (IOException e) {
                // Turned away: what this is about.
            }
        }
        return in;
    }
}
