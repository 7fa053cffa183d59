/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** What is counted of a bundle endpoint; label {@code profile} has two values. */
final class EndpointMeters {

    private final Counter served;
    private final Counter unavailable;
    private final Counter refused;

    EndpointMeters(MeterRegistry registry, String profile, AtomicInteger connections, IntSupplier posts) {
        // Nobody else holds it: a gauge that holds it weakly shows NaN after a collection.
        Gauge.builder("hanse.exchange.posts", posts, IntSupplier::getAsInt)
                .strongReference(true)
                .description("POSTs of peers in work at a bundle endpoint")
                .tag("profile", profile)
                .register(registry);
        Gauge.builder("hanse.exchange.connections", connections, AtomicInteger::get)
                .description("Open connections to a bundle endpoint")
                .tag("profile", profile)
                .register(registry);
        this.served = requests(registry, profile, "200");
        this.unavailable = requests(registry, profile, "503");
        this.refused = Counter.builder("hanse.exchange.connections.refused")
                .description("Connections to a bundle endpoint beyond the limit")
                .tag("profile", profile)
                .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String profile, String status) {
        return Counter.builder("hanse.exchange.bundle.requests")
                .description("Requests for the own bundle")
                .tag("profile", profile)
                .tag("status", status)
                .register(registry);
    }

    void served(int status) {
        (status == 200 ? served : unavailable).increment();
    }

    void refused() {
        refused.increment();
    }
}
