/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.publish;

import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.BundleSource;
import io.hanse.transport.tls.Subscription;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over this trust domain's keys from spiffe-ca whenever they change, and gives each new document its sequence. What
 * was published stays published while spiffe-ca is away.
 */
public final class OwnBundle implements AutoCloseable {

    /** A disk is made room on by hand; a new authority signs no sooner than three refresh hints after it is made. */
    static final Duration RETRY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(OwnBundle.class);

    private final TrustDomain trustDomain;
    private final Duration refreshHint;
    private final StateStore store;
    private final BundleSource authority;
    private final Scheduler scheduler;
    private final Runnable whenKnown;
    private Subscription subscription = () -> {};
    private volatile Cancellable again = () -> {};

    /**
     * The keeper of the own bundle.
     *
     * @param refreshHint how often consumers should look
     * @param authority spiffe-ca's bundle map; only its own trust domain is read
     * @param whenKnown told when there is a bundle to publish; may be told again
     */
    public OwnBundle(
            TrustDomain trustDomain,
            Duration refreshHint,
            StateStore store,
            BundleSource authority,
            Scheduler scheduler,
            Runnable whenKnown) {
        this.trustDomain = trustDomain;
        this.refreshHint = refreshHint;
        this.store = store;
        this.authority = authority;
        this.scheduler = scheduler;
        this.whenKnown = whenKnown;
    }

    /** Begins; blocks for the disk. */
    public synchronized void start() {
        subscription = authority.onChange(map -> scheduler.now(this::refresh));
        refresh();
        if (store.current().own().isPresent()) {
            whenKnown.run();
        }
    }

    /** Takes over what spiffe-ca says now; when the disk refuses, what was published stays and it is tried again. */
    void refresh() {
        try {
            take();
        } catch (StateException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.TRUST_DOMAIN, trustDomain)
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .addKeyValue(LogKeys.NEXT, e.next())
                    .log("the own bundle has new content that cannot be written: the one published before stays");
            again.cancel();
            again = scheduler.after(RETRY, this::refresh);
        }
    }

    private void take() {
        Taken taken = store.decide(state -> {
            // Read within the step: of two threads the later one must not publish what the earlier one saw.
            Optional<TrustBundle> keys = authority.current().of(trustDomain);
            if (keys.isEmpty()) {
                return new Change<>(state, Taken.NOTHING);
            }
            if (keys.get().x509Authorities().isEmpty()) {
                return new Change<>(state, Taken.EMPTY);
            }
            TrustBundle next = SequenceRule.next(state.own(), store.sequenceFloor(), keys.get(), refreshHint);
            return new Change<>(
                    state.withOwn(next), state.own().filter(next::equals).isPresent() ? Taken.SAME : Taken.NEW);
        });
        if (taken == Taken.EMPTY) {
            // An empty document would revoke every SVID of this trust domain everywhere (Bundle 4.1.3).
            LOG.atWarn()
                    .addKeyValue(LogKeys.TRUST_DOMAIN, trustDomain)
                    .log("spiffe-ca shows no authority; the bundle published before stays");
        }
        if (taken == Taken.NEW) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.EVENT, "bundle_published")
                    .addKeyValue(LogKeys.TRUST_DOMAIN, trustDomain)
                    .addKeyValue(LogKeys.SEQUENCE, sequence().orElse(0))
                    .log("the own bundle has new content");
        }
        if (taken == Taken.NEW || taken == Taken.SAME) {
            whenKnown.run();
        }
    }

    /** What became of what spiffe-ca says. */
    private enum Taken {
        /** It says nothing yet. */
        NOTHING,
        /** It shows no authority. */
        EMPTY,
        /** It is what is published. */
        SAME,
        /** It is published from now on. */
        NEW
    }

    private OptionalLong sequence() {
        return store.current().own().map(TrustBundle::sequence).orElse(OptionalLong.empty());
    }

    @Override
    public synchronized void close() {
        again.cancel();
        subscription.close();
    }
}
