/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import io.hanse.model.identity.TrustDomain;
import io.hanse.registry.replica.ImportStore;
import io.hanse.runtime.files.DurableFile;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy on disk of what peers told, so that a restart of this process does not take their endpoints from every proxy
 * until each peer was reached again. What is found is used for one lease. Any thread.
 */
final class KeptImports {

    private static final Logger LOG = LoggerFactory.getLogger(KeptImports.class);

    /** One write for a burst of changes; at worst that much is asked of the peer again. */
    private static final Duration GATHER = Duration.ofSeconds(2);

    private static final String PREFIX = "peer-";
    private static final String SUFFIX = ".bin";

    private final Path directory;
    private final ImportStore store;
    private final Scheduler scheduler;
    private final Set<TrustDomain> waiting = ConcurrentHashMap.newKeySet();

    KeptImports(Path directory, ImportStore store, Scheduler scheduler) {
        this.directory = directory;
        this.store = store;
        this.scheduler = scheduler;
    }

    Optional<byte[]> find(TrustDomain peer) {
        try {
            return DurableFile.readIfPresent(file(peer), ToldResources.MAX_BYTES * 2);
        } catch (StateException e) {
            warn(peer, e);
            return Optional.empty();
        }
    }

    void keepSoon(TrustDomain peer) {
        if (waiting.add(peer)) {
            scheduler.after(GATHER, () -> keep(peer));
        }
    }

    void forget(TrustDomain peer) {
        waiting.remove(peer);
        try {
            DurableFile.delete(file(peer));
        } catch (StateException e) {
            warn(peer, e);
        }
    }

    /**
     * Drops what is kept of everybody else: a relationship may have ended while this process was down, and what that peer
     * told then must not come back with the next relationship.
     */
    void forgetAllBut(Set<TrustDomain> live) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<String> wanted = live.stream().map(KeptImports::nameOf).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> isOld(String.valueOf(file.getFileName()), wanted))
                    .forEach(DurableFile::delete);
        } catch (IOException | StateException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("old copies of peers' catalogs stay");
        }
    }

    private static boolean isOld(String name, Set<String> wanted) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX) && !wanted.contains(name);
    }

    private void keep(TrustDomain peer) {
        if (!waiting.remove(peer)) {
            return;
        }
        try {
            store.get(peer).ifPresent(told -> DurableFile.write(file(peer), told));
        } catch (StateException e) {
            warn(peer, e);
            // Until the disk takes it, a restart would bring back what the peer has long withdrawn.
            keepSoon(peer);
        }
    }

    private static void warn(TrustDomain peer, StateException e) {
        LOG.atWarn()
                .addKeyValue(LogKeys.PEER, peer)
                .addKeyValue(LogKeys.REASON, e.getMessage())
                .log("the copy of a peer's catalog is not usable");
    }

    /** A trust domain's characters are fit for a file name, but for names that are all dots. */
    private Path file(TrustDomain peer) {
        return directory.resolve(nameOf(peer));
    }

    private static String nameOf(TrustDomain peer) {
        return PREFIX + peer.name() + SUFFIX;
    }
}
