/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.watch;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The watch of this JVM: once begun it lasts, and notes each blocking call on an event loop instead of stopping it. */
public final class LoopWatch {

    /** Violations kept until somebody takes them; the first tell what is wrong. */
    private static final int MAX_KEPT = 100;

    private static final String FILES = "sun.nio.ch.UnixFileDispatcherImpl";

    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final Queue<Violation> KEPT = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger ROOM = new AtomicInteger(MAX_KEPT);

    private LoopWatch() {}

    /** Begins to watch, if that has not been done; attaches to this JVM by itself. */
    static void begin() {
        if (!BEGUN.getAndSet(true)) {
            install(BlockHound.builder());
        }
    }

    /** Begins to watch as an agent. */
    static void begin(Instrumentation instrumentation) {
        BEGUN.set(true);
        install(BlockHound.builder().with(instrumentation));
    }

    private static void install(BlockHound.Builder builder) {
        // Of the integrations only Netty's: others allow logging to block, and standard output.
        ServiceLoader.load(BlockHoundIntegration.class).stream()
                .filter(each -> each.type().getName().startsWith("io.netty."))
                .map(ServiceLoader.Provider::get)
                .forEach(builder::with);
        forbid(builder);
        allow(builder);
        builder.nonBlockingThreadPredicate(loops -> loops.and(thread -> !isWorker(thread)))
                .blockingMethodCallback(call -> note(call.getClassName() + "." + call.getName()))
                .install();
    }

    /** What has been found since the last time, and forgets it. */
    public static List<Violation> take() {
        List<Violation> found = new ArrayList<>();
        for (Violation next = KEPT.poll(); next != null; next = KEPT.poll()) {
            ROOM.incrementAndGet();
            found.add(next);
        }
        return found;
    }

    private static void forbid(BlockHound.Builder builder) {
        builder.markAsBlocking(FILES, "read", "(Ljava/io/FileDescriptor;JI)I")
                .markAsBlocking(FILES, "pread", "(Ljava/io/FileDescriptor;JIJ)I")
                .markAsBlocking(FILES, "write", "(Ljava/io/FileDescriptor;JI)I")
                .markAsBlocking(FILES, "pwrite", "(Ljava/io/FileDescriptor;JIJ)I")
                .markAsBlocking(FILES, "force", "(Ljava/io/FileDescriptor;Z)I")
                .markAsBlocking("sun.nio.fs.UnixNativeDispatcher", "open0", "(JII)I")
                .markAsBlocking("sun.nio.ch.Net", "poll", "(Ljava/io/FileDescriptor;IJ)I")
                .markAsBlocking(
                        "java.net.Inet4AddressImpl", "lookupAllHostAddr", "(Ljava/lang/String;)[Ljava/net/InetAddress;")
                .markAsBlocking(
                        "java.net.Inet6AddressImpl",
                        "lookupAllHostAddr",
                        "(Ljava/lang/String;I)[Ljava/net/InetAddress;")
                .markAsBlocking("java.util.concurrent.CompletableFuture", "waitingGet", "(Z)Ljava/lang/Object;")
                .markAsBlocking("java.util.concurrent.CompletableFuture", "timedGet", "(J)Ljava/lang/Object;");
    }

    private static void allow(BlockHound.Builder builder) {
        // Classes and the files they are in are read once in the life of a process.
        builder.allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
                .allowBlockingCallsInside("java.lang.invoke.MethodHandleNatives", "linkCallSite")
                // The kernel's random device never makes anybody wait once the machine has started.
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                // Netty's pool of buffers: held for microseconds by whoever counts them or gives one back.
                .allowBlockingCallsInside("io.netty.buffer.PoolArena", "lock")
                // Their locks are held for as long as their bookkeeping lasts.
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor", "schedule")
                .allowBlockingCallsInside(
                        "java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask", "cancel")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPerTaskExecutor", "execute")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "shutdownNow");
    }

    /** Vert.x's workers may block, and are Netty's kind of thread. */
    private static boolean isWorker(Thread thread) {
        return thread.getName().startsWith("vert.x-worker") || thread.getName().startsWith("vert.x-internal-blocking");
    }

    private static void note(String call) {
        if (ROOM.getAndUpdate(room -> Math.max(0, room - 1)) > 0) {
            KEPT.add(Violation.here(call));
        }
    }
}
