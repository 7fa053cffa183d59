/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.fetch.HttpsAnswer;
import io.hanse.exchange.fetch.HttpsAnswer.Answered;
import io.hanse.exchange.fetch.HttpsAnswer.Failed;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.Departure;
import io.hanse.exchange.store.ExchangeException;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Farewell;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.exchange.web.Body;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import io.hanse.runtime.files.StateException;
import io.hanse.runtime.telemetry.LogKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends relationships (Federation 6.3): this side's trust goes first and at once, then the other side is told, now and, if
 * it cannot be reached, again for a bounded time. Any thread; blocks for disk and network.
 */
public final class Leaving {

    /** How long an unreachable peer is told again; after that its operator must disconnect too. */
    public static final Duration USUAL_PERSISTENCE = Duration.ofMinutes(30);

    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

    private final Ourselves us;
    private final StateStore store;
    private final PeerDoor door;
    private final TokenMinter minter;
    private final InstantSource clock;
    private final Duration persistence;

    /**
     * The room's leaving side.
     *
     * @param persistence how long an unreachable peer is told again
     */
    public Leaving(
            Ourselves us,
            StateStore store,
            PeerDoor door,
            TokenMinter minter,
            InstantSource clock,
            Duration persistence) {
        this.us = us;
        this.store = store;
        this.door = door;
        this.minter = minter;
        this.clock = clock;
        this.persistence = persistence;
    }

    /**
     * A relationship that ended.
     *
     * @param relationship as it was
     * @param confirmed whether the other side is known to have removed its half
     * @param detail what to know about the other side, one sentence
     */
    public record Left(Relationship relationship, boolean confirmed, String detail) {}

    /** Ends the relationship that operators call {@code name}. */
    public Outcome<Left> disconnect(String name) {
        Optional<Relationship> removed = store.decide(state -> state.named(name)
                .map(found -> new Change<>(removed(state, found), Optional.of(found)))
                .orElseGet(() -> new Change<>(state, Optional.empty())));
        if (removed.isEmpty()) {
            return new Refused<>(
                    RefusalCode.UNKNOWN_RELATIONSHIP,
                    "%s has no relationship with %s.".formatted(us.cluster(), PeerProblem.plain(name)),
                    "connect-clusters status");
        }
        Relationship relationship = removed.get();
        LOG.atInfo()
                .addKeyValue(LogKeys.EVENT, "relationship_ended")
                .addKeyValue(LogKeys.TRUST_DOMAIN, relationship.trustDomain())
                .log("relationship ended: its bundle is removed here");
        Farewell farewell = store.current().farewells().get(relationship.trustDomain());
        if (farewell == null) {
            return new Done<>(new Left(
                    relationship,
                    false,
                    "%s was not told; this end of the relationship is all we hold."
                            .formatted(relationship.displayName())));
        }
        return new Done<>(say(farewell));
    }

    private ExchangeState removed(ExchangeState state, Relationship found) {
        Instant now = clock.instant();
        ExchangeState next = state.without(found.trustDomain())
                .with(new Departure(found.trustDomain(), found.displayName(), Departure.By.US, now, false));
        PeerBundle held = state.bundles().get(found.trustDomain());
        if (held == null || !found.isThroughGateways() || endpointOf(found).isEmpty()) {
            return next;
        }
        return next.with(new Farewell(found, held, now.plus(persistence)));
    }

    /** Tells every peer that has not been told yet; for a timer. */
    public void sayAll() {
        List<Farewell> open = List.copyOf(store.current().farewells().values());
        for (Farewell farewell : open) {
            if (clock.instant().isAfter(farewell.until())) {
                settle(farewell, false);
                LOG.atWarn()
                        .addKeyValue(LogKeys.EVENT, "farewell_given_up")
                        .addKeyValue(
                                LogKeys.TRUST_DOMAIN, farewell.relationship().trustDomain())
                        .log("a peer could not be told that the relationship ended; its operator must disconnect too");
            } else if (farewell.equals(
                    store.current().farewells().get(farewell.relationship().trustDomain()))) {
                // Those before it may have taken their time: the peer may be one again.
                say(farewell);
            }
        }
    }

    private Left say(Farewell farewell) {
        Relationship relationship = farewell.relationship();
        SpiffeId endpoint = endpointOf(relationship).orElseThrow();
        String peer = relationship.displayName();
        HttpsAnswer answer;
        try {
            answer = door.post(
                    relationship.gateways(),
                    PeerDoor.FAREWELL_PATH,
                    farewell.lastBundle().bundle(),
                    endpoint,
                    Map.of("Authorization", "Bearer " + minter.mint(endpoint)),
                    Body.of(""));
        } catch (ExchangeException e) {
            return new Left(
                    relationship,
                    false,
                    "%s is not told yet: %s; this is tried again.".formatted(peer, e.getMessage()));
        }
        return switch (answer) {
            case Answered answered -> heard(farewell, answered);
            case Failed failed ->
                new Left(
                        relationship,
                        false,
                        "%s could not be told: %s; this is tried again for %s, and its operator can run: connect-clusters disconnect %s"
                                .formatted(peer, failed.detail(), Elapsed.text(persistence), us.cluster()));
        };
    }

