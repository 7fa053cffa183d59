/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import io.hanse.runtime.control.ControlServer;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.files.DirectoryLock;
import io.hanse.runtime.files.DurableFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One role inside the life of its process: context, lock on its state, control socket, run file. One thread at a time. */
final class Part {

    private final ProcessContext context;
    private final RunningProcess process;
    private final DirectoryLock lock;
    private final Duration drain;
    private @Nullable ControlServer control;
    private boolean started;

    /** Empty until the role listens: its ports are not known before. */
    private volatile List<ProcessFacts.Address> addresses = List.of();

    Part(ProcessContext context, RunningProcess process, DirectoryLock lock, Duration drain) {
        this.context = context;
        this.process = process;
        this.lock = lock;
        this.drain = drain;
    }

    ProcessContext context() {
        return context;
    }

    RunningProcess process() {
        return process;
    }

    /** How long it may take to end gracefully. */
    Duration drain() {
        return drain;
    }

    boolean started() {
        return started;
    }

    Path socket() {
        return runDirectory().resolve(context.instance() + ".sock");
    }

    void start(HostPort metrics) {
        Instant startedAt = context.clock().instant();
        String scrape = metrics.toString();
        context.control()
                .get(
                        "/v1/process",
                        request -> Reply.json(ProcessStatus.of(context, process, scrape, startedAt, addresses)));
        control = ControlServer.start(context.vertx(), socket(), context.control());
        started = true;
        try {
            process.start();
        } catch (StartException e) {
            throw e;
        } catch (Exception e) {
            // A role that waits for a Vert.x future meets checked exceptions that nobody declared.
            if (BindFailure.in(e).isEmpty()) {
                throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
            }
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "cannot listen: %s (%s)".formatted(BindFailure.reason(e), BindFailure.message(e)),
                    "set another address in the section %s of %s"
                            .formatted(context.role(), context.cluster().file()),
                    e);
        }
        addresses = ProcessFacts.addresses(process.listeners());
        ProcessFacts facts = new ProcessFacts(
                context.role(), ProcessHandle.current().pid(), socket().toString(), scrape, addresses, startedAt);
        DurableFile.write(runFile(), Json.bytes(facts));
    }

    /** After the drain of the role: the socket, the run file and the lock go. */
    void close() {
        if (control != null) {
            control.close();
            DurableFile.delete(runFile());
        }
        lock.close();
    }

    private Path runFile() {
        return runDirectory().resolve(context.instance() + ".json");
    }

    private Path runDirectory() {
        return context.cluster().runDirectory();
    }
}
