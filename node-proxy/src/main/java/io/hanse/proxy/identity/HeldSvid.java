/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.identity;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.Renewal;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SVID of one workload identity, from its first issue to each renewal: at half life ± 10 %, at once when its
 * authority is tainted. A failed renewal keeps what is still valid and is tried again with backoff.
 */
final class HeldSvid {

    private static final Logger LOG = LoggerFactory.getLogger(HeldSvid.class);

    private static final Duration FIRST_RETRY = Duration.ofMillis(250);

    /** Istio's; with half a life of an hour left there are a dozen tries. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(150);

    /** However short a life, its second half has time for several tries. */
    private static final int TRIES_IN_A_LIFE = 12;

    private final SpiffeId id;
    private final Parts parts;
    private final Backoff backoff = Backoff.between(FIRST_RETRY, LONGEST_RETRY);
    private volatile @Nullable X509Svid svid;
    private volatile @Nullable String problem;
    private Set<String> tainted = Set.of();
    private @Nullable Cancellable next;
    private boolean stopped;

    /**
     * What all of a node's SVIDs share.
     *
     * @param judged hears each time that a {@link #problem} may have come or gone
     */
    record Parts(
            Issuing issuing,
            SvidFiles files,
            Scheduler scheduler,
            InstantSource clock,
            Semaphore requests,
            Consumer<SpiffeId> changed,
            Runnable judged) {}

    HeldSvid(SpiffeId id, Parts parts) {
        this.id = id;
        this.parts = parts;
    }

    Optional<X509Svid> current() {
        return Optional.ofNullable(svid).filter(this::isValid);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Takes what the file holds, if it is still good, and asks for the rest. */
    synchronized void start(Set<String> taintedNow) {
        tainted = taintedNow;
        Optional<X509Svid> kept = parts.files().read(id).filter(this::isValid);
        if (kept.isPresent()) {
            hold(kept.get(), kept.get().validFrom());
        } else {
            arm(Duration.ZERO);
        }
    }

    synchronized void renewIfTainted(Set<String> taintedNow) {
        tainted = taintedNow;
        if (isTainted(svid)) {
            arm(Duration.ZERO);
        }
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    /** The workload has left this node: its key goes too. */
    void end() {
        stop();
        svid = null;
        problem = null;
        parts.files().delete(id);
    }

    /** Runs on a scheduler thread, outside the lock while it waits for spiffe-ca. */
    private void renew() {
        try {
            parts.requests().acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            X509Svid fresh = parts.issuing().issue(id);
            take(fresh);
        } catch (CertificateRefused e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A bug below must not end the renewals of a workload for good.
            LOG.atError().addKeyValue(LogKeys.SPIFFE_ID, id).setCause(e).log("renewal failed, this is a bug");
            failed(ReasonCode.INTERNAL_ERROR + ": " + e);
        } finally {
            parts.requests().release();
        }
    }

    private void take(X509Svid fresh) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            parts.files().write(fresh);
            problem = null;
            parts.judged().run();
            if (!isTainted(fresh)) {
                backoff.reset();
            }
            hold(fresh, parts.clock().instant());
        }
        LOG.atInfo()
                .addKeyValue(LogKeys.SPIFFE_ID, id)
                .addKeyValue("expires_at", fresh.expiresAt())
                .log("workload certificate received");
    }

    private synchronized void failed(String why) {
        if (stopped) {
            return;
        }
        Duration wait = patience();
        // One line for a standing problem; the status page has it all the time.
        if (!why.equals(problem)) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.SPIFFE_ID, id)
                    .addKeyValue(LogKeys.REASON, why)
                    .addKeyValue("retry_in", wait)
                    .log("workload certificate not received");
        }
        problem = why;
        parts.judged().run();
        arm(wait);
    }

    /** @param since when it was issued, as far as is known */
    private void hold(X509Svid held, Instant since) {
        svid = held;
        // What a tainted authority signs is asked for again with patience: asking at once would not make it stop.
        arm(
                isTainted(held)
                        ? patience()
                        : Renewal.until(held, since, parts.clock().instant()));
        parts.changed().accept(id);
    }

    /** The next wait, short enough that what is held does not run out over a single one. */
    private Duration patience() {
        Duration wait = backoff.next();
        X509Svid held = svid;
        if (held == null) {
            return wait;
        }
        Duration most = Duration.between(held.validFrom(), held.expiresAt()).dividedBy(TRIES_IN_A_LIFE);
        return most.compareTo(wait) < 0 ? most : wait;
    }

    private synchronized void arm(Duration wait) {
        if (next != null) {
            next.cancel();
        }
        if (!stopped) {
            next = parts.scheduler().after(wait, this::renew);
        }
    }

    private boolean isTainted(@Nullable X509Svid one) {
        return one != null && one.authorityKeyIds().stream().anyMatch(tainted::contains);
    }

    private boolean isValid(X509Svid one) {
        return parts.clock().instant().isBefore(one.expiresAt());
    }
}
