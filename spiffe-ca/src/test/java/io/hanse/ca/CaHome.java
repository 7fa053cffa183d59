/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca;

import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.files.PrivateDirectory;
import io.hanse.runtime.process.ProcessContext;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** A cluster's directory with a spiffe-ca, as the shell hands it to the wiring. */
final class CaHome {

    private CaHome() {}

    static void configure(Path directory) throws IOException {
        Files.writeString(directory.resolve("cluster.yaml"), """
                cluster: lubeck
                trustDomain: lubeck.example
                spiffe-ca:
                  listen: 127.0.0.1:0
                cluster-registry:
                  listen: 127.0.0.1:9
                """);
    }

    static ProcessContext context(Path directory, ManualScheduler scheduler, ManualClock clock, Vertx vertx)
            throws IOException {
        return context(directory, scheduler, clock, clock, vertx);
    }

    static ProcessContext context(Path directory, Scheduler scheduler, InstantSource clock, Ticker ticker, Vertx vertx)
            throws IOException {
        Section root = ConfigFile.read(directory.resolve("cluster.yaml")).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        Path state = PrivateDirectory.create(cluster.stateDirectory().resolve("spiffe-ca"));
        return new ProcessContext(
                "spiffe-ca",
                "spiffe-ca",
                Optional.empty(),
                cluster,
                root.section("spiffe-ca"),
                new Readiness(clock),
                new ControlApi(),
                new SimpleMeterRegistry(),
                scheduler,
                clock,
                ticker,
                vertx,
                state);
    }
}
