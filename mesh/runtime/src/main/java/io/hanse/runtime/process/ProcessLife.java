/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.config.ClusterConfig;
import io.hanse.runtime.config.ConfigFile;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.files.DirectoryLock;
import io.hanse.runtime.files.PrivateDirectory;
import io.hanse.runtime.telemetry.Metrics;
import io.hanse.runtime.telemetry.TelemetryServer;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.SystemScheduler;
import io.hanse.runtime.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process from its configuration to its end: wire every role, start, announce, wait, drain.
 *
 * <p>{@link #start} and {@link #stop} exclude each other, so a signal during the start is obeyed after it.
 */
final class ProcessLife {

    /** The one role that runs several times in a cluster, once on each node. */
    private static final String NODE_PROXY = "node-proxy";

    /** A node without a name, as connect-clusters takes it too. */
    private static final String USUAL_NODE = "a";

    private static final Duration USUAL_DRAIN = Duration.ofSeconds(10);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

    /** What closing takes beside the drain itself: sockets, event loops. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** How often a starting process looks whether it is ready, to say so. */
    private static final Duration READY_LOOK = Duration.ofMillis(100);

    /** An event loop that stands this long is reported; scheduling noise on a small machine stays below. */
    private static final Duration BLOCKED = Duration.ofSeconds(1);

    /** Event loops for control and telemetry; the byte path brings its own. */
    private static final int EVENT_LOOPS = 2;

    /** Threads that make the text for scrapers; Vert.x would keep twenty. */
    private static final int WORKERS = 2;

    private static final Logger log = LoggerFactory.getLogger(ProcessLife.class);

    private final String name;
    private final Arguments arguments;
    private final Section root;
    private final ClusterConfig cluster;
    private final List<ProcessShell.Role> roles;
    private final Announcement announcement;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Part> parts = new ArrayList<>();
    private final SystemScheduler scheduler = new SystemScheduler();
    private final Metrics metrics = new Metrics();
    private @Nullable Vertx vertx;
    private @Nullable TelemetryServer telemetry;
    private boolean stopped;

    private ProcessLife(
            String name,
            Arguments arguments,
            Section root,
            ClusterConfig cluster,
            List<ProcessShell.Role> roles,
            PrintStream out) {
        this.name = name;
        this.arguments = arguments;
        this.root = root;
        this.cluster = cluster;
        this.roles = List.copyOf(roles);
        this.announcement = new Announcement(out);
    }

    /** Reads the configuration; nothing is made and nothing listens yet. */
    static ProcessLife read(String name, Arguments arguments, List<ProcessShell.Role> roles, PrintStream out) {
        Section root = ConfigFile.read(arguments.config()).root();
        ClusterConfig cluster = ClusterConfig.read(root);
        ProcessLife life = new ProcessLife(name, arguments, root, cluster, roles, out);
        roles.forEach(life::readSettings);
        root.finish();
        return life;
    }

    /** What is wrong in the roles' sections is told together with what is wrong elsewhere in the file. */
    private void readSettings(ProcessShell.Role role) {
        String node = role.name().equals(NODE_PROXY) ? nodeName() : USUAL_NODE;
        Section section = sectionOf(role, role.name().equals(NODE_PROXY) ? role.name() + "-" + node : role.name());
        section.duration("drain", USUAL_DRAIN, Duration.ZERO, LONGEST_DRAIN);
        section.address("metrics");
        role.settings().read(section, cluster, node);
    }

    private Section sectionOf(ProcessShell.Role role, String instance) {
        return root.section(root.node().get(instance).isPresent() ? instance : role.name());
    }

    synchronized void start() {
        // First: a parent that ends while this process starts is not to be taken for the one who adopts it.
        ParentWatch.start(arguments, System.getenv(), scheduler, end::countDown);
        PrivateDirectory.create(cluster.runDirectory());
        Vertx made = makeVertx();
        vertx = made;
        roles.forEach(role -> parts.add(wire(role, made)));
        root.finish();
        HostPort scrape = startTelemetry(made);
        for (Part part : parts) {
            part.start(scrape);
            announcement.started(part, scrape);
        }
        parts.forEach(this::announceReady);
    }

    /** Waits until something inside the process ends it; a signal ends it from outside. */
    void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drains and closes everything; false if that has happened already. */
    synchronized boolean stop() {
        if (stopped) {
            return false;
        }
        stopped = true;
        parts.forEach(part -> part.context().readiness().drain());
        drainAll();
        parts.reversed().forEach(part -> closing("role", part::close));
        closing("scheduler", scheduler::close);
        TelemetryServer server = telemetry;
        if (server != null) {
            closing("telemetry", server::close);
        }
        Vertx loops = vertx;
        if (loops != null) {
            closing("event loops", () -> loops.close().await(CLOSING.toMillis(), TimeUnit.MILLISECONDS));
        }
        closing("metrics", metrics::close);
        announcement.ended(name);
        return true;
    }

    private Part wire(ProcessShell.Role role, Vertx loops) {
        Optional<String> node = role.name().equals(NODE_PROXY) ? Optional.of(nodeName()) : Optional.empty();
        String instance = role.name() + node.map(n -> "-" + n).orElse("");
        Section section = sectionOf(role, instance);
        Duration drain = section.duration("drain", USUAL_DRAIN, Duration.ZERO, LONGEST_DRAIN);
        DirectoryLock lock = DirectoryLock.acquire(cluster.stateDirectory().resolve(instance));
        try {
            ProcessContext context = new ProcessContext(
                    role.name(),
                    instance,
                    node,
                    cluster,
                    section,
                    new Readiness(InstantSource.system()),
                    new ControlApi(),
                    metrics.of(role.name()),
                    scheduler,
                    InstantSource.system(),
                    Ticker.system(),
                    loops,
                    cluster.stateDirectory().resolve(instance));
            RunningProcess process = role.factory().wire(context);
            section.finish();
            return new Part(context, process, lock, drain);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private String nodeName() {
        return arguments.node().orElseGet(() -> root.section(NODE_PROXY).text("node", USUAL_NODE));
    }

    private HostPort startTelemetry(Vertx loops) {
        String loopback = cluster.address().startsWith("127.") ? cluster.address() : "127.0.0.1";
        String section = parts.size() == 1 ? sectionOf(parts.getFirst()) : name;
        HostPort address = root.section(section).address("metrics", new HostPort(loopback, 15020));
        root.finish();
        try {
            TelemetryServer server = TelemetryServer.start(loops, address, metrics, this::health);
            telemetry = server;
            return server.address();
        } catch (Exception e) {
            // Waiting for a Vert.x future throws its cause as it is, declared or not.
            throw StartException.cannotListen("metrics", address, section + ".metrics", e);
        }
    }

    private String sectionOf(Part part) {
        String instance = part.context().instance();
        return root.node().get(instance).isPresent() ? instance : part.context().role();
    }

    private TelemetryServer.Health health() {
        List<String> unfinished = parts.stream()
                .flatMap(part -> part.context().readiness().unfinished().stream()
                        .map(task -> parts.size() == 1 ? task : part.context().role() + ": " + task))
                .toList();
        boolean draining =
                parts.stream().anyMatch(part -> part.context().readiness().draining());
        return new TelemetryServer.Health(unfinished.isEmpty() && !draining, draining, unfinished);
    }

    private void announceReady(Part part) {
        AtomicReference<Cancellable> look = new AtomicReference<>(() -> {});
        look.set(scheduler.every(READY_LOOK, () -> {
            if (part.context().readiness().ready()) {
                look.get().cancel();
                announcement.ready(part);
            }
        }));
    }

    /** Every role drains on a thread of its own; one that overstays is left behind. */
    private void drainAll() {
        List<Thread> drains = new ArrayList<>();
        Duration longest = Duration.ZERO;
        for (Part part : parts) {
            if (part.started()) {
                longest = part.drain().compareTo(longest) > 0 ? part.drain() : longest;
                drains.add(Thread.ofVirtual()
                        .start(() -> closing("drain", () -> part.process().drain(part.drain()))));
            }
        }
        long deadline = System.nanoTime() + longest.plus(CLOSING).toNanos();
        for (Thread drain : drains) {
            try {
                if (!drain.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                    log.atWarn().log("a role did not drain in time, it is ended by force");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private interface Closing {
        void close() throws TimeoutException;
    }

    private static void closing(String what, Closing closing) {
        try {
            closing.close();
        } catch (Exception e) {
            log.atWarn().setCause(e).addKeyValue("part", what).log("did not close cleanly");
        }
    }

    private static Vertx makeVertx() {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(BLOCKED.toMillis())
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        if (!vertx.isNativeTransportEnabled()) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "native epoll is not available: " + vertx.unavailableNativeTransportCause(),
                    "run on Linux, x86-64 or AArch64, with a class path that holds netty-transport-native-epoll");
        }
        return vertx;
    }
}
