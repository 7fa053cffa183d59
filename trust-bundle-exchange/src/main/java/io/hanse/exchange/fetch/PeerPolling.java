/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.fetch;

import io.hanse.exchange.fetch.FetchRules.Judgement;
import io.hanse.exchange.store.BundleLimits;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.transport.tls.Subscription;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every established peer's bundle fresh: one poll per peer at a time, the next one an interval after the last, and
 * never sooner because of a failure (Federation 6.2). Follows the store: a new relationship is polled at once, an ended
 * one no more (6.3).
 */
public final class PeerPolling implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerPolling.class);

    private final StateStore store;
    private final BundleFetcher fetcher;
    private final PollSchedule schedule;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final MeterRegistry metrics;
    private final Map<TrustDomain, Poll> polls = new TreeMap<>();
    private Subscription subscription = () -> {};
    private boolean closed;

    public PeerPolling(
            StateStore store,
            BundleFetcher fetcher,
            PollSchedule schedule,
            Scheduler scheduler,
            InstantSource clock,
            RandomGenerator random,
            MeterRegistry metrics) {
        this.store = store;
        this.fetcher = fetcher;
        this.schedule = schedule;
        this.scheduler = scheduler;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
    }

    /** Begins with what the store holds. */
    public synchronized void start() {
        subscription = store.onChange(() -> scheduler.now(this::reconcile));
        reconcile();
    }

    /** How the polling of {@code trustDomain} stands. */
    public PollStatus status(TrustDomain trustDomain) {
        return poll(trustDomain).map(poll -> poll.status).orElse(PollStatus.NONE);
    }

    /** Polls now and waits for it; empty if there is no established relationship with {@code trustDomain}. */
    public Optional<PollStatus> refresh(TrustDomain trustDomain) {
        reconcile();
        return poll(trustDomain).map(poll -> {
            poll.run();
            return poll.status;
        });
    }

    private synchronized Optional<Poll> poll(TrustDomain trustDomain) {
        return Optional.ofNullable(polls.get(trustDomain));
    }

    private synchronized void reconcile() {
        if (closed) {
            return;
        }
        Map<TrustDomain, Relationship> wanted = store.current().relationships();
        polls.values().removeIf(poll -> {
            Relationship now = wanted.get(poll.relationship.trustDomain());
            boolean over = !poll.relationship.equals(now);
            if (over) {
                poll.cancel();
            }
            return over;
        });
        for (Relationship relationship : wanted.values()) {
            if (relationship.state() == Relationship.State.ESTABLISHED
                    && !polls.containsKey(relationship.trustDomain())) {
                Poll poll = new Poll(relationship);
                polls.put(relationship.trustDomain(), poll);
                poll.scheduleIn(Duration.ZERO);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscription.close();
        polls.values().forEach(Poll::cancel);
        polls.clear();
    }

    /** The polling of one relationship. */
    private final class Poll {

        private final Relationship relationship;
        private final Counter good;
        private final Counter bad;
        private final Gauge age;
        private volatile PollStatus status = PollStatus.NONE;
        private volatile Cancellable next = () -> {};
        private volatile boolean cancelled;

        Poll(Relationship relationship) {
            this.relationship = relationship;
            this.good = polls("fetched");
            this.bad = polls("failed");
            this.age = Gauge.builder("hanse.exchange.peer.bundle.age", this, Poll::ageSeconds)
                    .description("Seconds since the peer's endpoint last served its bundle")
                    .baseUnit("seconds")
                    .tag(LogKeys.TRUST_DOMAIN, relationship.trustDomain().name())
                    .register(metrics);
        }

        private Counter polls(String outcome) {
            return Counter.builder("hanse.exchange.peer.polls")
                    .description("Polls of a peer's bundle endpoint")
                    .tag(LogKeys.TRUST_DOMAIN, relationship.trustDomain().name())
                    .tag(LogKeys.OUTCOME, outcome)
                    .register(metrics);
        }

        private double ageSeconds() {
            Optional<Instant> seen = status.lastSuccess().or(() -> held().map(PeerBundle::fetchedAt));
            return seen.map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
                    .orElse(Double.NaN);
        }

        private Optional<PeerBundle> held() {
            return Optional.ofNullable(store.current().bundles().get(relationship.trustDomain()));
        }

        /** One poll, from fetch to store. */
        synchronized void run() {
            if (cancelled) {
                return;
            }
            try {
                apply(fetcher.fetch(relationship));
            } catch (StateException e) {
                Instant now = clock.instant();
                note(
                        status.lastSuccess(),
                        Optional.of(problem(
                                ReasonCode.STATE_NOT_WRITTEN,
                                "its new bundle cannot be kept here: %s; %s".formatted(e.getMessage(), e.next()),
                                now)),
                        now);
            } finally {
                // Whatever happened, the peer is asked again.
                scheduleIn(
                        schedule.next(held().flatMap(bundle -> bundle.bundle().refreshHint()), random));
            }
        }

        private void apply(FetchOutcome outcome) {
            if (cancelled) {
                return;
            }
            Instant now = clock.instant();
            switch (outcome) {
                case FetchOutcome.Fetched fetched -> {
                    good.increment();
                    note(Optional.of(now), take(fetched.bundle(), now), now);
                }
                case FetchOutcome.Failed failed -> {
                    bad.increment();
                    note(status.lastSuccess(), Optional.of(problem(failed.reason(), failed.detail(), now)), now);
                }
            }
        }

        private Optional<PollStatus.Problem> take(TrustBundle fetched, Instant now) {
            TrustDomain domain = relationship.trustDomain();
            Judgement judgement = store.decide(state -> {
                Optional<TrustBundle> held =
                        Optional.ofNullable(state.bundles().get(domain)).map(PeerBundle::bundle);
                if (!relationship.equals(state.relationships().get(domain))) {
                    return new Change<>(state, new Judgement.Keep());
                }
                Judgement made = FetchRules.judge(held, fetched);
                boolean taken = made instanceof Judgement.Replace || made instanceof Judgement.SameSequence;
                if (taken && !BundleLimits.hasRoom(state, fetched)) {
                    return new Change<>(state, new Judgement.NoRoom());
                }
                return switch (made) {
                    case Judgement.Replace replace ->
                        new Change<>(state.with(new PeerBundle(replace.bundle(), now)), made);
                    case Judgement.SameSequence same ->
                        new Change<>(state.with(new PeerBundle(same.bundle(), now)), made);
                    case Judgement.Keep keep -> new Change<>(state, keep);
                    case Judgement.RolledBack rolledBack -> new Change<>(state, rolledBack);
                    case Judgement.NoRoom noRoom -> new Change<>(state, noRoom);
                };
            });
            return switch (judgement) {
                case Judgement.Keep keep -> standing();
                case Judgement.Replace replace -> {
                    LOG.atInfo()
                            .addKeyValue(LogKeys.EVENT, "peer_bundle_changed")
                            .addKeyValue(LogKeys.TRUST_DOMAIN, domain)
                            .addKeyValue(LogKeys.SEQUENCE, fetched.sequence().orElse(0))
                            .log("a peer published a new bundle");
                    yield Optional.empty();
                }
                case Judgement.SameSequence same ->
                    Optional.of(problem(
                            ReasonCode.BUNDLE_SEQUENCE_REUSED,
                            "it changed its keys without changing their sequence %d; taken, but its operator should look"
                                    .formatted(same.sequence()),
                            now));
                case Judgement.NoRoom noRoom ->
                    Optional.of(problem(
                            ReasonCode.LIMIT_EXCEEDED,
                            ("it serves a new bundle of %d bytes, for which there is no room beside those of the other"
                                            + " peers (%d bytes for all); the one held is kept")
                                    .formatted(BundleLimits.size(fetched), BundleLimits.MAX_TOTAL_BYTES),
                            now));
                case Judgement.RolledBack back ->
                    Optional.of(problem(
                            ReasonCode.BUNDLE_ROLLED_BACK,
                            ("it serves sequence %d, older than %d which is held and kept; if it was rebuilt from a"
                                            + " backup, disconnect and invite again")
                                    .formatted(back.fetched(), back.held()),
                            now));
            };
        }

        /** A reused sequence stays reported for as long as that bundle is the newest. */
        private Optional<PollStatus.Problem> standing() {
            return status.problem().filter(problem -> problem.code() == ReasonCode.BUNDLE_SEQUENCE_REUSED);
        }

        private PollStatus.Problem problem(ReasonCode code, String detail, Instant now) {
            Instant since = status.problem()
                    .filter(before -> before.code() == code)
                    .map(PollStatus.Problem::since)
                    .orElse(now);
            return new PollStatus.Problem(code, detail, since);
        }

        private void note(Optional<Instant> success, Optional<PollStatus.Problem> problem, Instant now) {
            boolean fresh = problem.isPresent()
                    && status.problem()
                            .map(PollStatus.Problem::code)
                            .filter(problem.get().code()::equals)
                            .isEmpty();
            if (fresh) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.EVENT, "peer_poll_failed")
                        .addKeyValue(LogKeys.TRUST_DOMAIN, relationship.trustDomain())
                        .addKeyValue(LogKeys.REASON_CODE, problem.get().code())
                        .addKeyValue(LogKeys.REASON, problem.get().detail())
                        .log("a peer's bundle could not be refreshed; the last good one is kept");
            } else if (problem.isEmpty() && status.problem().isPresent()) {
                LOG.atInfo()
                        .addKeyValue(LogKeys.EVENT, "peer_poll_recovered")
                        .addKeyValue(LogKeys.TRUST_DOMAIN, relationship.trustDomain())
                        .log("a peer's bundle is fresh again");
            }
            status = new PollStatus(success, problem, Optional.of(now));
        }

        synchronized void scheduleIn(Duration delay) {
            if (cancelled) {
                return;
            }
            next.cancel();
            next = scheduler.after(delay, this::run);
            status = new PollStatus(
                    status.lastSuccess(),
                    status.problem(),
                    Optional.of(clock.instant().plus(delay)));
        }

        /** Without waiting for a poll in flight: its answer is ignored. */
        void cancel() {
            cancelled = true;
            next.cancel();
            metrics.remove(age);
            metrics.remove(good);
            metrics.remove(bad);
        }
    }
}
