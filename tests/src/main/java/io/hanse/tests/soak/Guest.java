/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.soak;

import io.hanse.tests.cluster.Await;
import io.hanse.tests.cluster.Call;
import io.hanse.tests.cluster.Cluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster that joins another, calls it, leaves it and is refused, again and again. One thread. */
final class Guest implements Runnable {

    private static final Duration AWAY = Duration.ofSeconds(2);

    private final Cluster host;
    private final Cluster guest;
    private final InetSocketAddress listener;
    private final AtomicInteger visits = new AtomicInteger();

    Guest(Cluster host, Cluster guest, InetSocketAddress listener) {
        this.host = host;
        this.guest = guest;
        this.listener = listener;
    }

    /** Once. */
    @Override
    public void run() {
        host.connect(guest);
        Await.until("the guest is answered", () -> Call.get(listener).isFrom(host.name()));
        if (visits.get() % 2 == 0) {
            guest.disconnect(host);
        } else {
            host.disconnect(guest);
        }
        Await.until("the guest is refused", () -> Call.get(listener) instanceof Call.Failed);
        Await.until("both have forgotten each other", () -> !host.holdsBundleOf(guest) && !guest.holdsBundleOf(host));
        visits.incrementAndGet();
        Await.pass(AWAY);
    }

    int visits() {
        return visits.get();
    }
}
