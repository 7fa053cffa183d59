/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.Authority;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.authority.Move;
import io.hanse.ca.authority.Roster;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Refusal;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.control.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The authorities for the operator: {@code connect-clusters authority show|prepare|activate|taint|revoke}. */
final class AuthorityRoutes {

    private final Authorities authorities;
    private final IssuanceJournal journal;

    AuthorityRoutes(Authorities authorities, IssuanceJournal journal) {
        this.authorities = authorities;
        this.journal = journal;
    }

    void addTo(ControlApi api) {
        api.get("/v1/authorities", request -> Reply.json(view()));
        api.post("/v1/authorities/{kind}/prepare", request -> answer(authorities.prepare(kind(request))));
        api.post("/v1/authorities/{kind}/activate", request -> {
            Wish wish = wish(request);
            return answer(authorities.activate(kind(request), wish.keyId(), wish.forced()));
        });
        api.post(
                "/v1/authorities/{kind}/taint",
                request -> answer(authorities.taint(kind(request), wish(request).keyId())));
        api.post("/v1/authorities/{kind}/revoke", request -> {
            Wish wish = wish(request);
            return answer(authorities.revoke(kind(request), wish.keyId(), wish.forced()));
        });
    }

    record Wish(Optional<String> keyId, Optional<Boolean> force) {

        boolean forced() {
            return force.orElse(false);
        }
    }

    /**
     * An authority as the operator sees it.
     *
     * @param readyAt when a prepared one may be activated
     * @param svidsValid how many SVIDs from it are valid now
     */
    record View(
            String keyId,
            String state,
            Instant since,
            Optional<String> keyType,
            Optional<Instant> expiresAt,
            Optional<Instant> readyAt,
            long svidsValid) {}

    record Views(long version, List<View> x509, List<View> jwt) {
        Views {
            x509 = List.copyOf(x509);
            jwt = List.copyOf(jwt);
        }
    }

    record Done(String keyId, Views authorities) {}

    private Views view() {
        var image = authorities.image();
        return new Views(image.version(), views(image.x509()), views(image.jwt()));
    }

    private List<View> views(Roster roster) {
        return roster.authorities().stream().map(this::view).toList();
    }

    private View view(Authority authority) {
        Optional<Instant> readyAt = authority instanceof Authority.Prepared
                ? Optional.of(authority.since().plus(authorities.schedule().publication()))
                : Optional.empty();
        return new View(
                authority.keyId(),
                Roster.stateOf(authority),
                authority.since(),
                authority.kept().map(m -> m.key().kind().text()),
                authority.kept().map(m -> m.lifetime().notAfter()),
                readyAt,
                journal.valid(authority.keyId()));
    }

    private Reply answer(Move move) {
        return switch (move) {
            case Move.Moved moved -> Reply.json(new Done(moved.keyId(), view()));
            case Move.Refused refused ->
                Reply.problem(
                        409, refused.code(), "this authority cannot make that move", refused.detail(), refused.next());
        };
    }

    private static Wish wish(Request request) {
        return request.text().isBlank() ? new Wish(Optional.empty(), Optional.empty()) : request.body(Wish.class);
    }

    private static AuthorityKind kind(Request request) {
        return AuthorityKind.parse(request.path("kind"))
                .orElseThrow(() -> new Refusal(Reply.problem(
                        404,
                        "unknown-kind",
                        "there is no such kind of authority",
                        request.path("kind") + " (expected: x509 or jwt)",
                        "connect-clusters authority show")));
    }
}
