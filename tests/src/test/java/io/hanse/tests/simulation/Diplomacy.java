/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.simulation;

import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.profile.Certificates;
import io.hanse.ca.profile.JwtSvidToken;
import io.hanse.ca.profile.Lifetime;
import io.hanse.exchange.relationship.Accepting;
import io.hanse.exchange.relationship.Inviting;
import io.hanse.exchange.relationship.Leaving;
import io.hanse.exchange.relationship.Outcome;
import io.hanse.exchange.store.Relationship;
import io.hanse.model.cluster.ClusterName;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What happens between clusters: invitations, their use and misuse, farewells, and claims to be somebody else. */
final class Diplomacy {

    /** Letters that a thief may have copied: older ones have expired. */
    private static final int RECENT = 3;

    private static final Duration LATEST_ACCEPT = Duration.ofSeconds(40);

    /** An invitation's text on its way by mail. */
    record Letter(Cluster inviter, Cluster invited, String text) {}

    private final League league;
    private final World world;
    private final List<Letter> letters = new ArrayList<>();
    private final Set<String> left = new HashSet<>();

    Diplomacy(League league) {
        this.league = league;
        this.world = league.world();
    }

    /** An invitation that is accepted after a while. */
    void invite(Cluster inviter, Cluster invited) {
        Optional<ClusterName> intended = world.chance(0.6) ? Optional.of(invited.clusterName()) : Optional.empty();
        write(inviter, invited, intended)
                .ifPresent(letter ->
                        world.in(world.between(Duration.ofMillis(100), LATEST_ACCEPT), () -> accept(invited, letter)));
    }

    /** An invitation; empty if there is nobody to make one. */
    Optional<Letter> write(Cluster inviter, Cluster invited, Optional<ClusterName> intended) {
        Optional<Inviting> inviting = inviter.exchange().inviting();
        int before = letters.size();
        inviting.ifPresent(desk -> inviter.exchange().life().run(() -> {
            switch (desk.invite(intended, Pace.INVITATION)) {
                case Outcome.Done<Inviting.Made> made -> {
                    Letter letter = new Letter(inviter, invited, made.value().text());
                    letters.add(letter);
                    world.transcript().say(inviter.name(), "invites %s: %s".formatted(invited, name(letter)));
                }
                case Outcome.Refused<Inviting.Made> refused ->
                    world.transcript().say(inviter.name(), "cannot invite: " + refused.code());
            }
        }));
        return letters.size() > before ? Optional.of(letters.getLast()) : Optional.empty();
    }

    private String name(Letter letter) {
        return world.transcript().name("letter", letter.text());
    }

    /** Somebody, the right one or not, accepts a letter that was written at some time. */
    void acceptAny(Cluster acceptor) {
        if (!letters.isEmpty()) {
            accept(acceptor, world.pick(letters.subList(Math.max(0, letters.size() - RECENT), letters.size())));
        }
    }

    /** Every accept without an answer is repeated, as its operator was told to. */
    void repeatPending() {
        for (Cluster cluster : league.clusters()) {
            cluster.exchange().state().pending().values().stream()
                    .flatMap(pending -> letters.stream()
                            .filter(letter -> letter.inviter().trustDomain().equals(pending.trustDomain()))
                            .filter(letter -> idOf(letter).equals(pending.invitationId())))
                    .findFirst()
                    .ifPresent(letter -> accept(cluster, letter));
        }
    }

    private static String idOf(Letter letter) {
        return switch (io.hanse.exchange.relationship.InvitationText.parse(letter.text())) {
            case Outcome.Done<io.hanse.exchange.relationship.Invitation> done ->
                done.value().id();
            case Outcome.Refused<io.hanse.exchange.relationship.Invitation> refused -> "";
        };
    }

    void accept(Cluster acceptor, Letter letter) {
        ExchangeMachine exchange = acceptor.exchange();
        Optional<Accepting> accepting = exchange.accepting();
        if (accepting.isEmpty()) {
            return;
        }
        boolean overwrites = Optional.ofNullable(
                        exchange.state().pending().get(letter.inviter().trustDomain()))
                .filter(pending -> !pending.invitationId().equals(idOf(letter)))
                .isPresent();
        if (overwrites) {
            // The first may have been taken: its answer will never be heard, and the inviter's half stays.
            left.add(acceptor + "<" + letter.inviter().trustDomain());
        }
        if (mayOutrun(acceptor, letter.inviter()) || mayOutrun(letter.inviter(), acceptor)) {
            left.add(acceptor + "<" + letter.inviter().trustDomain());
        }
        Machine.Life life = exchange.life();
        exchange.acceptBegins();
        life.run(() -> {
            try {
                String outcome = text(accepting.get().accept(letter.text()));
                world.transcript().say(acceptor.name(), "accepts %s: %s".formatted(name(letter), outcome));
            } finally {
                if (life.isAlive()) {
                    exchange.acceptEnds();
                }
            }
        });
    }

