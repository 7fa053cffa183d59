/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of manifests, watched. The operating system's hints make changes quick; a slow re-scan makes them certain,
 * since hints are lost on network file systems and in bursts. A hint is followed by a short pause, so that an editor's or
 * a copier's several writes are read once, and a file that a look finds changed is read by the next, a pause later.
 *
 * <p>One thread at a time scans (the lock), so the receiver is never called twice at once.
 */
public final class DirectorySource implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

    /** Longer than the gap between an editor's writes, shorter than a person's patience. */
    private static final Duration SETTLE = Duration.ofMillis(150);

    /** How often the directory is read without a hint. */
    private static final Duration RESCAN = Duration.ofSeconds(5);

    /** How often the operating system's hints are asked for. */
    private static final Duration HINT_POLL = Duration.ofMillis(100);

    private final Path directory;
    private final ManifestFolder folder;
    private final Scheduler scheduler;
    private final Object scanning = new Object();
    private @Nullable WatchService watch;
    private @Nullable Cancellable rescan;
    private @Nullable Cancellable hints;
    private @Nullable Manifests published;
    private boolean lookingAgain;
    private volatile boolean closed;

    /**
     * A source not yet started.
     *
     * @param directory holds {@code *.yaml} and {@code *.yml}, also in folders below
     * @param lastGood keeps what was last read without a problem, for a restart between a mistake and its repair
     */
    public DirectorySource(Path directory, Path lastGood, Scheduler scheduler) {
        this.directory = directory;
        this.folder = new ManifestFolder(directory, new LastGood(lastGood));
        this.scheduler = scheduler;
    }

    @Override
    public void start(Consumer<Manifests> receiver) {
        scan(receiver);
        rescan = scheduler.every(RESCAN, () -> scan(receiver));
        try {
            WatchService opened = FileSystems.getDefault().newWatchService();
            watch = opened;
            if (Files.isDirectory(directory)) {
                directory.register(
                        opened,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
            hints = scheduler.every(HINT_POLL, () -> follow(opened, receiver));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot watch the manifests directory, it is read again on a timer");
        }
    }

    private void follow(WatchService opened, Consumer<Manifests> receiver) {
        try {
            WatchKey key = opened.poll();
            if (key == null) {
                return;
            }
            while (key != null) {
                key.pollEvents();
                key.reset();
                key = opened.poll(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
            }
            scan(receiver);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            LOG.atDebug().log("watch ended");
        }
    }

    private void scan(Consumer<Manifests> receiver) {
        synchronized (scanning) {
            if (closed) {
                return;
            }
            Manifests read = folder.read();
            if (!read.equals(published)) {
                published = read;
                receiver.accept(read);
            }
            if (folder.isUnsettled() && !lookingAgain) {
                lookingAgain = true;
                scheduler.after(SETTLE, () -> lookAgain(receiver));
            }
        }
    }

    private void lookAgain(Consumer<Manifests> receiver) {
        synchronized (scanning) {
            lookingAgain = false;
            scan(receiver);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (rescan != null) {
            rescan.cancel();
        }
        if (hints != null) {
            hints.cancel();
        }
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("cause", e.getMessage()).log("watch did not close cleanly");
            }
        }
    }
}
