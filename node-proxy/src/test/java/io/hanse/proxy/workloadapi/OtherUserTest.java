/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.workloadapi;

import static io.hanse.proxy.workloadapi.Served.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Status;
import io.hanse.wire.spiffe.JWTSVIDRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A workload that runs as another user than the proxy. Linux keeps credentials per thread, so the client is an event loop
 * whose one thread has become nobody: it passes folders, connects and is seen by SO_PEERCRED as that user.
 */
final class OtherUserTest {

    private static final int NOBODY = 65_534;
    private static final JWTSVIDRequest TOKEN =
            JWTSVIDRequest.newBuilder().addAudience("a").build();

    @TempDir
    private Path run;

    private Served served;
    private EventLoopGroup nobody;

    @BeforeEach
    void becomeNobody() throws Exception {
        served = new Served(run.resolve("sockets"));
        nobody = new MultiThreadIoEventLoopGroup(1, OtherUserTest::threadOfNobody, EpollIoHandler.newFactory());
        assumeTrue(Served.uid() == 0, "SKIPPED: only root can become another user; run the tests as root to see this");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void stop() {
        nobody.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        served.close();
    }

    @Test
    @DisplayName("WE-5 another user reaches the node's socket and is the workload whose selectors it meets")
    void reachesTheAgentSocket() {
        try (Served.Connection connection = connect(Served.AGENT)) {
            assertStatus(Status.Code.PERMISSION_DENIED, () -> connection.stub().fetchJWTSVID(TOKEN));
            served.api.publish(List.of(served.workload("frontend", List.of("uid:" + NOBODY, "gid:" + NOBODY))));
            assertThat(connection.stub().fetchJWTSVID(TOKEN).getSvids(0).getSpiffeId())
                    .isEqualTo(served.frontend.toString());
        }
    }

    @Test
    @DisplayName("WE-5 a workload's own socket lets in another user only if the workload's selectors name it")
    void ownSocketObeysSelectors() {
        try (Served.Connection connection = connect(Served.OWN_SOCKET)) {
            // Without selectors the socket is its owner's: the kernel refuses to connect.
            assertStatus(Status.Code.UNAVAILABLE, () -> connection.stub().fetchJWTSVID(TOKEN));
            served.api.publish(List.of(served.workload("frontend", List.of("uid:4242"))));
            connection.channel().resetConnectBackoff();
            assertStatus(
                    Status.Code.PERMISSION_DENIED,
                    () -> connection.stub().withWaitForReady().fetchJWTSVID(TOKEN));
            served.api.publish(List.of(served.workload("frontend", List.of("uid:" + NOBODY))));
            assertThat(connection.stub().fetchJWTSVID(TOKEN).getSvidsCount()).isOne();
        }
    }

    @Test
    @DisplayName("another user cannot list the folder of the sockets, nor open a control socket's folder")
    void listsNothing() throws Exception {
        Path control = Files.createDirectory(
                run.resolve("run"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(control.resolve("node-proxy-a.sock"), "");
        assertThat(nobody.submit(() -> Files.isReadable(served.sockets)).get()).isFalse();
        assertThat(nobody.submit(() -> served.sockets.toFile().list() == null).get())
                .isTrue();
        assertThat(nobody.submit(() -> Files.exists(control.resolve("node-proxy-a.sock")))
                        .get())
                .isFalse();
    }

    private Served.Connection connect(String socket) {
        return new Served.Connection(served.sockets.resolve(socket), nobody);
    }

    private static Thread threadOfNobody(Runnable loop) {
        return Thread.ofPlatform().daemon().name("nobody").unstarted(() -> {
            becomeNobodyHere();
            loop.run();
        });
    }

    /** Raw system calls: the C library's functions of these names change every thread of the process. */
    private static void becomeNobodyHere() {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        call(arm ? 159 : 116, 0, 0, 0); // setgroups(0, null)
        call(arm ? 149 : 119, NOBODY, NOBODY, -1); // setresgid
        call(arm ? 147 : 117, NOBODY, NOBODY, -1); // setresuid
    }

    @SuppressWarnings("restricted") // the JVM's own threads keep their user only with a raw call
    private static void call(long number, long first, long second, long third) {
        try {
            MethodHandle syscall = Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker()
                                    .defaultLookup()
                                    .find("syscall")
                                    .orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG),
                            Linker.Option.firstVariadicArg(1));
            long result = (long) syscall.invokeExact(number, first, second, third);
            if (result != 0) {
                throw new IllegalStateException("system call %d failed".formatted(number));
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
