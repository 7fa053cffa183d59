/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.control;

import io.hanse.runtime.files.PrivateDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link ControlApi} over a Unix socket, mode 0600 in a directory of mode 0700.
 *
 * <p>Requests are read on the event loop, bounded in bytes, and answered on virtual threads, bounded in time and number.
 */
public final class ControlServer implements AutoCloseable {

    /** {@code sun_path} of Linux holds 108 bytes with the final zero. */
    static final int MAX_SOCKET_PATH_BYTES = 107;

    /** Bytes of a request body; the longest in earnest, an invitation or a bundle, is below a tenth. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /** One operator's requests at a time, with room for a dashboard. */
    private static final int MAX_REQUESTS = 64;

    /** Seconds a connection may be silent. */
    private static final int IDLE_SECONDS = 60;

    /** How long a handler may take; a probe through two gateways is the slowest. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** The file type bits of a mode, and their value for a socket (inode(7)). */
    private static final int FILE_TYPE_MASK = 0xF000;

    private static final int SOCKET_TYPE = 0xC000;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    private final Path socket;
    private final HttpServer server;
    private final ExecutorService workers;

    private ControlServer(Path socket, HttpServer server, ExecutorService workers) {
        this.socket = socket;
        this.server = server;
        this.workers = workers;
    }

    /**
     * Listens on the socket; blocks until it is bound.
     *
     * @param vertx with a transport that knows Unix sockets (native epoll)
     * @throws SocketUnusable if the path is too long, or somebody answers on it
     */
    public static ControlServer start(Vertx vertx, Path socket, ControlApi api) {
        return start(vertx, socket, api, TIME_LIMIT);
    }

    static ControlServer start(Vertx vertx, Path path, ControlApi api, Duration timeLimit) {
        Path socket = path.toAbsolutePath();
        checkLength(socket);
        Path directory = Objects.requireNonNull(socket.getParent(), "an absolute path of a file has a parent");
        PrivateDirectory.create(directory);
        removeStale(socket);
        ExecutorService workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("control-", 0).factory());
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false);
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(new ControlRequests(vertx, api, workers, timeLimit, MAX_REQUESTS)::accept);
        try {
            server.listen(SocketAddress.domainSocketAddress(socket.toString()))
                    .await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (Exception e) {
            // Waiting for a Vert.x future throws its cause as it is, declared or not.
            workers.shutdownNow();
            throw new SocketUnusable(socket, "cannot listen: " + e.getMessage(), "ls -ld " + directory);
        }
        log.atInfo().addKeyValue("path", socket).log("control API listens");
        return new ControlServer(socket, server, workers);
    }

    /** Stops listening, lets running requests end within the time, and removes the socket. */
    public void drain(Duration deadline) {
        try {
            server.shutdown(deadline).await(deadline.plus(START_LIMIT).toMillis(), TimeUnit.MILLISECONDS);
            Files.deleteIfExists(socket);
        } catch (Exception e) {
            log.atWarn().setCause(e).addKeyValue("path", socket).log("control API did not end cleanly");
        } finally {
            workers.shutdownNow();
        }
    }

    @Override
    public void close() {
        drain(Duration.ofSeconds(1));
    }

    private static void checkLength(Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            throw new SocketUnusable(
                    socket,
                    "the path has %d bytes; Linux takes at most %d for a Unix socket"
                            .formatted(bytes, MAX_SOCKET_PATH_BYTES),
                    "set runDirectory to a shorter path, for example /run/hanse");
        }
    }

    /** A socket left by a process that died is removed; one that somebody answers on is not. */
    private static void removeStale(Path socket) {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            delete(socket);
            return;
        }
        throw new SocketUnusable(socket, "another process answers on it", "stop that process first: fuser " + socket);
    }

    private static void delete(Path socket) {
        try {
            Object mode = Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if (((Integer) mode & FILE_TYPE_MASK) != SOCKET_TYPE) {
                throw new SocketUnusable(
                        socket, "a file that is no socket stands there", "move it away: ls -l " + socket);
            }
            Files.delete(socket);
        } catch (IOException e) {
            throw new SocketUnusable(socket, "a stale socket cannot be removed: " + e.getMessage(), "rm " + socket);
        }
    }
}
