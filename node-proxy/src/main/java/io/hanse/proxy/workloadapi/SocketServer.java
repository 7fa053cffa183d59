/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One Unix socket with the Workload API behind it. */
final class SocketServer {

    /** Bytes of {@code sun_path} less its end (unix(7)). */
    private static final int MAX_PATH_BYTES = 107;

    /** A token and an audience; nothing a caller says is longer. */
    private static final int MAX_REQUEST_BYTES = 64 << 10;

    private static final int MAX_METADATA_BYTES = 8 << 10;

    /** Per connection: a workload needs a handful of streams. */
    private static final int MAX_CALLS = 100;

    /** Calls given up again on one connection within the window: beyond is a rapid-reset attack, no client in a hurry. */
    private static final int MAX_RESETS = 200;

    private static final int RESET_WINDOW_SECONDS = 10;

    /** A connection without a call holds a file descriptor and serves nobody. */
    private static final int IDLE_MINUTES = 5;

    /** What all sockets of a node share. */
    record Shared(EventLoopGroup group, Executor executor, CallAdmission admission) {}

    private final Path path;
    private final Server server;

    private SocketServer(Path path, Server server) {
        this.path = path;
        this.server = server;
    }

    /**
     * Listens at {@code path}.
     *
     * @param permissions of the socket, as {@code rw-------}
     * @throws IOException with a message for operators if it cannot
     */
    static SocketServer start(Path path, String permissions, BindableService service, Shared shared)
            throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            throw new IOException("the path has %d bytes (expected: at most %d, unix(7)); choose a shorter runDirectory"
                    .formatted(length, MAX_PATH_BYTES));
        }
        removeStale(path);
        Server server = NettyServerBuilder.forAddress(
                        new DomainSocketAddress(path.toFile()),
                        PeerCredentialCredentials.create(shared.admission(), shared.executor()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(shared.group())
                .workerEventLoopGroup(shared.group())
                .executor(shared.executor())
                .intercept(new CallGuard(shared.admission()))
                .addStreamTracerFactory(new LongMessages(shared.admission()::tooLong))
                .addService(service)
                .addService(new HealthStatusManager().getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS)
                .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                .build()
                .start();
        SocketServer socket = new SocketServer(path, server);
        socket.admit(permissions);
        return socket;
    }

    /** Lets these connect, as {@code rw-------}; those who are connected stay. */
    void admit(String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** A socket of a process that is gone may go; one that answers is somebody's. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("there is a file or folder of that name that is no socket");
        }
        try (SocketChannel knock = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            knock.connect(UnixDomainSocketAddress.of(path));
            throw new IOException("another process listens at it");
        } catch (java.net.ConnectException refused) {
            Files.delete(path);
        }
    }

    void stop(Duration patience) {
        server.shutdown();
        try {
            if (!server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }
}
