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

    /** A process on the way. */
    record Proxy(String name, long pid) {}

    Way {
        proxies = List.copyOf(proxies);
    }

    List<Long> pids() {
        return proxies.stream().map(Proxy::pid).toList();
    }
}
