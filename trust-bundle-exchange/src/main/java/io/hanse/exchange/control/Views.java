/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.exchange.control;

import io.hanse.exchange.fetch.PollStatus;
import io.hanse.exchange.store.Departure;
import io.hanse.exchange.store.ExchangeState;
import io.hanse.exchange.store.Farewell;
import io.hanse.exchange.store.OpenInvitation;
import io.hanse.exchange.store.PeerBundle;
import io.hanse.exchange.store.Profile;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.cluster.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The JSON of the control API. Stable documents: add members, never rename one. No secret ever stands here. */
final class Views {

    static final int VERSION = 1;

    private Views() {}

    /** {@code GET /v1/status}. */
    record Status(
            int version,
            String cluster,
            String trustDomain,
            String endpointSpiffeId,
            List<String> gateways,
            Optional<Bundle> bundle,
            int relationships,
            int established,
            long openInvitations,
            int subscribers,
            List<Ended> ended) {}

    /** What a bundle holds, in numbers. */
    record Bundle(
            String trustDomain,
            Optional<Long> sequence,
            Optional<Long> refreshHintSeconds,
            int x509Authorities,
            int jwtAuthorities,
            Optional<Instant> refreshedAt) {

        static Bundle of(TrustBundle bundle) {
            return of(bundle, Optional.empty());
        }

        static Bundle of(TrustBundle bundle, Optional<Instant> refreshedAt) {
            return new Bundle(
                    bundle.trustDomain().name(),
                    bundle.sequence().isPresent()
                            ? Optional.of(bundle.sequence().getAsLong())
                            : Optional.empty(),
                    bundle.refreshHint().map(Duration::toSeconds),
                    bundle.x509Authorities().size(),
                    bundle.jwtAuthorities().size(),
                    refreshedAt);
        }
    }

    /**
     * One relationship.
     *
     * @param fetchedAt when its endpoint last served a bundle; the same as {@code refreshedAt}
     * @param changedAt when the bundle held was first seen
     * @param theyTrustUs what the other side is known to have agreed to; absent for one-way relationships
     * @param error what is wrong, in words; {@code lastError} has it with code and moment
     */
    record Peer(
            String trustDomain,
            Optional<String> cluster,
            String state,
            Instant since,
            List<String> gateways,
            String url,
            String profile,
            Optional<String> endpointSpiffeId,
            Optional<String> extraAuthorities,
            Optional<Bundle> bundle,
            Optional<Long> sequence,
            Optional<Instant> fetchedAt,
            Optional<Instant> changedAt,
            Optional<Instant> refreshedAt,
            boolean weTrustThem,
            Optional<Boolean> theyTrustUs,
            Optional<String> error,
            Optional<Problem> lastError,
            Optional<Instant> nextPoll) {

        static Peer of(Relationship relationship, Optional<PeerBundle> held, PollStatus polled) {
            Optional<Instant> refreshedAt = polled.lastSuccess().or(() -> held.map(PeerBundle::fetchedAt));
            boolean established = relationship.state() == Relationship.State.ESTABLISHED;
            Optional<Bundle> bundle = held.map(PeerBundle::bundle).map(Bundle::of);
            Optional<String> endpointId = Optional.empty();
            Optional<String> extra = Optional.empty();
            switch (relationship.profile()) {
                case Profile.HttpsSpiffe spiffe ->
                    endpointId = Optional.of(spiffe.endpointId().toString());
                case Profile.HttpsWeb web -> extra = web.extraAuthorities().map(Path::toString);
            }
            return new Peer(
                    relationship.trustDomain().name(),
                    relationship.cluster().map(ClusterName::name),
                    relationship.state().name(),
                    relationship.since(),
                    relationship.gateways().stream().map(HostPort::toString).toList(),
                    relationship.url().toString(),
                    relationship.profile().standardName(),
                    endpointId,
                    extra,
                    bundle,
                    bundle.flatMap(Bundle::sequence),
                    refreshedAt,
                    held.map(PeerBundle::fetchedAt),
                    refreshedAt,
                    established
                            && held.isPresent()
                            && !held.get().bundle().x509Authorities().isEmpty(),
                    established && relationship.isThroughGateways() ? Optional.of(true) : Optional.empty(),
                    polled.problem().map(PollStatus.Problem::detail),
                    polled.problem()
                            .map(problem -> new Problem(problem.code().name(), problem.detail(), problem.since())),
                    polled.nextPoll());
        }
    }

    /** What is wrong with a peer. */
    record Problem(String code, String detail, Instant since) {}

    /** {@code GET /v1/relationships}. */
    record Peers(int version, List<Peer> relationships, List<Ended> ended) {}

    /** A relationship that is over. */
    record Ended(
            String trustDomain, String name, String by, Instant at, boolean confirmed, Optional<Instant> toldUntil) {

        static List<Ended> of(ExchangeState state) {
            return state.departures().values().stream()
                    .map(departure -> of(departure, state))
                    .toList();
        }

        private static Ended of(Departure departure, ExchangeState state) {
            return new Ended(
                    departure.trustDomain().name(),
                    departure.name(),
                    departure.by().name(),
                    departure.at(),
                    departure.confirmed(),
                    Optional.ofNullable(state.farewells().get(departure.trustDomain()))
                            .map(Farewell::until));
        }
    }

    /** {@code POST /v1/invitations} takes. */
    record InviteRequest(Optional<String> cluster, Optional<Long> ttlSeconds) {}

    /** {@code POST /v1/invitations} answers; the only place where a secret leaves, to the operator who asked. */
    record Invitation(String invitation, Instant expiresAt) {}

    /** {@code GET /v1/invitations}: without secrets. */
    record KnownInvitation(
            String id,
            Optional<String> cluster,
            Instant madeAt,
            Instant expiresAt,
            Optional<String> usedBy,
            Optional<Instant> usedAt) {

        static KnownInvitation of(OpenInvitation invitation) {
            return new KnownInvitation(
                    invitation.id(),
                    invitation.intendedFor().map(ClusterName::name),
                    invitation.madeAt(),
                    invitation.expiresAt(),
                    invitation.use().map(use -> use.trustDomain().name()),
                    invitation.use().map(OpenInvitation.Use::at));
        }
    }

    /** {@code GET /v1/invitations} answers. */
    record KnownInvitations(int version, List<KnownInvitation> invitations) {}

    /** {@code POST /v1/relationships} takes. */
    record AcceptRequest(String invitation) {}

    /** {@code POST /v1/relationships} answers. */
    record Accepted(Peer relationship, String bundleSha256) {}

    /** {@code DELETE /v1/relationships/{name}} answers. */
    record Left(
            String trustDomain,
            Optional<String> cluster,
            boolean farewell,
            Optional<String> farewellError,
            String detail) {}

    /** {@code GET /v1/bundles}. */
    record Bundles(int version, List<Bundle> bundles) {}
}
