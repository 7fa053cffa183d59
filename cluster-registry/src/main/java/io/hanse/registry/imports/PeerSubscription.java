/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.imports;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hanse.model.cluster.HostPort;
import io.hanse.registry.replica.ImportStore;
import io.hanse.runtime.grpc.GrpcFailures;
import io.hanse.runtime.telemetry.LogKeys;
import io.hanse.runtime.time.Backoff;
import io.hanse.runtime.time.Cancellable;
import io.hanse.runtime.time.Scheduler;
import io.hanse.runtime.trust.Relationship;
import io.hanse.wire.xds.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscription of this replica to one peer, from {@link #start} to {@link #stop}.
 *
 * <p>Moves: connecting → connected on the first message; connected or connecting → backoff when the link ends; backoff →
 * connecting through the next gateway; any → leased-out when nothing was heard for a lease; leased-out → held-down with
 * the next message, and back when the peer was heard for as long as {@link HoldDown} asks. What was told is kept across links, so that a new link asks for changes only. Its lock guards all of it;
 * links call in on their own threads and carry a number, so that a late word of an old link is not taken for the new
 * one's.
 */
final class PeerSubscription {

    private static final Logger LOG = LoggerFactory.getLogger(PeerSubscription.class);

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final Relationship peer;
    private final ImportCheck check;
    private final PeerLink.Dialer dialer;
    private final ImportStore store;
    private final KeptImports kept;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final ImportTerms terms;
    private final HoldDown holdDown;
    private final Backoff backoff;
    private ToldResources told = new ToldResources();
    private Refusals refusals = new Refusals();
    private PeerStatus.State state = PeerStatus.State.CONNECTING;
    private Optional<PeerLink> link = Optional.empty();
    private Optional<Instant> connectedSince = Optional.empty();
    private Optional<Instant> lastContact = Optional.empty();
    private Optional<String> lastError = Optional.empty();
    private Instant leaseFrom;
    private boolean leasedOut;
    private Optional<Instant> heldUntil = Optional.empty();
    private int withdrawn;
    private int gateway;
    private long links;
    private boolean stopped;
    private Cancellable retry = () -> {};
    private Cancellable leaseCheck = () -> {};
    private Cancellable silence = () -> {};
    private Cancellable release = () -> {};

    PeerSubscription(
            Relationship peer,
            ImportCheck check,
            PeerLink.Dialer dialer,
            ImportStore store,
            KeptImports kept,
            Scheduler scheduler,
            InstantSource clock,
            ImportTerms terms,
            RandomGenerator random) {
        this.peer = peer;
        this.check = check;
        this.dialer = dialer;
        this.store = store;
        this.kept = kept;
        this.scheduler = scheduler;
        this.clock = clock;
        this.terms = terms;
        this.backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
        this.holdDown = new HoldDown(terms, clock.instant());
        this.leaseFrom = clock.instant();
    }

    Relationship peer() {
        return peer;
    }

    /** Begins; what another replica or an earlier run left is used for one lease, however often this process starts. */
    synchronized void start() {
        Optional<byte[]> replicated = store.get(peer.trustDomain());
        replicated.or(() -> kept.find(peer.trustDomain())).ifPresent(bytes -> {
            try {
                told = ToldResources.of(bytes);
                if (replicated.isEmpty()) {
                    useKept(bytes);
                }
            } catch (InvalidProtocolBufferException e) {
                store.remove(peer.trustDomain());
            }
        });
        watchLease(leaseLeft());
        dial();
    }

    private void useKept(byte[] bytes) {
        Instant now = clock.instant();
        leaseFrom = kept.graceUntil(peer.trustDomain(), now.plus(terms.lease())).minus(terms.lease());
        leasedOut = !leaseLeft().isPositive();
        if (!leasedOut) {
            store.put(peer.trustDomain(), bytes);
        }
    }

    /** Ends without withdrawing: the relationship's end or the new owner decides about what stands. */
    synchronized void stop() {
        stopped = true;
        retry.cancel();
        leaseCheck.cancel();
        silence.cancel();
        release.cancel();
        link.ifPresent(PeerLink::close);
        link = Optional.empty();
    }

    private void dial() {
        state = PeerStatus.State.CONNECTING;
        long number = ++links;
        silence.cancel();
        silence = scheduler.after(terms.lease(), () -> silent(number));
        HostPort through = peer.gateways().get(gateway);
        try {
            link = Optional.of(dialer.dial(peer, through, told.versions(), new Numbered(number)));
        } catch (RuntimeException e) {
            // The address is the peer's word: one that cannot even be tried is a gateway that is away, no more.
            backOff(GrpcFailures.describe(e));
        }
    }

    /** What one link says. */
    private final class Numbered implements PeerLink.Listener {

        private final long number;

        Numbered(long number) {
            this.number = number;
        }

        @Override
        public List<Refusal> received(List<Resource> resources, List<String> removed) {
            return PeerSubscription.this.received(number, resources, removed);
        }

        @Override
        public void ended(String why) {
            PeerSubscription.this.ended(number, why);
        }
    }

    private synchronized List<Refusal> received(long number, List<Resource> resources, List<String> removed) {
        if (stopped || number != links) {
            return List.of();
        }
        Instant now = clock.instant();
        if (lastContact.isEmpty()) {
            scheduler.now(() -> kept.heard(peer.trustDomain()));
        }
        lastContact = Optional.of(now);
        leaseFrom = now;
        if (state != PeerStatus.State.CONNECTED) {
            state = PeerStatus.State.CONNECTED;
            connectedSince = Optional.of(now);
            lastError = Optional.empty();
            backoff.reset();
            LOG.atInfo()
                    .addKeyValue(LogKeys.PEER, peer.trustDomain())
                    .addKeyValue(LogKeys.ADDRESS, peer.gateways().get(gateway))
                    .log("subscribed to a peer's registry");
        }
        boolean changes = !resources.isEmpty() || !removed.isEmpty();
        List<Refusal> refused = changes ? apply(resources, removed) : List.of();
        if (leasedOut) {
            heardAgain(now);
        } else if (changes) {
            store.put(peer.trustDomain(), told.toBytes());
        }
        return refused;
    }

    private void heardAgain(Instant now) {
        if (heldUntil.isPresent()) {
            return;
        }
        Duration wait = holdDown.delay();
        if (wait.isZero()) {
            comeBack(now);
        } else {
            heldUntil = Optional.of(now.plus(wait));
            release = scheduler.after(wait, this::release);
            LOG.atInfo()
                    .addKeyValue(LogKeys.PEER, peer.trustDomain())
                    .addKeyValue(LogKeys.COUNT, holdDown.losses())
                    .addKeyValue(LogKeys.ELAPSED, wait)
                    .log("heard a peer again that was lost repeatedly, its endpoints wait until it has stayed");
        }
        watchLease(terms.lease());
    }

    /** A peer that fell silent meanwhile is about to be let go again. */
    private synchronized void release() {
        if (!stopped && heldUntil.isPresent() && leaseLeft().isPositive()) {
            comeBack(clock.instant());
        }
    }

    private Duration leaseLeft() {
        return Duration.between(clock.instant(), leaseFrom.plus(terms.lease()));
    }

    private void comeBack(Instant now) {
        leasedOut = false;
        heldUntil = Optional.empty();
        withdrawn = 0;
        holdDown.back(now);
        store.put(peer.trustDomain(), told.toBytes());
        LOG.atInfo().addKeyValue(LogKeys.PEER, peer.trustDomain()).log("a peer's endpoints are back");
    }

    private List<Refusal> apply(List<Resource> resources, List<String> removed) {
        Refusals all = told.apply(resources, removed);
        all.addAll(check.check(told.all()).refusals());
        boolean fresh = !all.shown().equals(refusals.shown());
        refusals = all;
        if (all.count() > 0 && fresh) {
            Refusal first = all.shown().getFirst();
            LOG.atWarn()
                    .addKeyValue(LogKeys.PEER, peer.trustDomain())
                    .addKeyValue(LogKeys.COUNT, all.count())
                    .addKeyValue(LogKeys.REASON_CODE, first.reason())
                    .addKeyValue(LogKeys.REASON, first)
                    .log("refused part of what a peer exports");
        }
        return all.shown();
    }

    private synchronized void ended(long number, String why) {
        if (stopped || number != links || link.isEmpty()) {
            return;
        }
        backOff(why);
    }

    private void backOff(String why) {
        link = Optional.empty();
        state = PeerStatus.State.BACKOFF;
        connectedSince = Optional.empty();
        lastError = Optional.of(why);
        gateway = (gateway + 1) % peer.gateways().size();
        // The other gateways are tried at once; the wait comes when all of them failed.
        Duration wait = gateway == 0 ? backoff.next() : Duration.ZERO;
        retry = scheduler.after(wait, this::redial);
        LOG.atInfo()
                .addKeyValue(LogKeys.PEER, peer.trustDomain())
                .addKeyValue(LogKeys.REASON, why)
                .log("lost a peer's registry, trying again");
    }

    /** A link on which nothing ever came is as good as none. */
    private synchronized void silent(long number) {
        if (number == links && state == PeerStatus.State.CONNECTING) {
            giveUp("IDLE_TIMEOUT: nothing was heard");
        }
    }

    private void giveUp(String why) {
        link.ifPresent(PeerLink::close);
        ended(links, why);
    }

    private synchronized void redial() {
        if (!stopped && link.isEmpty()) {
            dial();
        }
    }

    private void watchLease(Duration in) {
        leaseCheck.cancel();
        leaseCheck = scheduler.after(in, this::checkLease);
    }

    private synchronized void checkLease() {
        if (stopped) {
            return;
        }
        Duration left = leaseLeft();
        if (left.isPositive()) {
            watchLease(left);
            return;
        }
        if (leasedOut) {
            release.cancel();
            heldUntil = Optional.empty();
        } else {
            withdraw();
        }
        if (state == PeerStatus.State.CONNECTED) {
            giveUp("IDLE_TIMEOUT: nothing was heard for a lease");
        }
    }

    private void withdraw() {
        leasedOut = true;
        withdrawn = check.check(told.all()).imported().workloads().size();
        if (withdrawn > 0) {
            holdDown.lost(clock.instant());
        }
        store.remove(peer.trustDomain());
        LOG.atWarn()
                .addKeyValue(LogKeys.PEER, peer.trustDomain())
                .addKeyValue(LogKeys.COUNT, withdrawn)
                .addKeyValue(LogKeys.ELAPSED, terms.lease())
                .log("a peer was not heard for a lease, its endpoints are withdrawn");
    }

    synchronized PeerStatus status() {
        return new PeerStatus(
                peer,
                leasedOut ? withdrawnState() : state,
                Optional.of(peer.gateways().get(gateway)),
                connectedSince,
                lastContact,
                leasedOut ? Optional.empty() : Optional.of(leaseFrom.plus(terms.lease())),
                withdrawn,
                holdDown.losses(),
                heldUntil,
                refusals.shown(),
                refusals.byReason(),
                lastError);
    }

    private PeerStatus.State withdrawnState() {
        return heldUntil.isPresent() ? PeerStatus.State.HELD_DOWN : PeerStatus.State.LEASED_OUT;
    }
}
