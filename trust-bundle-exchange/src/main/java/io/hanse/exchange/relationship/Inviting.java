/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.OpenInvitation;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.Secret;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.runtime.telemetry.LogKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inviter's side: makes invitations and lets each be used once. Any thread; blocks for the disk. */
public final class Inviting {

    /** An invitation is typed or mailed within this time; {@code ttlSeconds} may ask for up to {@link #LONGEST_TTL}. */
    public static final Duration USUAL_TTL = Duration.ofMinutes(15);

    /** A day: enough for another time zone's working hours, and still a short-lived secret. */
    public static final Duration LONGEST_TTL = Duration.ofHours(24);

    /** An operator has a handful open; more is a script gone wrong. */
    static final int MAX_OPEN = 100;

    /** Used and expired ones remembered, so that a late acceptor is told what happened. */
    static final int MAX_REMEMBERED = 300;

    /** How long they are remembered. */
    static final Duration REMEMBERED_FOR = Duration.ofDays(7);

    /** Clusters in one league; the image of a cluster is designed for 500. */
    static final int MAX_RELATIONSHIPS = 1_000;

    private static final int ID_BYTES = 12;
    private static final Logger LOG = LoggerFactory.getLogger(Inviting.class);

    private final Ourselves us;
    private final StateStore store;
    private final InstantSource clock;
    private final SecureRandom random;

