/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.hanse.exchange.control.Views.Bundles;
import io.hanse.exchange.control.Views.Ended;
import io.hanse.exchange.control.Views.Peer;
import io.hanse.exchange.control.Views.Peers;
import io.hanse.exchange.fetch.PeerPolling;
import io.hanse.exchange.relationship.Accepting;
import io.hanse.exchange.relationship.Configuring;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.relationship.Ourselves;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.relationship.Outcome.Done;
import io.hanse.exchange.relationship.Outcome.Refused;
import io.hanse.exchange.relationship.RefusalCode;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Relationship;
import io.hanse.exchange.store.StateStore;
import io.hanse.model.bundle.BundleJson;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Json;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.control.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** The routes of this process's control API. */
public final class ControlRoutes {

    private final Ourselves us;
    private final StateStore store;
    private final Rooms rooms;
    private final InstantSource clock;
    private final Duration usualTtl;
    private final IntSupplier subscribers;

    /** The doors of the rooms that do the work. */
    public record Rooms(
            Inviting inviting, Accepting accepting, Leaving leaving, Configuring configuring, PeerPolling polling) {}

    /**
     * Routes.
     *
     * @param usualTtl of an invitation, unless asked otherwise
     * @param subscribers how many streams are open
     */
    public ControlRoutes(
            Ourselves us,
            StateStore store,
            Rooms rooms,
            InstantSource clock,
            Duration usualTtl,
            IntSupplier subscribers) {
        this.us = us;
        this.store = store;
        this.rooms = rooms;
        this.clock = clock;
        this.usualTtl = usualTtl;
        this.subscribers = subscribers;
    }

    /** Adds them. */
    public void addTo(ControlApi control) {
        control.get("/v1/status", request -> Reply.json(status()))
                .get("/v1/relationships", request -> Reply.json(peers()))
                .get("/v1/relationships/{name}", this::peer)
                .get("/v1/invitations", request -> Reply.json(invitations()))
                .post("/v1/invitations", this::invite)
                .post("/v1/relationships", this::accept)
                .post("/v1/static-relationships", this::configure)
                .delete("/v1/relationships/{name}", this::disconnect)
                .post("/v1/relationships/{name}/refresh", this::refresh)
                .get("/v1/bundles", request -> Reply.json(bundles()))
                .get("/v1/bundles/{trustDomain}", this::bundle);
    }

    private Views.Status status() {
        ExchangeState state = store.current();
        return new Views.Status(
                Views.VERSION,
                us.cluster().name(),
                us.trustDomain().name(),
                us.endpointId().toString(),
                us.gateways().stream().map(HostPort::toString).toList(),
                state.own().map(Views.Bundle::of),
                state.relationships().size(),
                (int) state.relationships().values().stream()
                        .filter(one -> one.state() == Relationship.State.ESTABLISHED)
                        .count(),
                state.invitations().values().stream()
                        .filter(one -> one.isOpen(clock.instant()))
                        .count(),
                subscribers.getAsInt(),
                Ended.of(state));
    }

    private Peers peers() {
        ExchangeState state = store.current();
        List<Peer> all = state.relationships().values().stream()
                .map(relationship -> view(state, relationship))
                .toList();
        return new Peers(Views.VERSION, all, Ended.of(state));
    }

    private Reply peer(Request request) {
        ExchangeState state = store.current();
        return state.named(request.path("name"))
                .<Reply>map(relationship -> Reply.json(view(state, relationship)))
                .orElseGet(() -> unknown(request.path("name")));
    }

    private Peer view(ExchangeState state, Relationship relationship) {
        TrustDomain domain = relationship.trustDomain();
        return Peer.of(
                relationship,
                Optional.ofNullable(state.bundles().get(domain)),
                rooms.polling().status(domain));
    }

    private Views.KnownInvitations invitations() {
        return new Views.KnownInvitations(
                Views.VERSION,
                store.current().invitations().values().stream()
                        .map(Views.KnownInvitation::of)
                        .toList());
    }

