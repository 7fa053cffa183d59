/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import io.hanse.ca.attest.BannedNodes;
import io.hanse.ca.attest.JoinTokens;
import io.hanse.ca.authority.Authorities;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.journal.IssuanceJournal;
import io.hanse.ca.journal.SignedEntry;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import io.hanse.runtime.control.ControlApi;
import io.hanse.runtime.control.Refusal;
import io.hanse.runtime.control.Reply;
import io.hanse.runtime.control.Request;
import io.hanse.runtime.svid.JoinToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Join tokens, bans, status and journal for the operator, over the control socket (docs/wires.md). */
public final class ControlRoutes {

    private static final int USUAL_JOURNAL_ENTRIES = 50;
    private static final Duration LEAST_TOKEN = Duration.ofSeconds(1);
    private static final Duration MOST_TOKEN = Duration.ofHours(24);

    private final TrustDomain trustDomain;
    private final Authorities authorities;
    private final IssuanceJournal journal;
    private final JoinTokens tokens;
    private final BannedNodes banned;
    private final Duration tokenLifetime;
    private final Supplier<Optional<HostPort>> address;

    /**
     * Routes without a door yet: {@link #addTo}.
     *
     * @param tokenLifetime of a join token when none is asked for
     * @param address where this authority can be reached, for join tokens; empty while it does not listen yet
     */
    public ControlRoutes(
            TrustDomain trustDomain,
            Authorities authorities,
            IssuanceJournal journal,
            JoinTokens tokens,
            BannedNodes banned,
            Duration tokenLifetime,
            Supplier<Optional<HostPort>> address) {
        this.trustDomain = trustDomain;
        this.authorities = authorities;
        this.journal = journal;
        this.tokens = tokens;
        this.banned = banned;
        this.tokenLifetime = tokenLifetime;
        this.address = address;
    }

    /** Adds the routes. */
    public void addTo(ControlApi api) {
        api.post("/v1/join-tokens", this::makeToken);
        api.get("/v1/status", request -> Reply.json(status()));
        api.get("/v1/journal", this::journal);
        api.get("/v1/nodes/banned", request -> Reply.json(new Banned(bans())));
        api.post("/v1/nodes/{name}/ban", this::ban);
        api.delete("/v1/nodes/{name}/ban", this::liftBan);
        new AuthorityRoutes(authorities, journal).addTo(api);
    }

    record TokenWish(String spiffeId, Optional<Long> ttlSeconds) {}

    /** The token is a secret; the socket is the operator's. */
    record TokenMade(String token, String spiffeId, Instant expiresAt) {

        @Override
        public String toString() {
            return "TokenMade[" + spiffeId + "]";
        }
    }

    record Status(
            String trustDomain,
            Optional<String> active,
            Optional<String> prepared,
            Optional<Instant> nextRotation,
            long svidsValid,
            Optional<Instant> soonestExpiry,
            long issued,
            long version) {}

    record JournalEntry(
            String kind,
            String serial,
            String spiffeId,
            String authority,
            Instant notAfter,
            Instant signedAt,
            String requester) {}

    record JournalPage(List<JournalEntry> entries) {
        JournalPage {
            entries = List.copyOf(entries);
        }
    }

    record Ban(String node, Instant since) {}

    record Banned(List<Ban> banned) {
        Banned {
            banned = List.copyOf(banned);
        }
    }

    private Reply makeToken(Request request) {
        TokenWish wish = request.body(TokenWish.class);
        SpiffeId id = joiner(wish);
        Duration lifetime = wish.ttlSeconds().map(Duration::ofSeconds).orElse(tokenLifetime);
        if (lifetime.compareTo(LEAST_TOKEN) < 0 || lifetime.compareTo(MOST_TOKEN) > 0) {
            return Reply.problem(
                    400,
                    "ttl-out-of-range",
                    "a join token lives between a second and a day",
                    "ttlSeconds: " + lifetime.toSeconds(),
                    "ask for a shorter one, close to the moment when it is used");
        }
        Optional<HostPort> reachable = address.get();
        if (reachable.isEmpty()) {
            return Reply.problem(
                    503,
                    "not-listening",
                    "this authority does not listen yet",
                    "it is starting",
                    "try again in a second");
        }
        Optional<JoinTokens.Made> made = tokens.make(id, lifetime);
        if (made.isEmpty()) {
            return Reply.problem(
                    429,
                    "too-many-tokens",
                    "too many join tokens are remembered",
                    JoinTokens.MAX_TOKENS + " tokens of the last 24 h",
                    "wait until old ones are forgotten, a day after they end");
        }
        JoinTokens.Made token = made.get();
        String text = new JoinToken(
                        id, reachable.get(), authorities.image().bundle(), token.secret(), token.expiresAt())
                .format();
        return Reply.json(new TokenMade(text, id.toString(), token.expiresAt()));
    }

