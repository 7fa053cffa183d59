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
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A policy that lets a second caller in and out, each time until it is so. One thread. */
final class PolicyChanges implements Runnable {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Cluster server;
    private final String app;
    private final String[] always;
    private final String sometimes;
    private final InetSocketAddress listener;
    private final AtomicInteger changes = new AtomicInteger();

    /**
     * @param sometimes the principal that is let in and out
     * @param listener where it calls
     */
    PolicyChanges(Cluster server, String app, String[] always, String sometimes, InetSocketAddress listener) {
        this.server = server;
        this.app = app;
        this.always = always.clone();
        this.sometimes = sometimes;
        this.listener = listener;
    }

    /** In and out once. */
    @Override
    public void run() {
        server.manifests().onlyFrom(app, always);
        Await.until("the policy refuses", () -> Call.get(listener) instanceof Call.Failed);
        String[] all = Arrays.copyOf(always, always.length + 1);
        all[always.length] = sometimes;
        server.manifests().onlyFrom(app, all);
        Await.until("the policy lets in", () -> Call.get(listener) instanceof Call.Answered);
        changes.addAndGet(2);
        Await.pass(PAUSE);
    }

    int changes() {
        return changes.get();
    }
}
