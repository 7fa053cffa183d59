/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.cluster;

import io.hanse.cli.directory.Loopback;
import io.hanse.cli.run.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Some clusters and what belongs to them, in a temporary folder. Everything ends with {@link #close}, and with the JVM,
 * however that ends: each process watches its parent. The folder goes, unless {@link #keep} was called meanwhile.
 *
 * <pre>{@code
 * try (World world = World.make("example")) {
 *     Cluster lubeck = world.add(Settings.named("lubeck"));
 *     Cluster bergen = world.add(Settings.named("bergen").nodes(2));
 *     world.start();
 *     bergen.connect(lubeck);
 * }
 * }</pre>
 */
public final class World implements AutoCloseable {

    private static final Set<World> OPEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Installation installation;
    private final List<Cluster> clusters = new ArrayList<>();
    private final Deque<AutoCloseable> belongings = new ArrayDeque<>();
    private volatile boolean kept;

    private World(Path folder, Installation installation) {
        this.folder = folder;
        this.installation = installation;
    }

    /** An empty world. */
    public static World make(String name) {
        try {
            World world = new World(Files.createTempDirectory("hanse-" + name + "-"), Installed.product());
            OPEN.add(world);
            return world;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it all is. */
    public Path folder() {
        return folder;
    }

    /** Makes a cluster, on a loopback range of its own. Nothing is started. */
    public synchronized Cluster add(Settings settings) {
        Loopback range = clusters.isEmpty()
                ? Loopback.free(folder.toString())
                : clusters.getLast().range().next();
        Cluster cluster = new Cluster(folder.resolve(settings.name()), settings, range, installation, this::clusterOf);
        clusters.add(cluster);
        return cluster;
    }

    /** Starts every cluster that does not run, all at once, and waits until all are ready. */
    public void start() {
        List<Cluster> starting = clusters().stream()
                .filter(cluster -> cluster.processes().stream().noneMatch(ClusterProcess::isAlive))
                .toList();
        try {
            starting.forEach(Cluster::launch);
            List<Future<Boolean>> waits = starting.stream()
                    .map(cluster -> Await.beside("await " + cluster, () -> {
                        cluster.awaitReady();
                        return true;
                    }))
                    .toList();
            waits.forEach(Await::join);
        } catch (RuntimeException | Error e) {
            keep();
            throw e;
        }
    }

    /** Every cluster. */
    public synchronized List<Cluster> clusters() {
        return List.copyOf(clusters);
    }

    /** Has something end with this world, before the clusters do. */
    public synchronized <T extends AutoCloseable> T owns(T belonging) {
        belongings.push(belonging);
        return belonging;
    }

    /** Something failed: the folder stays when this world ends, for who must find out why. */
    public void keep() {
        if (!kept) {
            kept = true;
            System.err.println("The logs of what failed stay in " + folder + "/*/log");
        }
    }

    /** {@link #keep} for every world of this JVM that is open: a test failed. */
    public static void keepAll() {
        OPEN.forEach(World::keep);
    }

    @Override
    public void close() {
        OPEN.remove(this);
        List<AutoCloseable> ending;
        synchronized (this) {
            ending = List.copyOf(belongings);
            belongings.clear();
        }
        for (AutoCloseable belonging : ending) {
            try {
                belonging.close();
            } catch (Exception e) {
                System.err.println(belonging + " did not end: " + e);
            }
        }
        List<Future<Boolean>> ends = clusters().stream()
                .map(cluster -> Await.beside("end " + cluster, () -> {
                    cluster.close();
                    return true;
                }))
                .toList();
        ends.forEach(Await::join);
        if (!kept) {
            remove();
        }
    }

    private String clusterOf(long pid) {
        return clusters().stream()
                .filter(cluster ->
                        cluster.processes().stream().anyMatch(process -> process.isAlive() && process.pid() == pid))
                .map(Cluster::name)
                .findFirst()
                .orElse("");
    }

    private void remove() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(folder + " is not quite removed: " + e);
        }
    }
}
