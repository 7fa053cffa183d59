/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A way to the backend.
 *
 * @param name what the table calls it
 * @param target where to connect
 * @param proxies the processes between the two ends, in the order a call meets them
 */
record Way(String name, InetSocketAddress target, List<Proxy> proxies) {

    /**
     * A process on the way.
     *
     * @param metrics where it tells its metrics, {@code host:port}; empty if it has none
     */
    record Proxy(String name, long pid, String metrics) {}

    Way {
        proxies = List.copyOf(proxies);
    }

    /** Bytes of heap that all of them have asked for so far; 0 without a JVM. */
    double allocatedBytes() {
        return proxies.stream()
                .map(Proxy::metrics)
                .filter(metrics -> !metrics.isEmpty())
                .mapToDouble(Scrape::allocatedBytes)
                .sum();
    }

    List<Long> pids() {
        return proxies.stream().map(Proxy::pid).toList();
    }
}
