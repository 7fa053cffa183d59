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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
    private static final String GRACE_SUFFIX = ".until";

    /** One moment as text. */
    private static final int MAX_GRACE_BYTES = 64;

    private final Path directory;
    private final ImportStore store;
    private final Scheduler scheduler;
    private final Set<TrustDomain> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

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
        if (!closed && waiting.add(peer)) {
            scheduler.after(GATHER, () -> keep(peer));
        }
    }

    /** Writes nothing more: the store is about to close. */
    void close() {
        closed = true;
        waiting.clear();
    }

    /**
     * Until when a process that has not heard the peer may use what is kept: until {@code usual}, as the first start since the
     * peer was last heard had it. Otherwise a process that starts again and again would use it for ever.
     */
    Instant graceUntil(TrustDomain peer, Instant usual) {
        try {
            Optional<Instant> noted = DurableFile.readIfPresent(graceFile(peer), MAX_GRACE_BYTES)
                    .map(text -> Instant.parse(new String(text, StandardCharsets.US_ASCII)));
            if (noted.isEmpty()) {
                DurableFile.write(graceFile(peer), usual.toString().getBytes(StandardCharsets.US_ASCII));
            }
            return noted.filter(usual::isAfter).orElse(usual);
        } catch (StateException e) {
            warn(peer, e);
            return usual;
        } catch (DateTimeParseException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.PEER, peer)
                    .log("the time until which a peer's catalog is kept is not readable");
            return usual;
        }
    }

    /** The peer was heard: the next start has a lease of its own again. */
    void heard(TrustDomain peer) {
        try {
            DurableFile.delete(graceFile(peer));
        } catch (StateException e) {
            warn(peer, e);
        }
    }

    void forget(TrustDomain peer) {
        waiting.remove(peer);
        try {
            DurableFile.delete(file(peer));
            DurableFile.delete(graceFile(peer));
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
        Set<String> wanted = live.stream()
                .flatMap(peer -> Stream.of(nameOf(peer, SUFFIX), nameOf(peer, GRACE_SUFFIX)))
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> isOld(String.valueOf(file.getFileName()), wanted))
                    .forEach(DurableFile::delete);
        } catch (IOException | StateException e) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.getMessage()).log("old copies of peers' catalogs stay");
        }
    }

    private static boolean isOld(String name, Set<String> wanted) {
        boolean ours = name.startsWith(PREFIX) && (name.endsWith(SUFFIX) || name.endsWith(GRACE_SUFFIX));
        return ours && !wanted.contains(name);
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
        return directory.resolve(nameOf(peer, SUFFIX));
    }

    private Path graceFile(TrustDomain peer) {
        return directory.resolve(nameOf(peer, GRACE_SUFFIX));
    }

    private static String nameOf(TrustDomain peer, String suffix) {
        return PREFIX + peer.name() + suffix;
    }
}