    private SpiffeId joiner(TokenWish wish) {
        SpiffeId id;
        try {
            id = SpiffeId.parse(wish.spiffeId() == null ? "" : wish.spiffeId());
        } catch (InvalidSpiffeId malformed) {
            throw refusal(400, "malformed-id", "this is not a SPIFFE ID", String.valueOf(malformed.getMessage()), "");
        }
        if (!id.trustDomain().equals(trustDomain)) {
            throw refusal(
                    409,
                    "foreign-trust-domain",
                    "this authority speaks for another trust domain",
                    "%s is not in %s".formatted(id, trustDomain),
                    "ask the spiffe-ca of " + id.trustDomain());
        }
        boolean isProcess = Arrays.stream(SystemIdentity.values())
                .anyMatch(process -> process != SystemIdentity.SPIFFE_CA && process.is(id));
        boolean isNode =
                SystemIdentity.nodeName(id).filter(name -> !name.isEmpty()).isPresent();
        if (!isProcess && !isNode) {
            throw refusal(
                    409,
                    "not-a-joiner",
                    "only nodes and Hanse's own processes join with a token",
                    id + " is neither; a workload gets its SVID from the node it is registered on",
                    "register the workload in the manifests, and use its node's Workload API");
        }
        Optional<String> node = SystemIdentity.nodeName(id).filter(banned::contains);
        if (node.isPresent()) {
            throw refusal(
                    409,
                    "node-banned",
                    "this node is banned",
                    node.get(),
                    "lift the ban first: DELETE /v1/nodes/%s/ban".formatted(node.get()));
        }
        return id;
    }

    private Status status() {
        var x509 = authorities.image().x509();
        return new Status(
                trustDomain.name(),
                x509.active().map(a -> a.keyId()),
                x509.prepared().map(p -> p.keyId()),
                authorities.schedule().nextRotation(x509),
                journal.valid(),
                journal.soonestExpiry(),
                journal.issued(),
                authorities.image().version());
    }

    private Reply journal(Request request) {
        int limit;
        try {
            limit = request.query("limit").map(Integer::parseInt).orElse(USUAL_JOURNAL_ENTRIES);
        } catch (NumberFormatException notANumber) {
            limit = 0;
        }
        if (limit < 1 || limit > IssuanceJournal.MAX_RECENT) {
            return Reply.problem(
                    400,
                    "limit-out-of-range",
                    "limit is not a number this journal can answer",
                    "limit: %s (expected: 1 to %d)"
                            .formatted(request.query("limit").orElse(""), IssuanceJournal.MAX_RECENT),
                    "");
        }
        return Reply.json(new JournalPage(
                journal.recent(limit).stream().map(ControlRoutes::shown).toList()));
    }

    private static JournalEntry shown(SignedEntry entry) {
        return new JournalEntry(
                entry.kind() == SignedEntry.Kind.X509_SVID ? AuthorityKind.X509.text() : AuthorityKind.JWT.text(),
                entry.serial(),
                entry.id().toString(),
                entry.authority(),
                entry.notAfter(),
                entry.signedAt(),
                entry.requester());
    }

    private Reply ban(Request request) {
        String node = nodeName(request);
        if (!banned.ban(node)) {
            return Reply.problem(
                    429,
                    "too-many-bans",
                    "the list of banned nodes is full",
                    BannedNodes.MAX_BANNED + " nodes",
                    "lift bans of nodes that no longer exist");
        }
        return Reply.json(new Banned(bans()));
    }

    private Reply liftBan(Request request) {
        banned.lift(nodeName(request));
        return Reply.json(new Banned(bans()));
    }

    private String nodeName(Request request) {
        String name = request.path("name");
        try {
            return SystemIdentity.nodeName(SystemIdentity.node(trustDomain, name))
                    .orElseThrow(() -> refusal(400, "malformed-node", "this is not a node's name", name, ""));
        } catch (InvalidSpiffeId malformed) {
            throw refusal(
                    400, "malformed-node", "this is not a node's name", String.valueOf(malformed.getMessage()), "");
        }
    }

    private List<Ban> bans() {
        return banned.all().entrySet().stream()
                .map(entry -> new Ban(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Refusal refusal(int status, String code, String title, String detail, String next) {
        return new Refusal(Reply.problem(status, code, title, detail, next));
    }
}