    private Left heard(Farewell farewell, Answered answered) {
        Relationship relationship = farewell.relationship();
        String peer = relationship.displayName();
        if (answered.isOk()) {
            settle(farewell, true);
            return new Left(relationship, true, "%s removed its half too.".formatted(peer));
        }
        if (isUnknownThere(answered)) {
            settle(farewell, true);
            return new Left(relationship, true, "%s had no relationship with us any more.".formatted(peer));
        }
        return new Left(
                relationship,
                false,
                "%s answered %d to the farewell; this is tried again, and its operator can run: connect-clusters disconnect %s"
                        .formatted(peer, answered.status(), us.cluster()));
    }

    private static boolean isUnknownThere(Answered answered) {
        return PeerProblem.<Left>parse(answered.body())
                .filter(problem -> problem.code() == RefusalCode.NOT_A_PEER)
                .isPresent();
    }

    /** The trust is gone already: if this cannot be written the farewell is said once more, which does no harm. */
    private void settle(Farewell farewell, boolean confirmed) {
        try {
            forget(farewell, confirmed);
        } catch (StateException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .addKeyValue(LogKeys.NEXT, e.next())
                    .log("that a farewell was said cannot be written; it is said again");
        }
    }

    private void forget(Farewell farewell, boolean confirmed) {
        TrustDomain domain = farewell.relationship().trustDomain();
        store.change(state -> {
            Departure departure = state.departures().get(domain);
            ExchangeState next = state.farewells().containsKey(domain) ? state.withoutFarewell(domain) : state;
            return confirmed && departure != null && !departure.confirmed()
                    ? next.with(new Departure(domain, departure.name(), departure.by(), departure.at(), true))
                    : next;
        });
    }

    /**
     * Hears a peer's farewell: if its token proves that the peer's exchange sent it, this side's half is removed.
     *
     * @param authorization header {@code Authorization}, untrusted
     * @return the trust domain that left
     */
    public Outcome<TrustDomain> hear(Optional<String> authorization) {
        String bearer = "Bearer ";
        if (authorization.isEmpty() || !authorization.get().startsWith(bearer)) {
            return new Refused<>(
                    RefusalCode.TOKEN_REFUSED,
                    ReasonCode.NO_CREDENTIAL,
                    "A farewell carries a JWT-SVID as bearer token.",
                    disconnectHere());
        }
        FarewellToken.Verdict verdict = FarewellToken.verify(
                authorization.get().substring(bearer.length()),
                store.current().bundleMap().without(us.trustDomain()),
                us.endpointId(),
                clock.instant());
        return switch (verdict) {
            case FarewellToken.Verdict.Refused refused -> {
                LOG.atWarn()
                        .addKeyValue(LogKeys.EVENT, "farewell_refused")
                        .addKeyValue(LogKeys.REASON_CODE, refused.reason())
                        .log("a farewell was refused");
                // Without a bundle there is no relationship to end.
                RefusalCode code = refused.reason() == ReasonCode.TRUST_DOMAIN_UNKNOWN
                        ? RefusalCode.NOT_A_PEER
                        : RefusalCode.TOKEN_REFUSED;
                yield new Refused<>(
                        code,
                        refused.reason(),
                        "The farewell's token proves nothing: %s.".formatted(refused.detail()),
                        disconnectHere());
            }
            case FarewellToken.Verdict.Genuine genuine -> removeOnFarewell(genuine);
        };
    }

    private String disconnectHere() {
        return "ask the operator of %s to disconnect too: connect-clusters disconnect <cluster>"
                .formatted(us.cluster());
    }

    /** One that was on its way while the clusters connected again speaks of the relationship before. */
    private Outcome<TrustDomain> removeOnFarewell(FarewellToken.Verdict.Genuine farewell) {
        TrustDomain domain = farewell.trustDomain();
        Outcome<TrustDomain> outcome = store.decide(state -> {
            Relationship held = state.relationships().get(domain);
            if (held == null) {
                return new Change<Outcome<TrustDomain>>(state, new Done<>(domain));
            }
            Instant began = held.since().truncatedTo(ChronoUnit.SECONDS);
            if (farewell.issuedAt().filter(at -> at.isBefore(began)).isPresent()) {
                return new Change<Outcome<TrustDomain>>(
                        state,
                        new Refused<>(
                                RefusalCode.TOKEN_REFUSED,
                                "The farewell was said before this relationship began.",
                                disconnectHere()));
            }
            Departure departure = new Departure(domain, held.displayName(), Departure.By.PEER, clock.instant(), true);
            return new Change<>(state.without(domain).with(departure), new Done<>(domain));
        });
        if (outcome instanceof Done<TrustDomain>) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.EVENT, "relationship_ended_by_peer")
                    .addKeyValue(LogKeys.TRUST_DOMAIN, domain)
                    .log("the peer left: its bundle is removed here");
        }
        return outcome;
    }

    private static Optional<SpiffeId> endpointOf(Relationship relationship) {
        return switch (relationship.profile()) {
            case Profile.HttpsSpiffe spiffe -> Optional.of(spiffe.endpointId());
            case Profile.HttpsWeb web -> Optional.empty();
        };
    }
}
