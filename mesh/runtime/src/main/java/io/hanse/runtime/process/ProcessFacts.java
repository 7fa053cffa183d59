/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import java.time.Instant;
import java.util.List;

/**
 * What {@code <runDirectory>/<instance>.json} says of a running process.
 *
 * @param control its control socket
 * @param metrics {@code host:port} of its metrics and readiness
 * @param addresses what it listens on for others
 */
record ProcessFacts(String role, long pid, String control, String metrics, List<Address> addresses, Instant startedAt) {

    record Address(String wire, String address) {}

    ProcessFacts {
        addresses = List.copyOf(addresses);
    }

    static List<Address> addresses(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> new Address(listener.wire(), listener.address().toString()))
                .toList();
    }
}
