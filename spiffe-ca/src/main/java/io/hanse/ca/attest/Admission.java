/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.attest;

import io.hanse.model.identity.InvalidSpiffeId;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import java.util.Optional;

/**
 * Decides who may have which identity.
 *
 * <ul>
 *   <li>A join token gives exactly the identity it was made for, once; the only way to a first SVID of Hanse's own
 *       processes and nodes.
 *   <li>An SVID in hand is renewed for exactly its own identity, if that is one of Hanse's own; a workload's is renewed by
 *       its node, so that a workload taken off the registry ends with its SVID.
 *   <li>A node asks for workloads registered on it (Istio's {@code ImpersonatedIdentity}), never for an identity of
 *       Hanse's own.
 *   <li>A banned node gets nothing.
 * </ul>
 *
 * <p>Any thread that may block.
 */
public final class Admission {

    private final TrustDomain trustDomain;
    private final JoinTokens tokens;
    private final BannedNodes banned;
    private final Registrations registrations;

    public Admission(TrustDomain trustDomain, JoinTokens tokens, BannedNodes banned, Registrations registrations) {
        this.trustDomain = trustDomain;
        this.tokens = tokens;
        this.banned = banned;
        this.registrations = registrations;
    }

    /** Judges a claim to a certificate. Uses no token up: {@link #confirm} does, when all else is known to be right. */
    public Verdict forCertificate(Claim claim) {
        if (claim.caller().isEmpty()) {
            return byToken(claim);
        }
        SpiffeId caller = claim.caller().get();
        Optional<Verdict> refusal = refusedCaller(caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (claim.impersonated().isPresent()) {
            return impersonated(caller, claim.impersonated().get());
        }
        return SystemIdentity.isReserved(caller)
                ? new Verdict.Granted(caller, caller.toString())
                : Verdict.denied(
                        Refusal.Code.WORKLOAD_RENEWAL,
                        caller + " is a workload; its node renews its SVID while it is registered there");
    }

    /** Uses up what the claim rests on, durably; the last step before signing. */
    public Verdict confirm(Claim claim, Verdict.Granted granted) {
        if (claim.caller().isEmpty() && claim.joinSecret().isPresent()) {
            return tokens.consume(claim.joinSecret().get());
        }
        return granted;
    }

    /**
     * Judges a wish for a JWT-SVID: by one of Hanse's own for itself, or by a node for a workload registered on it. A
     * workload asks its node, so that nobody goes around the ban of a node with what it took from there.
     *
     * @param wanted whom it is to name
     */
    public Verdict forToken(Optional<SpiffeId> from, String wanted) {
        if (from.isEmpty()) {
            return Verdict.denied(Refusal.Code.NO_CREDENTIAL, "a JWT-SVID is given over mutual TLS only: show an SVID");
        }
        SpiffeId caller = from.get();
        Optional<Verdict> refusal = refusedCaller(caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!wanted.equals(caller.toString())) {
            return impersonated(caller, wanted);
        }
        return SystemIdentity.isReserved(caller)
                ? new Verdict.Granted(caller, caller.toString())
                : Verdict.denied(
                        Refusal.Code.WORKLOAD_RENEWAL,
                        caller + " is a workload; its node asks for its JWT-SVIDs while it is registered there");
    }

    /** Judges a wish to watch what this trust domain publishes: anybody of it who is not banned. */
    public Optional<Refusal> forWatching(Optional<SpiffeId> from) {
        if (from.isEmpty()) {
            return Optional.of(new Refusal(Refusal.Code.NO_CREDENTIAL, "this stream needs mutual TLS: show an SVID"));
        }
        return refusedCaller(from.get()).map(verdict -> switch (verdict) {
            case Verdict.Denied denied -> denied.refusal();
            case Verdict.Granted granted -> throw new IllegalStateException("a refused caller was granted");
        });
    }

    private Verdict byToken(Claim claim) {
        if (claim.joinSecret().isEmpty()) {
            return Verdict.denied(
                    Refusal.Code.NO_CREDENTIAL,
                    "the call carries neither an SVID (mutual TLS) nor a join token (authorization: Bearer)");
        }
        if (claim.impersonated().isPresent()) {
            return Verdict.denied(
                    Refusal.Code.NOT_A_NODE, "a join token stands for its own identity only, not for another one");
        }
        Verdict verdict = tokens.look(claim.joinSecret().get());
        return verdict instanceof Verdict.Granted granted && isBanned(granted.id())
                ? bannedNode(granted.id())
                : verdict;
    }

    private Verdict impersonated(SpiffeId caller, String wanted) {
        Optional<String> node = SystemIdentity.nodeName(caller);
        if (node.isEmpty()) {
            return Verdict.denied(
                    Refusal.Code.NOT_A_NODE,
                    caller + " is not a node; only a node asks for another identity than its own");
        }
        SpiffeId id;
        try {
            id = SpiffeId.parse(wanted);
        } catch (InvalidSpiffeId malformed) {
            return Verdict.denied(Refusal.Code.IDENTITY_MALFORMED, "the identity asked for: " + malformed.getMessage());
        }
        if (id.isTrustDomainId()) {
            return Verdict.denied(
                    Refusal.Code.IDENTITY_MALFORMED, id + " has no path and authenticates nobody (X509-SVID 3.1)");
        }
        if (!id.trustDomain().equals(trustDomain)) {
            return Verdict.denied(
                    Refusal.Code.FOREIGN_TRUST_DOMAIN, id + " is not in this authority's trust domain " + trustDomain);
        }
        if (SystemIdentity.isReserved(id)) {
            return Verdict.denied(
                    Refusal.Code.RESERVED_IDENTITY, id + " belongs to Hanse's own processes; they join with a token");
        }
        return switch (registrations.standing(node.get(), id)) {
            case HERE -> new Verdict.Granted(id, caller.toString());
            case NOT_HERE ->
                Verdict.denied(
                        Refusal.Code.NOT_REGISTERED_HERE,
                        "no workload with identity %s is registered on node %s".formatted(id, node.get()));
            case UNHEARD ->
                Verdict.denied(
                        Refusal.Code.REGISTRY_UNHEARD,
                        "registry not heard yet: what runs on node " + node.get() + " is not known");
        };
    }

    private Optional<Verdict> refusedCaller(SpiffeId caller) {
        if (!caller.trustDomain().equals(trustDomain)) {
            return Optional.of(Verdict.denied(
                    Refusal.Code.FOREIGN_TRUST_DOMAIN,
                    caller + " is not in this authority's trust domain " + trustDomain));
        }
        return isBanned(caller) ? Optional.of(bannedNode(caller)) : Optional.empty();
    }

    private boolean isBanned(SpiffeId id) {
        return SystemIdentity.nodeName(id).filter(banned::contains).isPresent();
    }

    private static Verdict bannedNode(SpiffeId id) {
        return Verdict.denied(Refusal.Code.NODE_BANNED, id + " is banned; an operator can lift the ban");
    }
}