    /**
     * Whether a farewell that is on its way would seem younger than a relationship made now: the leaver's clock is ahead. By
     * as much as the clocks differ, a new relationship can be ended on one side by an old farewell.
     */
    private static boolean mayOutrun(Cluster leaver, Cluster hearer) {
        return leaver.exchange().state().farewells().containsKey(hearer.trustDomain())
                && leaver.ca().time().isAfter(hearer.ca().time());
    }

    private static <T> String text(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T> done -> "done";
            case Outcome.Refused<T> refused -> refused.code().name();
        };
    }

    void disconnect(Cluster cluster) {
        List<Relationship> held =
                List.copyOf(cluster.exchange().state().relationships().values());
        if (held.isEmpty() || cluster.exchange().leaving().isEmpty()) {
            return;
        }
        disconnect(cluster, world.pick(held));
    }

    void disconnect(Cluster cluster, Relationship one) {
        Leaving leaving = cluster.exchange().leaving().orElseThrow();
        if (one.state() == Relationship.State.PENDING) {
            // Nobody is told of what was never answered: the inviter's half stays until its operator looks.
            left.add(cluster + "<" + one.trustDomain());
        }
        String name = one.displayName();
        cluster.exchange().life().run(() -> {
            String outcome = switch (leaving.disconnect(name)) {
                case Outcome.Done<Leaving.Left> done -> done.value().confirmed() ? "done" : "not confirmed";
                case Outcome.Refused<Leaving.Left> refused -> refused.code().name();
            };
            world.transcript().say(cluster.name(), "disconnects %s: %s".formatted(name, outcome));
        });
    }

    /** Whether one side may be left without the other knowing. */
    boolean mayBeOneSided(Cluster one, Cluster other) {
        return left.contains(one + "<" + other.trustDomain()) || left.contains(other + "<" + one.trustDomain());
    }

    // Claims.

    /** An SVID of somebody else, signed with the forger's own root. */
    void forgeSvid(Cluster forger, Cluster victim, Cluster verifier) {
        Operators.signer(forger, AuthorityKind.X509).ifPresent(signer -> {
            SpiffeId claimed = victim.workload(Truth.CLIENT);
            Instant now = forger.ca().time();
            X509Certificate leaf = Certificates.leaf(
                    claimed,
                    Crypto.key(0),
                    Lifetime.from(now, Duration.ofMinutes(1)),
                    Certificates.randomSerial(new SeededRandom(world.stream())),
                    signer.x509Certificate(),
                    signer.key());
            boolean taken = Crypto.verifier(verifier.ca().clock())
                            .verify(List.of(leaf), verifier.proxy().trust())
                    instanceof io.hanse.model.x509.Verification.Verified;
            world.transcript()
                    .say(
                            forger.name(),
                            "shows %s a forged %s: %s".formatted(verifier, claimed, taken ? "taken" : "refused"));
            league.forged(verifier, forger, claimed, taken);
        });
    }

    /** A farewell in somebody else's name. */
    void forgeFarewell(Cluster forger, Cluster victim, Cluster hearer) {
        Optional<Leaving> leaving = hearer.exchange().leaving();
        Operators.signer(forger, AuthorityKind.JWT)
                .ifPresent(signer -> leaving.ifPresent(open -> {
                    SpiffeId claimed = SystemIdentity.TRUST_BUNDLE_EXCHANGE.in(victim.trustDomain());
                    Instant now = hearer.ca().time();
                    String token = JwtSvidToken.sign(
                            claimed,
                            List.of(SystemIdentity.TRUST_BUNDLE_EXCHANGE
                                    .in(hearer.trustDomain())
                                    .toString()),
                            now,
                            now.plusSeconds(60),
                            signer.key());
                    hearer.exchange().life().run(() -> {
                        Outcome<TrustDomain> heard = open.hear(Optional.of("Bearer " + token));
                        world.transcript()
                                .say(
                                        forger.name(),
                                        "says farewell to %s as %s: %s".formatted(hearer, victim, text(heard)));
                        league.forged(hearer, forger, claimed, heard instanceof Outcome.Done<TrustDomain>);
                    });
                }));
    }

    /** Accepts a letter in the name of a cluster that its writer knows already, or of the writer itself. */
    void claim(Cluster forger, Cluster victim) {
        List<Letter> open = letters.stream()
                .filter(letter -> letter.inviter() != forger)
                .filter(letter -> letter.inviter() == victim || league.isEstablished(letter.inviter(), victim))
                .toList();
        if (open.isEmpty() || !forger.exchange().isUp()) {
            return;
        }
        Letter letter = world.pick(open);
        forger.exchange().life().run(() -> {
            Outcome<Accepting.Connected> outcome =
                    forger.exchange().claiming(victim).accept(letter.text());
            world.transcript()
                    .say(forger.name(), "accepts %s as %s: %s".formatted(name(letter), victim, text(outcome)));
        });
    }
}
