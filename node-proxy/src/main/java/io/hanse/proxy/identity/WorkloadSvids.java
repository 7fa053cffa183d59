/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.identity;

import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.Subscription;
import io.hanse.transport.tls.X509Svid;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Every SVID that this node holds for its workloads. Any thread; reading never blocks. */
public final class WorkloadSvids implements AutoCloseable {

    /** Requests to spiffe-ca at once: ztunnel's figure; a node that restarts must not crowd out the others. */
    private static final int MAX_REQUESTS = 8;

    private static final String NEXT = "connect-clusters svid";

    private final HeldSvid.Parts parts;
    private final Map<SpiffeId, HeldSvid> held = new ConcurrentHashMap<>();
    private final List<Consumer<SpiffeId>> listeners = new CopyOnWriteArrayList<>();
    private final Readiness.StartTask standing;
    private final Object telling = new Object();
    private volatile Set<String> tainted = Set.of();

    /**
     * Holds nothing yet.
     *
     * @param issuing asks spiffe-ca
     * @param directory where SVIDs are kept, made 0700
     * @param standing where operators are told of those that do not come; nothing waits for it
     */
    public WorkloadSvids(
            Issuing issuing, Path directory, Scheduler scheduler, InstantSource clock, Readiness.StartTask standing) {
        this.parts = new HeldSvid.Parts(
                issuing,
                new SvidFiles(directory),
                scheduler,
                clock,
                new Semaphore(MAX_REQUESTS),
                this::changed,
                this::tell);
        this.standing = standing;
        standing.done();
    }

    /** The current SVID of a workload's identity; empty while there is none that is valid. */
    public Optional<X509Svid> of(SpiffeId id) {
        HeldSvid one = held.get(id);
        return one == null ? Optional.empty() : one.current();
    }

    /** Why an identity that is wanted has no SVID, or an old one: what spiffe-ca said last. */
    public Optional<String> problem(SpiffeId id) {
        HeldSvid one = held.get(id);
        return one == null ? Optional.empty() : one.problem();
    }

    /** Holds SVIDs for these identities and no others. */
    public synchronized void publish(Collection<SpiffeId> wanted) {
        held.forEach((id, one) -> {
            if (!wanted.contains(id)) {
                one.end();
                held.remove(id);
                changed(id);
            }
        });
        tell();
        for (SpiffeId id : wanted) {
            if (!held.containsKey(id)) {
                HeldSvid one = new HeldSvid(id, parts);
                held.put(id, one);
                one.start(tainted);
            }
        }
    }

    /** Renews at once what stands on one of these authorities (subject key identifiers, lower-case hex). */
    public synchronized void renewIfTainted(Set<String> authorities) {
        tainted = Set.copyOf(authorities);
        held.values().forEach(one -> one.renewIfTainted(tainted));
    }

    /** Calls {@code listener} with the identity whose SVID came, was renewed, or went; it must not block. */
    public Subscription onChange(Consumer<SpiffeId> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Stops renewing; files stay. */
    @Override
    public void close() {
        held.values().forEach(HeldSvid::stop);
    }

    /** One sentence for all that failed: their cause is mostly one. */
    private void tell() {
        synchronized (telling) {
            List<SpiffeId> failing = held.keySet().stream()
                    .filter(id -> problem(id).isPresent())
                    .sorted(Comparator.comparing(SpiffeId::toString))
                    .toList();
            failing.stream()
                    .findFirst()
                    .flatMap(first -> problem(first).map(why -> "%s: %s".formatted(first, why)))
                    .ifPresentOrElse(
                            example -> standing.wrong(
                                    "%d of %d not received, %s".formatted(failing.size(), held.size(), example), NEXT),
                            standing::right);
        }
    }

    private void changed(SpiffeId id) {
        listeners.forEach(listener -> listener.accept(id));
    }
}
