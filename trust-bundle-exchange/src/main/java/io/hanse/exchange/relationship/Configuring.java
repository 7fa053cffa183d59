/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.relationship;

import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.exchange.store.StateStore.Change;
import io.hanse.model.bundle.TrustBundle;
import java.time.InstantSource;
import java.util.Optional;

/** Relationships that an operator configures by hand, one-way (Federation 6), for peers that are no Hanse clusters. */
public final class Configuring {

    private final Ourselves us;
    private final StateStore store;
    private final InstantSource clock;

    public Configuring(Ourselves us, StateStore store, InstantSource clock) {
        this.us = us;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Adds a relationship.
     *
     * @param bootstrap trusted at once; a self-serving https_spiffe endpoint cannot be reached without it (5.2.2.4)
     */
    public Outcome<Relationship> add(Relationship wanted, Optional<TrustBundle> bootstrap) {
        if (wanted.trustDomain().equals(us.trustDomain())) {
            return new Refused<>(
                    RefusalCode.TRUST_DOMAIN_CLAIMED,
                    "%s is this cluster's own trust domain.".formatted(wanted.trustDomain()),
                    "name the other's trust domain");
        }
        boolean selfServing = wanted.profile() instanceof Profile.HttpsSpiffe spiffe
                && spiffe.endpointId().trustDomain().equals(wanted.trustDomain());
        if (selfServing && bootstrap.isEmpty()) {
            return new Refused<>(
                    RefusalCode.BAD_REQUEST,
                    "An https_spiffe endpoint of its own trust domain needs a first bundle (Federation 5.2.2.2).",
                    "add the other's bundle in SPIFFE format, for example from: spire-server bundle show -format spiffe");
        }
        return store.decide(state -> {
            Relationship existing = state.relationships().get(wanted.trustDomain());
            if (existing != null && existing.state() == Relationship.State.ESTABLISHED) {
                return new Change<Outcome<Relationship>>(
                        state,
                        new Refused<>(
                                RefusalCode.ALREADY_CONNECTED,
                                "%s already has a relationship with %s.".formatted(us.cluster(), wanted.trustDomain()),
                                "connect-clusters disconnect " + existing.displayName()));
            }
            Optional<ConnectRules.Conflict> conflict =
                    wanted.cluster().flatMap(name -> ConnectRules.conflict(us, state, wanted.trustDomain(), name));
            if (conflict.isEmpty()) {
                conflict = bootstrap.flatMap(bundle -> ConnectRules.room(us, state, bundle));
            }
            if (conflict.isPresent() || state.relationships().size() >= Inviting.MAX_RELATIONSHIPS) {
                return new Change<Outcome<Relationship>>(
                        state,
                        new Refused<>(
                                conflict.map(ConnectRules.Conflict::code).orElse(RefusalCode.TOO_MANY_RELATIONSHIPS),
                                conflict.map(ConnectRules.Conflict::text).orElse("There are too many relationships."),
                                "connect-clusters status"));
            }
            var next = state.without(wanted.trustDomain()).with(wanted).withoutFarewell(wanted.trustDomain());
            next = bootstrap.isPresent() ? next.with(new PeerBundle(bootstrap.get(), clock.instant())) : next;
            return new Change<Outcome<Relationship>>(next, new Done<>(wanted));
        });
    }
}
