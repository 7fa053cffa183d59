/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsAnswer.Answered;
import io.hanse.exchange.fetch.HttpsAnswer.Failed;
import io.hanse.exchange.fetch.HttpsAnswer.Stage;
import io.hanse.exchange.fetch.PeerDocument;
import io.hanse.exchange.fetch.PeerDocument.UnusableBundle;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Farewell;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.PendingAccept;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.exchange.web.Body;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.telemetry.LogKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acceptor's side: from an invitation's text to a relationship in both directions.
 *
 * <p>Moves: nothing → PENDING (durable, before the inviter is asked) → ESTABLISHED (the inviter answered 200), or back to
 * nothing (the inviter refused, or was never reached). When the answer is lost the relationship stays PENDING, trusts
 * nobody, and the same accept again finishes it.
 *
 * <p>One accept at a time; blocks for the network, bounded by {@link PeerDoor}.
 */
public final class Accepting {

    /** SVIDs live an hour and are dated back by less; clocks that differ more break handshakes soon. Farewells allow it too. */
    static final Duration MOST_CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Accepting.class);

    private final Ourselves us;
    private final StateStore store;
    private final PeerDoor door;
    private final InstantSource clock;

    public Accepting(Ourselves us, StateStore store, PeerDoor door, InstantSource clock) {
        this.us = us;
        this.store = store;
        this.door = door;
        this.clock = clock;
    }

    /**
     * What was connected.
     *
     * @param relationship with the inviter, established
     * @param bundleSha256 of the inviter's bundle, as invited
     */
    public record Connected(Relationship relationship, String bundleSha256) {}

    /** Accepts an invitation. */
    public synchronized Outcome<Connected> accept(String text) {
        Outcome<Invitation> parsed = InvitationText.parse(text);
        Outcome<Connected> outcome = switch (parsed) {
            case Refused<Invitation> refused -> refused.cast();
            case Done<Invitation> done -> accept(done.value());
        };
        if (outcome instanceof Refused<Connected> refused) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.EVENT, "accept_refused")
                    .addKeyValue(LogKeys.REASON_CODE, refused.reason())
                    .addKeyValue(LogKeys.REASON, refused.text())
                    .log("an invitation was not accepted");
        }
        return outcome;
    }

    private Outcome<Connected> accept(Invitation invitation) {
        ExchangeState state = store.current();
        if (invitation.trustDomain().equals(us.trustDomain())) {
            return new Refused<>(
                    RefusalCode.INVITATION_SELF,
                    "This invitation was made by %s itself.".formatted(us.trustDomain()),
                    "run accept in the other cluster");
        }
        Optional<ConnectRules.Conflict> conflict = conflict(state, invitation);
        if (conflict.isPresent()) {
            return refused(conflict.get(), invitation);
        }
        PendingAccept pending = state.pending().get(invitation.trustDomain());
        if (pending != null && pending.invitationId().equals(invitation.id())) {
            return resume(invitation, pending);
        }
        Instant now = clock.instant();
        if (!now.isBefore(invitation.expiresAt())) {
            return new Refused<>(
                    RefusalCode.INVITATION_EXPIRED,
                    "This invitation expired %s ago by this machine's clock."
                            .formatted(Elapsed.text(Duration.between(invitation.expiresAt(), now))),
                    askForNew(invitation));
        }
        if (invitation.expiresAt().isAfter(now.plus(Inviting.LONGEST_TTL).plus(MOST_CLOCK_DIFFERENCE))) {
            return clocks(invitation, ReasonCode.CLOCK, "This invitation would be valid for longer than any may be");
        }
        if (state.own().isEmpty()) {
            return new Refused<>(
                    RefusalCode.NOT_READY,
                    "%s has no bundle of its own yet; its spiffe-ca has not been heard.".formatted(us.cluster()),
                    "connect-clusters status");
        }
        return pinned(invitation, state.own().get());
    }

    /** Step 1: the inviter's bundle, proved by the invitation's hash. */
    private Outcome<Connected> pinned(Invitation invitation, TrustBundle own) {
        HttpsAnswer answer = door.bundleOfAnybody(invitation.gateways());
        if (!(answer instanceof Answered answered)) {
            return unreachable(invitation, (Failed) answer);
        }
        if (!answered.isOk()) {
            return new Refused<>(
                    RefusalCode.ENDPOINT_UNREACHABLE,
                    "%s answered %d in place of its bundle.".formatted(gateways(invitation), answered.status()),
                    "check that its trust-bundle-exchange runs: connect-clusters status (in %s)"
                            .formatted(invitation.cluster()));
        }
        if (!answered.body().sha256().equals(invitation.bundleSha256())) {
            return new Refused<>(
                    RefusalCode.BUNDLE_MISMATCH,
                    ("The bundle behind %s has SHA-256 %s..., the invitation says %s...: either %s changed its bundle"
                                    + " since, or somebody else answers in its place.")
                            .formatted(
                                    gateways(invitation),
                                    answered.body().sha256().substring(0, 16),
                                    invitation.bundleSha256().substring(0, 16),
                                    invitation.cluster()),
                    askForNew(invitation));
        }
        Instant now = clock.instant();
        if (answered.date().isPresent()
                && Duration.between(answered.date().get(), now).abs().compareTo(MOST_CLOCK_DIFFERENCE) > 0) {
            return clocks(
                    invitation,
                    ReasonCode.CLOCK,
                    "The clock of %s differs from this machine's by %s"
                            .formatted(
                                    invitation.cluster(),
                                    Elapsed.text(
                                            Duration.between(answered.date().get(), now))));
        }
        PendingAccept pending = new PendingAccept(
                invitation.trustDomain(),
                invitation.id(),
                request(invitation, own).format().text(),
                answered.body().text(),
                now);
        // Asked again in the same step: while the bundle was fetched, the inviter may have accepted an invitation of
        // ours.
        Optional<ConnectRules.Conflict> meanwhile = store.decide(state -> {
            Optional<ConnectRules.Conflict> found = conflict(state, invitation);
            return new Change<>(
                    found.isPresent()
                            ? state
                            : state.with(relationship(invitation, Relationship.State.PENDING, now))
                                    .with(pending),
                    found);
        });
        return meanwhile.isPresent() ? refused(meanwhile.get(), invitation) : ask(invitation, pending, false);
    }

    private Optional<ConnectRules.Conflict> conflict(ExchangeState state, Invitation invitation) {
        return ConnectRules.conflict(us, state, invitation.trustDomain(), invitation.cluster());
    }

    private static Outcome<Connected> refused(ConnectRules.Conflict conflict, Invitation invitation) {
        return new Refused<>(
                conflict.code(),
                conflict.text(),
                "connect-clusters status; to start over: connect-clusters disconnect " + invitation.cluster());
    }

    private Outcome<Connected> resume(Invitation invitation, PendingAccept pending) {
        return ask(invitation, pending, true);
    }

    /**
     * Steps 2 and 3: the verified request.
     *
     * @param repeated whether it may have been sent before, so that failing to connect now says nothing about its effect
     */
    private Outcome<Connected> ask(Invitation invitation, PendingAccept pending, boolean repeated) {
        Body body = Body.of(pending.body());
        TrustBundle trust;
        try {
            trust = PeerDocument.read(invitation.trustDomain(), Body.of(pending.bundle()));
        } catch (UnusableBundle e) {
            forget(invitation);
            return new Refused<>(
                    RefusalCode.BUNDLE_MISMATCH,
                    e.reason(),
                    "The bundle of %s cannot be read: %s.".formatted(invitation.cluster(), e.getMessage()),
                    askForNew(invitation));
        }
        Optional<ConnectRules.Conflict> full = ConnectRules.room(us, store.current(), trust);
        if (full.isPresent()) {
            if (!repeated) {
                forget(invitation);
            }
            return refused(full.get(), invitation);
        }
        String proof = HexFormat.of().formatHex(invitation.secret().sign(body.bytes()));
        HttpsAnswer answer = door.post(
                invitation.gateways(),
                PeerDoor.ACCEPT_PATH,
                trust,
                invitation.endpointId(),
                Map.of(PeerDoor.PROOF_HEADER, proof, "Content-Type", "application/json"),
                body);
        return switch (answer) {
            case Answered answered ->
                answered.isOk() ? establish(invitation, answered.body()) : refusedByInviter(invitation, answered);
            case Failed failed -> notAnswered(invitation, failed, repeated);
        };
    }

    private Outcome<Connected> establish(Invitation invitation, Body answer) {
        TrustBundle bundle;
        try {
            bundle = PeerDocument.read(invitation.trustDomain(), answer);
        } catch (UnusableBundle e) {
            return lost(invitation, "answered with what is no bundle: " + e.getMessage());
        }
        Instant now = clock.instant();
        Relationship relationship = relationship(invitation, Relationship.State.ESTABLISHED, now);
        return store.decide(state -> {
            // Whatever happened while the answer was on its way: nobody else's trust domain or name is taken.
            Optional<ConnectRules.Conflict> conflict = conflict(state, invitation);
            if (conflict.isPresent()) {
                return new Change<Outcome<Connected>>(
                        state,
                        new Refused<>(conflict.get().code(), conflict.get().text(), "connect-clusters status"));
            }
            PendingAccept waiting = state.pending().get(invitation.trustDomain());
            // Whoever disconnected while the answer was on its way is not connected after all; the inviter is told.
            boolean disconnected = waiting == null || !waiting.invitationId().equals(invitation.id());
            Optional<ConnectRules.Conflict> full = ConnectRules.room(us, state, bundle);
            if (disconnected || full.isPresent()) {
                return new Change<>(
                        state.without(invitation.trustDomain())
                                .with(new Farewell(
                                        relationship,
                                        new PeerBundle(bundle, now),
                                        now.plus(Leaving.USUAL_PERSISTENCE))),
                        full.map(found -> refused(found, invitation)).orElseGet(() -> givenUp(invitation)));
            }
            return new Change<>(
                    state.connected(relationship, new PeerBundle(bundle, now)),
                    new Done<>(new Connected(relationship, invitation.bundleSha256())));
        });
    }

    private static Outcome<Connected> givenUp(Invitation invitation) {
        return new Refused<>(
                RefusalCode.UNKNOWN_RELATIONSHIP,
                "%s was disconnected here while its answer was on its way; it is told to remove its half."
                        .formatted(invitation.cluster()),
                askForNew(invitation));
    }

    private Outcome<Connected> refusedByInviter(Invitation invitation, Answered answered) {
        Outcome.Refused<Connected> refused = PeerProblem.<Connected>parse(answered.body())
                .orElseGet(() -> new Refused<>(
                        RefusalCode.REFUSED_BY_PEER,
                        "%s answered %d and did not say why.".formatted(invitation.cluster(), answered.status()),
                        askForNew(invitation)));
        boolean comesToNothing =
                answered.status() >= 400 && answered.status() < 500 && refused.code() != RefusalCode.TOO_MANY_REQUESTS;
        if (comesToNothing) {
            forget(invitation);
        }
        return refused;
    }

    private Outcome<Connected> notAnswered(Invitation invitation, Failed failed, boolean repeated) {
        if (repeated && failed.stage() == Stage.VERIFY) {
            return tooLate(invitation, failed);
        }
        if (failed.stage() == Stage.SENT || repeated) {
            return lost(invitation, "did not answer: " + failed.detail());
        }
        forget(invitation);
        return unreachable(invitation, failed);
    }

    /** Kept pending: whether the inviter holds its half nobody here can know. */
    private Outcome<Connected> tooLate(Invitation invitation, Failed failed) {
        return new Refused<>(
                RefusalCode.ENDPOINT_NOT_VERIFIED,
                "%s cannot be recognised any more by what this invitation says of it (%s); it may have changed its root since."
                        .formatted(invitation.cluster(), failed.detail()),
                "connect-clusters disconnect %s, there: connect-clusters disconnect %s, then a new invitation"
                        .formatted(invitation.cluster(), us.cluster()));
    }

    private Outcome<Connected> lost(Invitation invitation, String what) {
        return new Refused<>(
                RefusalCode.ANSWER_LOST,
                "%s %s. It may have connected already; nothing is trusted here until it answers."
                        .formatted(invitation.cluster(), what),
                "run the same accept again; it is safe to repeat");
    }

    private Outcome<Connected> unreachable(Invitation invitation, Failed failed) {
        if (failed.reason() == ReasonCode.CERTIFICATE_EXPIRED
                || failed.reason() == ReasonCode.CERTIFICATE_NOT_YET_VALID) {
            return clocks(invitation, failed.reason(), failed.detail());
        }
        return switch (failed.stage()) {
            case CONNECT ->
                new Refused<>(
                        RefusalCode.ENDPOINT_UNREACHABLE,
                        "%s cannot be reached from here: %s.".formatted(gateways(invitation), failed.detail()),
                        "check address and firewall, and that the gateway runs: connect-clusters status (in %s)"
                                .formatted(invitation.cluster()));
            case VERIFY ->
                new Refused<>(
                        RefusalCode.ENDPOINT_NOT_VERIFIED,
                        failed.reason(),
                        "Behind %s answers somebody who is not %s: %s (%s)."
                                .formatted(
                                        gateways(invitation),
                                        invitation.endpointId(),
                                        failed.detail(),
                                        failed.reason()),
                        "make sure the invitation came from the operator of %s, then %s"
                                .formatted(invitation.cluster(), askForNew(invitation)));
            case SENT ->
                new Refused<>(
                        RefusalCode.ENDPOINT_UNREACHABLE,
                        failed.reason(),
                        "%s broke off: %s.".formatted(gateways(invitation), failed.detail()),
                        "run the same accept again");
        };
    }

    private Outcome<Connected> clocks(Invitation invitation, ReasonCode reason, String what) {
        return new Refused<>(
                RefusalCode.CLOCK,
                reason,
                "%s; one of the two clocks is wrong.".formatted(what),
                "compare `date` here and in %s, set the wrong one, and run accept again"
                        .formatted(invitation.cluster()));
    }

    private AcceptRequest request(Invitation invitation, TrustBundle own) {
        return new AcceptRequest(
                invitation.id(),
                InvitationText.fingerprint(invitation),
                us.cluster(),
                us.trustDomain(),
                us.gateways(),
                us.endpointId(),
                own);
    }

    private void forget(Invitation invitation) {
        store.change(state -> {
            Relationship held = state.relationships().get(invitation.trustDomain());
            PendingAccept pending = state.pending().get(invitation.trustDomain());
            boolean ours = held != null
                    && held.state() == Relationship.State.PENDING
                    && pending != null
                    && pending.invitationId().equals(invitation.id());
            return ours ? state.without(invitation.trustDomain()) : state;
        });
    }

    private static Relationship relationship(Invitation invitation, Relationship.State state, Instant at) {
        return Relationship.byInvitation(
                invitation.trustDomain(),
                invitation.cluster(),
                invitation.gateways(),
                invitation.endpointId(),
                state,
                at);
    }

    private static String gateways(Invitation invitation) {
        String first = invitation.gateways().getFirst().toString();
        int more = invitation.gateways().size() - 1;
        return "%s's gateway %s%s".formatted(invitation.cluster(), first, more == 0 ? "" : " and " + more + " more");
    }

    private static String askForNew(Invitation invitation) {
        return "ask for a new one: connect-clusters invite <this cluster> (in %s)".formatted(invitation.cluster());
    }
}