    public Inviting(Ourselves us, StateStore store, InstantSource clock, SecureRandom random) {
        this.us = us;
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new invitation's text and expiry.
     *
     * @param text to give to the other operator, over a way that others do not read
     */
    public record Made(String text, Instant expiresAt) {}

    /**
     * Makes an invitation.
     *
     * @param intendedFor the only cluster that may use it
     * @param ttl 1 s to {@link #LONGEST_TTL}
     */
    public Outcome<Made> invite(Optional<ClusterName> intendedFor, Duration ttl) {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
            return new Refused<>(
                    RefusalCode.BAD_REQUEST,
                    "An invitation cannot last %s (expected: 1 s to 24 h).".formatted(Elapsed.text(ttl)),
                    "connect-clusters invite <cluster>");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Secret secret = Secret.random(random);
        return store.decide(
                state -> invite(state, intendedFor, ttl, HexFormat.of().formatHex(id), secret));
    }

    private Change<Outcome<Made>> invite(
            ExchangeState state, Optional<ClusterName> intendedFor, Duration ttl, String id, Secret secret) {
        if (state.own().isEmpty()) {
            return new Change<>(state, notReady());
        }
        Instant now = clock.instant();
        SortedMap<String, OpenInvitation> remembered = forget(state.invitations(), now);
        if (remembered.values().stream().filter(one -> one.isOpen(now)).count() >= MAX_OPEN) {
            return new Change<>(
                    state,
                    new Refused<>(
                            RefusalCode.TOO_MANY_INVITATIONS,
                            "%d invitations are open already.".formatted(MAX_OPEN),
                            "wait until some expire"));
        }
        Instant expiresAt = Instant.ofEpochSecond(now.plus(ttl).getEpochSecond());
        Invitation invitation = new Invitation(
                id,
                us.cluster(),
                us.trustDomain(),
                us.gateways(),
                us.endpointId(),
                Body.of(BundleJson.format(state.own().get())).sha256(),
                secret,
                expiresAt);
        OpenInvitation open = new OpenInvitation(
                id, secret, intendedFor, InvitationText.fingerprint(invitation), now, expiresAt, Optional.empty());
        return new Change<>(
                state.withInvitations(remembered).with(open),
                new Done<>(new Made(InvitationText.format(invitation), expiresAt)));
    }

    /**
     * Drops what nobody will ask for again, and makes room for one more: what is used or expired goes, the oldest first. It
     * is refused as unknown from then on, as it was refused as used before.
     */
    private static SortedMap<String, OpenInvitation> forget(SortedMap<String, OpenInvitation> all, Instant now) {
        SortedMap<String, OpenInvitation> kept = new TreeMap<>(all);
        kept.values().removeIf(one -> one.expiresAt().plus(REMEMBERED_FOR).isBefore(now));
        List<OpenInvitation> tooMany = kept.values().stream()
                .filter(one -> !one.isOpen(now))
                .sorted(Comparator.comparing(OpenInvitation::expiresAt))
                .limit(Math.max(0, kept.size() - MAX_REMEMBERED + 1))
                .toList();
        tooMany.forEach(one -> kept.remove(one.id()));
        return kept;
    }

    /**
     * Lets an acceptor use an invitation: relationship and used-up invitation become durable in one write before this
     * returns. The very same request, repeated because its answer was lost, is answered like the first.
     *
     * @param body the request, untrusted
     * @param proof header {@code Hanse-Proof}
     * @return this cluster's bundle document
     */
    public Outcome<Body> redeem(Body body, Optional<String> proof) {
        AcceptRequest request;
        try {
            request = AcceptRequest.parse(body);
        } catch (IllegalArgumentException e) {
            return logged(new Refused<>(
                    RefusalCode.BAD_REQUEST,
                    "The request cannot be read: %s.".formatted(e.getMessage()),
                    sameVersion()));
        } catch (UnusableBundle e) {
            return logged(new Refused<>(
                    RefusalCode.BAD_REQUEST,
                    e.reason(),
                    "The request's bundle cannot be used: %s.".formatted(e.getMessage()),
                    sameVersion()));
        }
        Outcome<Body> outcome = store.decide(state -> redeem(state, request, body, proof.flatMap(Inviting::hex)));
        switch (outcome) {
            case Done<Body> done ->
                LOG.atInfo()
                        .addKeyValue(LogKeys.EVENT, "invitation_used")
                        .addKeyValue(LogKeys.TRUST_DOMAIN, request.trustDomain())
                        .addKeyValue(LogKeys.PEER, request.cluster())
                        .log("relationship made: an invitation was accepted");
            case Refused<Body> refused -> logged(refused);
        }
        return outcome;
    }

    private String sameVersion() {
        return "run accept with the same version of Hanse as %s has".formatted(us.cluster());
    }

    private static Refused<Body> logged(Refused<Body> refused) {
        LOG.atWarn()
                .addKeyValue(LogKeys.EVENT, "invitation_refused")
                .addKeyValue(LogKeys.REASON_CODE, refused.reason())
                .log("an attempt to use an invitation was refused");
        return refused;
    }

    private Change<Outcome<Body>> redeem(ExchangeState state, AcceptRequest request, Body body, Optional<Body> proof) {
        OpenInvitation invitation = state.invitations().get(request.invitation());
        if (invitation == null) {
            return refuse(
                    state,
                    RefusalCode.INVITATION_UNKNOWN,
                    "%s does not know this invitation; it may have been made before its state was lost."
                            .formatted(us.cluster()));
        }
        // Before anything is said about the invitation: whoever does not hold its secret learns nothing.
        if (proof.isEmpty()
                || !invitation.secret().verifies(body.bytes(), proof.get().bytes())) {
            return refuse(
                    state,
                    RefusalCode.INVITATION_UNPROVED,
                    "The request is not proved with the invitation's secret; its text was altered, or somebody tries.");
        }
        if (!invitation.fingerprint().equals(request.invitationSha256())) {
            return refuse(
                    state,
                    RefusalCode.INVITATION_ALTERED,
                    "The invitation's text is not the one that %s made.".formatted(us.cluster()));
        }
        Instant now = clock.instant();
        Optional<OpenInvitation.Use> use = invitation.use();
        if (use.isPresent()) {
            // One that is pending is another story: what this invitation made has ended.
            boolean repeated = use.get().bodySha256().equals(body.sha256())
                    && Optional.ofNullable(state.relationships().get(request.trustDomain()))
                            .filter(one -> one.state() == Relationship.State.ESTABLISHED)
                            .isPresent();
            if (repeated && state.own().isPresent()) {
                return new Change<>(
                        state, new Done<>(Body.of(BundleJson.format(state.own().get()))));
            }
            return refuse(
                    state,
                    RefusalCode.INVITATION_USED,
                    "This invitation was used %s ago by %s (%s)."
                            .formatted(
                                    Elapsed.text(Duration.between(use.get().at(), now)),
                                    use.get().trustDomain(),
                                    use.get().cluster()));
        }
        if (!invitation.isOpen(now)) {
            return refuse(
                    state,
                    RefusalCode.INVITATION_EXPIRED,
                    "This invitation expired %s ago."
                            .formatted(Elapsed.text(Duration.between(invitation.expiresAt(), now))));
        }
        return claim(state, invitation, request)
                .map(refused -> new Change<>(state, refused))
                .orElseGet(() -> connect(state, invitation, request, body, now));
    }

    /** Whether the acceptor claims what is not its own. */
    private Optional<Outcome<Body>> claim(ExchangeState state, OpenInvitation invitation, AcceptRequest request) {
        if (invitation
                .intendedFor()
                .filter(name -> !name.equals(request.cluster()))
                .isPresent()) {
            return Optional.of(refused(
                    RefusalCode.INVITATION_FOR_ANOTHER,
                    "This invitation is for cluster %s, not for %s."
                            .formatted(invitation.intendedFor().get(), request.cluster())));
        }
        if (request.trustDomain().equals(us.trustDomain())) {
            return Optional.of(refused(
                    RefusalCode.TRUST_DOMAIN_CLAIMED,
                    "Trust domain %s is the inviter's own; each cluster needs its own.".formatted(us.trustDomain())));
        }
        return ConnectRules.conflict(us, state, request.trustDomain(), request.cluster())
                .or(() -> ConnectRules.room(us, state, request.bundle()))
                .map(conflict -> refused(conflict.code(), conflict.text()));
    }

    private Change<Outcome<Body>> connect(
            ExchangeState state, OpenInvitation invitation, AcceptRequest request, Body body, Instant now) {
        Optional<TrustBundle> own = state.own();
        if (own.isEmpty()) {
            return new Change<>(state, notReady());
        }
        Relationship relationship = Relationship.byInvitation(
                request.trustDomain(),
                request.cluster(),
                request.gateways(),
                request.endpointId(),
                Relationship.State.ESTABLISHED,
                now);
        OpenInvitation used =
                invitation.usedBy(new OpenInvitation.Use(request.trustDomain(), request.cluster(), now, body.sha256()));
        ExchangeState next = state.connected(relationship, new PeerBundle(request.bundle(), now))
                .with(used);
        return new Change<>(next, new Done<>(Body.of(BundleJson.format(own.get()))));
    }

    private Change<Outcome<Body>> refuse(ExchangeState state, RefusalCode code, String text) {
        return new Change<>(state, refused(code, text));
    }

    private Outcome<Body> refused(RefusalCode code, String text) {
        String next = code == RefusalCode.ALREADY_CONNECTED
                ? "disconnect first: connect-clusters disconnect (in %s)".formatted(us.cluster())
                : "ask for a new one: connect-clusters invite <cluster> (in %s)".formatted(us.cluster());
        return new Refused<>(code, text, next);
    }

    private <T> Outcome<T> notReady() {
        return new Refused<>(
                RefusalCode.NOT_READY,
                "%s has no bundle of its own yet; its spiffe-ca has not been heard.".formatted(us.cluster()),
                "connect-clusters status (in %s)".formatted(us.cluster()));
    }

    private static Optional<Body> hex(String text) {
        try {
            return Optional.of(Body.of(HexFormat.of().parseHex(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
