/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.run.Child;
import io.hanse.cli.run.Installation;
import io.hanse.cli.run.StartCaches;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A short run of one cluster with calls through its proxy, for the JVMs to learn from: when they end, each leaves a cache by
 * which the next one of its role starts quicker. On loopback, in a temporary folder; nothing of it is left.
 */
public final class Rehearsal {

    private static final String NAME = "rehearsal";

    /** Enough that all a call needs was loaded, and that the compilers know what is hot. */
    private static final int CALLS = 100;

    private static final Duration FIRST_CALL = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    /** A JVM writes its cache as it ends: seconds on a quiet machine. */
    private static final Duration WRITING = Duration.ofMinutes(2);

    private final Installation installation;
    private final Pace pace;

    /** A rehearsal of what is installed. */
    public Rehearsal(Installation installation, Pace pace) {
        this.installation = installation.rehearsing();
        this.pace = pace;
    }

    /** Runs it and puts the caches in place. */
    public void run() {
        Path folder = temporary();
        Sweeper sweeper = Sweeper.watch(folder, true);
        installation.startCaches().begin();
        DemoCluster cluster = DemoCluster.make(folder, NAME, Loopback.free(folder.toString()), installation, pace);
        Child server = Child.start(
                "server of the rehearsal",
                installation.application(
                        Backend.class,
                        List.of(
                                cluster.backendAddress(),
                                Integer.toString(DemoManifests.BACKEND_PORT),
                                NAME,
                                folder.toString())),
                folder,
                cluster.directory().root().resolve("log").resolve("server.log"));
        try {
            sweeper.watch(server.pid());
            cluster.manifests().service(Map.of());
            cluster.manifests().backend(cluster.backendAddress());
            cluster.manifests().client("frontend", cluster.frontendAddress());
            StartCaches.ROLES.forEach(cluster.run()::launch);
            cluster.run().all().forEach(child -> sweeper.watch(child.pid()));
            cluster.run().awaitReady();
            call(cluster);
        } finally {
            server.terminate();
            cluster.run().end(WRITING);
        }
        installation.startCaches().keep();
    }

    private void call(DemoCluster cluster) {
        boolean answered =
                pace.until(FIRST_CALL, POLL, () -> Call.get(cluster.frontend()).isFrom(NAME));
        for (int i = 0; i < CALLS && answered; i++) {
            answered = Call.get(cluster.frontend()).isFrom(NAME);
        }
        if (!answered) {
            throw new CliFailure(
                    ExitCode.PROBLEM,
                    "the rehearsal's calls were not answered",
                    "No start caches were made; everything works without them, and starts slower.",
                    "connect-clusters demo shows what does not work");
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("hanse-rehearsal-");
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "the rehearsal's folder cannot be made: " + e.getMessage(),
                    "Nothing was started.",
                    "set TMPDIR to a folder you can write");
        }
    }
}
