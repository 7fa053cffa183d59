/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.model.catalog.ServiceName;
import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.SpiffeId;
import java.time.Instant;

/** A call that was let in and lasts. Compared by identity. */
final class Tunnel {

    final long number;
    final Cluster client;
    final Cluster server;
    final SpiffeId caller;
    final ServiceName service;
    final Workload endpoint;
    final Instant since;

    Tunnel(
            long number,
            Cluster client,
            Cluster server,
            SpiffeId caller,
            ServiceName service,
            Workload endpoint,
            Instant since) {
        this.number = number;
        this.client = client;
        this.server = server;
        this.caller = caller;
        this.service = service;
        this.endpoint = endpoint;
        this.since = since;
    }

    boolean isForeign() {
        return client != server;
    }

    @Override
    public String toString() {
        return "tunnel %d of %s to %s in %s".formatted(number, caller, service, server.name());
    }
}
