/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.hanse.model.catalog.Workload;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.InWords;
import io.hanse.runtime.files.PassableDirectory;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.BundleSource;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Workload API of a node: {@code <namespace>.<name>.sock}, each for one workload, and {@code agent.sock}, where the
 * caller's own facts decide; in a folder that every user may pass. A socket that cannot be made is reported and shown; the
 * others serve.
 *
 * <p>{@link #publish} and {@link #drain} take turns and block; {@link #changed} may be called on any thread.
 */
public final class WorkloadApi {

    private static final Logger LOG = LoggerFactory.getLogger(WorkloadApi.class);

    /** How long a caller without an identity is kept waiting before it is refused. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final String OWNER_ONLY = "rw-------";

    /** Anybody may connect where selectors decide: who they are is what is found out. */
    private static final String EVERYBODY = "rw-rw-rw-";

    private final Path directory;
    private final WorkloadService.Parts parts;
    private final Attestor attestor;
    private final EventLoopGroup group;
    private final SocketServer.Shared shared;
    private final Map<Path, SocketServer> sockets = new TreeMap<>();
    private final Map<Path, String> problems = new ConcurrentHashMap<>();
    private boolean begun;
    private volatile Map<String, Workload> workloads = Map.of();

    /**
     * Serves nobody yet.
     *
     * @param directory where the sockets are made; it becomes one that every user may pass
     */
    public WorkloadApi(
            Path directory,
            TrustDomain own,
            IdentityView identities,
            BundleSource bundles,
            JwtMinter minter,
            CallAdmission admission,
            Scheduler scheduler,
            InstantSource clock) {
        this.directory = directory;
        this.parts =
                new WorkloadService.Parts(own, identities, bundles, minter, new PushStreams(scheduler, GRACE), clock);
        this.attestor = new Attestor(ownUid());
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("workload-api", true), EpollIoHandler.newFactory());
        this.shared = new SocketServer.Shared(group, task -> scheduler.now(task), admission);
    }

    /** Where a workload's socket is. */
    public Path socketOf(Workload workload) {
        return directory.resolve(name(workload) + ".sock");
    }

    /** Serves these workloads, and no others. */
    public synchronized void publish(List<Workload> local) {
        Map<String, Workload> next = new TreeMap<>();
        local.forEach(workload -> next.put(name(workload), workload));
        workloads = next;
        begin();
        // Streams of a workload that left are told so before its socket goes (WL-5.2.1c).
        parts.streams().changedNow();
        Map<Path, Workload> wanted = new TreeMap<>();
        local.forEach(workload -> wanted.put(socketOf(workload), workload));
        sockets.entrySet().removeIf(socket -> {
            boolean gone = !socket.getKey().equals(agent()) && !wanted.containsKey(socket.getKey());
            if (gone) {
                socket.getValue().stop(Duration.ZERO);
            }
            return gone;
        });
        problems.keySet()
                .removeIf(path -> !path.equals(directory) && !path.equals(agent()) && !wanted.containsKey(path));
        serve(agent(), EVERYBODY, this::byFacts);
        wanted.forEach((path, workload) -> serve(
                path,
                attestor.openToAll(workload) ? EVERYBODY : OWNER_ONLY,
                caller -> bySocket(name(workload), caller)));
        changed();
    }

    private Path agent() {
        return directory.resolve("agent.sock");
    }

    /** What is wrong with the folder ends a start; later it is a problem of the Workload API alone. */
    private void begin() {
        try {
            PassableDirectory.create(directory);
            problems.remove(directory);
        } catch (StateException e) {
            if (!begun) {
                throw e;
            }
            problem(directory, InWords.of(e), "the folder of the Workload API's sockets cannot be made");
        }
        if (!begun) {
            begun = true;
            PassableDirectory.obstacle(directory)
                    .ifPresent(closed -> LOG.atInfo()
                            .addKeyValue(LogKeys.PATH, closed)
                            .addKeyValue(LogKeys.NEXT, "chmod o+x " + closed + ", or set workloadApi: /run/hanse")
                            .log("only this user can reach the Workload API: others cannot pass a folder on"
                                    + " the way to it"));
        }
    }

    /** SVIDs or bundles changed: open streams say so. */
    public void changed() {
        parts.streams().changed();
    }

    /** Sockets that could not be made, or their folder, and why. */
    public Map<Path, String> problems() {
        return new TreeMap<>(problems);
    }

    /** Ends streams with UNAVAILABLE and removes the sockets. */
    public synchronized void drain(Duration deadline) {
        parts.streams().drain();
        Duration each = deadline.dividedBy(Math.max(1, 10L * sockets.size()));
        sockets.values().forEach(socket -> socket.stop(each));
        sockets.clear();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private void serve(Path path, String permissions, Function<CallerFacts, List<Workload>> entitled) {
        try {
            SocketServer socket = sockets.get(path);
            if (socket != null) {
                socket.admit(permissions); // its workload may have got its first selector
            } else {
                sockets.put(path, SocketServer.start(path, permissions, new WorkloadService(parts, entitled), shared));
            }
            problems.remove(path);
        } catch (IOException e) {
            problem(path, InWords.of(e), "a Workload API socket cannot be made");
        }
    }

    private void problem(Path path, String why, String message) {
        if (!why.equals(problems.put(path, why))) {
            LOG.atError()
                    .addKeyValue(LogKeys.PATH, path)
                    .addKeyValue(LogKeys.REASON, why)
                    .log(message);
        }
    }

    private List<Workload> bySocket(String name, CallerFacts caller) {
        return Optional.ofNullable(workloads.get(name))
                .filter(workload -> attestor.mayUseOwnSocket(caller, workload))
                .map(List::of)
                .orElse(List.of());
    }

    private List<Workload> byFacts(CallerFacts caller) {
        return workloads.values().stream()
                .filter(workload -> attestor.isWorkload(caller, workload))
                .toList();
    }

    private static String name(Workload workload) {
        return workload.namespace() + "." + workload.name();
    }

    private static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new IllegalStateException("/proc/self cannot be read; is /proc mounted?", e);
        }
    }
}