    private Reply invite(Request request) {
        Views.InviteRequest wanted = request.text().isBlank()
                ? new Views.InviteRequest(Optional.empty(), Optional.empty())
                : request.body(Views.InviteRequest.class);
        try {
            Optional<ClusterName> cluster = wanted.cluster().map(ClusterName::new);
            Duration ttl = wanted.ttlSeconds()
                    .map(seconds -> Duration.ofSeconds(Math.clamp(seconds, 0, Integer.MAX_VALUE)))
                    .orElse(usualTtl);
            return reply(
                    rooms.inviting().invite(cluster, ttl), made -> new Views.Invitation(made.text(), made.expiresAt()));
        } catch (IllegalArgumentException e) {
            return malformed(e, "name a cluster as its cluster.yaml does: connect-clusters invite <cluster>");
        }
    }

    private Reply accept(Request request) {
        String text = Optional.ofNullable(
                        request.body(Views.AcceptRequest.class).invitation())
                .orElse("");
        return reply(
                rooms.accepting().accept(text),
                connected ->
                        new Views.Accepted(view(store.current(), connected.relationship()), connected.bundleSha256()));
    }

    private Reply configure(Request request) {
        StaticRequest wanted = request.body(StaticRequest.class);
        try {
            Relationship relationship = wanted.relationship(clock.instant());
            return reply(
                    rooms.configuring().add(relationship, wanted.bootstrap()), made -> view(store.current(), made));
        } catch (IllegalArgumentException e) {
            return malformed(e, "correct the request; trust-bundle-exchange/README.md says what it takes");
        }
    }

    private Reply disconnect(Request request) {
        return reply(
                rooms.leaving().disconnect(request.path("name")),
                left -> new Views.Left(
                        left.relationship().trustDomain().name(),
                        left.relationship().cluster().map(ClusterName::name),
                        left.confirmed(),
                        left.confirmed() ? Optional.empty() : Optional.of(left.detail()),
                        left.detail()));
    }

    private Reply refresh(Request request) {
        Optional<Relationship> found = store.current().named(request.path("name"));
        if (found.isEmpty()
                || rooms.polling().refresh(found.get().trustDomain()).isEmpty()) {
            return unknown(request.path("name"));
        }
        return peer(request);
    }

    private Bundles bundles() {
        ExchangeState state = store.current();
        return new Bundles(
                Views.VERSION,
                state.bundleMap().bundles().values().stream()
                        .map(bundle -> Views.Bundle.of(bundle, refreshedAt(state, bundle.trustDomain())))
                        .toList());
    }

    private Optional<Instant> refreshedAt(ExchangeState state, TrustDomain domain) {
        return rooms.polling()
                .status(domain)
                .lastSuccess()
                .or(() -> Optional.ofNullable(state.bundles().get(domain)).map(PeerBundle::fetchedAt));
    }

    private Reply bundle(Request request) {
        String name = request.path("trustDomain");
        Optional<TrustBundle> found = store.current().bundleMap().bundles().values().stream()
                .filter(bundle -> bundle.trustDomain().name().equals(name))
                .findFirst();
        return found.<Reply>map(bundle -> Reply.json(tree(bundle))).orElseGet(() -> unknown(name));
    }

    private static JsonNode tree(TrustBundle bundle) {
        try {
            return Json.mapper().readTree(BundleJson.format(bundle));
        } catch (IOException e) {
            throw new IllegalStateException("a bundle has no JSON form", e);
        }
    }

    private static <T> Reply reply(Outcome<T> outcome, Function<T, Object> view) {
        return switch (outcome) {
            case Done<T> done -> Reply.json(view.apply(done.value()));
            case Refused<T> refused ->
                Reply.problem(
                        refused.code().status(),
                        refused.code().name(),
                        refused.code().title(),
                        refused.text(),
                        refused.next());
        };
    }

    private Reply unknown(String name) {
        return reply(
                new Refused<>(
                        RefusalCode.UNKNOWN_RELATIONSHIP,
                        "%s has no relationship with %s.".formatted(us.cluster(), name),
                        "connect-clusters status"),
                value -> value);
    }

    private static Reply malformed(IllegalArgumentException problem, String next) {
        return reply(
                new Refused<>(RefusalCode.BAD_REQUEST, String.valueOf(problem.getMessage()), next), value -> value);
    }
}
