/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import io.hanse.cli.directory.Loopback;
import io.hanse.cli.directory.NewCluster;
import io.hanse.cli.directory.Role;
import io.hanse.cli.run.Child;
import io.hanse.cli.run.Installation;
import io.hanse.cli.time.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two clusters and the applications beside them. Main thread; {@link #close} on any, any number of times. */
final class DemoWorld implements AutoCloseable {

    private static final String LUBECK = "lubeck";
    private static final String BERGEN = "bergen";
    private static final String VISBY = "visby";
    private static final List<String> NAMES = List.of(LUBECK, BERGEN, VISBY);

    private static final Duration BACKEND_END = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Path folder;
    private final Installation installation;
    private final Pace pace;
    private final Sweeper sweeper;
    private final DemoCluster lubeck;
    private final DemoCluster bergen;
    private final DemoCluster visby;
    private final List<Child> backends = new ArrayList<>();
    private boolean ending;

    /** Refuses a folder in which there is something of the names that the demo makes. */
    static void check(Path folder) {
        NAMES.forEach(name -> NewCluster.check(folder.resolve(name)));
    }

    DemoWorld(Path folder, Sweeper sweeper, Installation installation, Pace pace) {
        this.folder = folder;
        this.installation = installation;
        this.pace = pace;
        this.sweeper = sweeper;
        Loopback first = Loopback.free(folder + "/" + LUBECK);
        this.lubeck = DemoCluster.make(folder, LUBECK, first, installation, pace);
        this.bergen = DemoCluster.make(folder, BERGEN, first.next(), installation, pace);
        this.visby = DemoCluster.make(
                folder, VISBY, bergen.trustDomain(), first.next().next(), installation, pace);
    }

    DemoCluster lubeck() {
        return lubeck;
    }

    DemoCluster bergen() {
        return bergen;
    }

    /** The uninvited: its certificate authority signs for bergen.example too, with a root of its own. */
    DemoCluster visby() {
        return visby;
    }

    /** Starts visby's authority and gateway without waiting for them. */
    void launchVisby() {
        for (Role role : List.of(Role.SPIFFE_CA, Role.EAST_WEST_GATEWAY)) {
            sweeper.watch(visby.run().launch(role).pid());
        }
    }

    /** Waits until visby's gateway holds what visby's authority signed for it. */
    void awaitVisby() throws StepFailed {
        visby.run().awaitReady(Role.SPIFFE_CA);
        visby.run().giveTokens(List.of(Role.EAST_WEST_GATEWAY));
        eventually(
                "visby's gateway got no certificate of visby's authority",
                () -> Files.isRegularFile(visby.ownSvid(Role.EAST_WEST_GATEWAY)));
    }

    Path folder() {
        return folder;
    }

    /** Where the logs can be read after a failure: where they are if the folder stays, else a copy of them. */
    Path keepLogs(@Nullable Path staying) {
        if (staying != null) {
            return folder;
        }
        try {
            Path kept = Files.createTempDirectory("hanse-demo-logs-");
            for (DemoCluster cluster : List.of(lubeck, bergen)) {
                Path logs = cluster.directory().root().resolve("log");
                try (Stream<Path> files = Files.list(logs)) {
                    for (Path file : files.toList()) {
                        Files.copy(file, kept.resolve(cluster.name() + "-" + file.getFileName()));
                    }
                }
            }
            return kept;
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE, "the logs cannot be copied: " + e.getMessage(), "", "run it with --dir");
        }
    }

    Pace pace() {
        return pace;
    }

    /** Starts all processes of both clusters. */
    void startClusters() {
        for (DemoCluster cluster : List.of(bergen, lubeck)) {
            cluster.run().launchAll();
            cluster.run().all().forEach(child -> sweeper.watch(child.pid()));
        }
        awaitBoth();
    }

    /** Waits for both clusters at once: each gives out its join tokens as soon as its own authority answers. */
    void awaitBoth() {
        Future<Boolean> other = pace.beside("await-bergen", () -> {
            bergen.run().awaitReady();
            return true;
        });
        lubeck.run().awaitReady();
        try {
            other.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CliFailure failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliFailure.interrupted();
        }
    }

    /** Starts one process again. */
    void restart(DemoCluster cluster, Role role) {
        sweeper.watch(cluster.run().launch(role).pid());
    }

    /** Starts the application of a cluster and waits until it answers its own address. */
    Child startBackend(DemoCluster cluster) throws StepFailed {
        String address = cluster.backendAddress();
        Child backend = launchBackend(cluster, address);
        eventually(
                "the application in %s does not answer".formatted(cluster.name()),
                () -> Call.get(Call.at(address, DemoManifests.BACKEND_PORT)).isFrom(cluster.name()));
        return backend;
    }

    private Child launchBackend(DemoCluster cluster, String address) {
        synchronized (backends) {
            if (ending) {
                throw CliFailure.interrupted();
            }
            Child backend = Child.start(
                    "api-server of " + cluster.name(),
                    installation.application(
                            Backend.class,
                            List.of(
                                    address,
                                    Integer.toString(DemoManifests.BACKEND_PORT),
                                    cluster.name(),
                                    folder.toString())),
                    folder,
                    cluster.directory().root().resolve("log").resolve("api-server.log"));
            sweeper.watch(backend.pid());
            backends.add(backend);
            return backend;
        }
    }

    /** Waits until something holds. */
    void eventually(String otherwise, java.util.function.BooleanSupplier condition) throws StepFailed {
        StepFailed.unless(pace.until(PATIENCE, POLL, condition), otherwise + ", for " + PATIENCE.toSeconds() + "s");
    }

    /** Every application that was started and still runs. */
    List<Child> backends() {
        synchronized (backends) {
            return backends.stream().filter(Child::isAlive).toList();
        }
    }

    @Override
    public void close() {
        synchronized (backends) {
            ending = true;
        }
        List<Child> last = backends();
        last.forEach(Child::terminate);
        lubeck.run().all().forEach(Child::terminate);
        visby.run().all().forEach(Child::kill);
        visby.run().close();
        bergen.run().close();
        lubeck.run().close();
        last.forEach(backend -> backend.awaitEnd(BACKEND_END));
    }
}
