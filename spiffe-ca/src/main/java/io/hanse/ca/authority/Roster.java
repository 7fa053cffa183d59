/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import io.hanse.ca.authority.Authority.Active;
import io.hanse.ca.authority.Authority.Prepared;
import io.hanse.ca.authority.Authority.Retired;
import io.hanse.ca.authority.Authority.Retiring;
import io.hanse.ca.authority.Authority.Tainted;
import io.hanse.ca.authority.Move.Moved;
import io.hanse.ca.authority.Move.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The authorities of one kind and every move between their states. A value: a move gives the next roster.
 *
 * <table>
 *   <caption>Moves and their triggers</caption>
 *   <tr><td>(none) to Prepared</td><td>{@link #prepare}: schedule at half life of the active one, or command; refused
 *       while another is prepared</td></tr>
 *   <tr><td>Prepared to Active, the active one to Retiring</td><td>{@link #activate}: schedule when a sixth of the active
 *       one's life is left, or command; refused before the key was published for the publication time, unless forced</td></tr>
 *   <tr><td>Prepared or Retiring to Tainted</td><td>{@link #taint}: command; the active one is refused, another must be
 *       active first</td></tr>
 *   <tr><td>Tainted to Retired</td><td>{@link #revoke}: command; refused while SVIDs from it are valid, unless forced</td></tr>
 *   <tr><td>Retiring, Tainted or Prepared to Retired</td><td>{@link #retire}: schedule, when the last SVID from a retiring
 *       one has expired, or the authority itself has</td></tr>
 * </table>
 *
 * @param authorities in the order they were made
 */
public record Roster(AuthorityKind kind, List<Authority> authorities) {

    /** Retired key IDs remembered: a year of daily rotation several times over would say nothing new. */
    static final int MAX_RETIRED_REMEMBERED = 64;

    /** Published at once: forced rotations in a row must not grow the bundle without limit (AWS takes 100 keys). */
    static final int MAX_PUBLISHED = 16;

    public Roster {
        authorities = List.copyOf(authorities);
        Set<String> ids = new HashSet<>();
        for (Authority authority : authorities) {
            if (!ids.add(authority.keyId())) {
                throw new IllegalArgumentException(
                        "key id: %s twice (expected: one authority per key)".formatted(authority.keyId()));
            }
        }
        if (count(authorities, Active.class) > 1 || count(authorities, Prepared.class) > 1) {
            throw new IllegalArgumentException("authorities: more than one active or prepared (expected: at most one)");
        }
    }

    static Roster empty(AuthorityKind kind) {
        return new Roster(kind, List.of());
    }

    /** The one that signs. */
    public Optional<Active> active() {
        return only(Active.class);
    }

    /** The one that signs next. */
    public Optional<Prepared> prepared() {
        return only(Prepared.class);
    }

    /** Every key the bundle shows, in the order they were made. */
    public List<AuthorityMaterial> published() {
        return authorities.stream().flatMap(a -> a.kept().stream()).toList();
    }

    Move prepare(AuthorityMaterial fresh, Instant now) {
        if (prepared().isPresent()) {
            return new Refused(
                    "already-prepared",
                    "authority " + prepared().get().keyId() + " is prepared already",
                    command("activate"));
        }
        if (published().size() >= MAX_PUBLISHED) {
            return new Refused(
                    "too-many-authorities",
                    published().size() + " authorities are published, which is the limit",
                    "taint and revoke old ones: " + command("taint") + ", then " + command("revoke"));
        }
        List<Authority> next = new ArrayList<>(authorities);
        next.add(new Prepared(fresh, now));
        return new Moved(new Roster(kind, next), fresh.keyId());
    }

    Move activate(Optional<String> keyId, boolean force, Instant now, Duration publication) {
        Optional<Prepared> found =
                prepared().filter(p -> keyId.isEmpty() || keyId.get().equals(p.keyId()));
        if (found.isEmpty()) {
            return new Refused(
                    "not-prepared",
                    keyId.map(id -> "authority " + id + " is " + stateOf(id) + ", only a prepared one can be activated")
                            .orElse("no authority is prepared"),
                    command("prepare"));
        }
        Prepared prepared = found.get();
        Instant ready = prepared.since().plus(publication);
        if (!force && now.isBefore(ready)) {
            // Rounded up, so that whoever waits this long is not told to wait again.
            long seconds = Duration.between(now, ready).plusNanos(999_999_999).toSeconds();
            return new Refused(
                    "not-ready",
                    "authority " + prepared.keyId() + " is ready in " + seconds
                            + " s: peers must see a key before it signs (Federation 4.1)",
                    "wait, or " + command("activate") + " --force and accept that " + tooEarly());
        }
        return new Moved(
                map(authority -> switch (authority) {
                    case Prepared p -> new Active(p.material(), now);
                    case Active a -> new Retiring(a.material(), now);
                    case Retiring r -> r;
                    case Tainted t -> t;
                    case Retired r -> r;
                }),
                prepared.keyId());
    }

    Move taint(Optional<String> keyId, Instant now) {
        List<Authority> candidates = authorities.stream()
                .filter(a -> keyId.isPresent() ? keyId.get().equals(a.keyId()) : a instanceof Retiring)
                .toList();
        if (candidates.size() != 1) {
            return unclear(keyId, candidates, "retiring", "taint");
        }
        Authority one = candidates.getFirst();
        return switch (one) {
            case Prepared p -> new Moved(replace(p, new Tainted(p.material(), now)), p.keyId());
            case Retiring r -> new Moved(replace(r, new Tainted(r.material(), now)), r.keyId());
            case Tainted t -> new Moved(this, t.keyId());
            case Active a ->
                new Refused(
                        "is-active",
                        "authority " + a.keyId() + " is the active one; another must be active first",
                        prepared().isPresent()
                                ? command("activate")
                                : command("prepare") + ", then " + command("activate"));
            case Retired r -> new Refused("retired", "authority " + r.keyId() + " is retired already", command("show"));
        };
    }

    Move revoke(Optional<String> keyId, boolean force, long validSvids, Instant now) {
        List<Authority> candidates = authorities.stream()
                .filter(a -> keyId.isPresent() ? keyId.get().equals(a.keyId()) : a instanceof Tainted)
                .toList();
        if (candidates.size() != 1) {
            return unclear(keyId, candidates, "tainted", "revoke");
        }
        Authority one = candidates.getFirst();
        if (!(one instanceof Tainted)) {
            return new Refused(
                    "not-tainted",
                    "authority " + one.keyId() + " is " + stateOf(one) + ", only a tainted one can be revoked",
                    command("taint"));
        }
        if (validSvids > 0 && !force) {
            return new Refused(
                    "still-in-use",
                    validSvids + " SVIDs from authority " + one.keyId() + " are still valid",
                    "wait until their holders have renewed, or " + command("revoke")
                            + " --force and accept that they are refused from now on");
        }
        return new Moved(bounded(replace(one, new Retired(one.keyId(), now, true))), one.keyId());
    }

    Move retire(String keyId, Instant now) {
        Authority one = byId(keyId).orElseThrow();
        if (one instanceof Active || one instanceof Retired) {
            return new Refused("not-retiring", "authority " + keyId + " is " + stateOf(one), command("show"));
        }
        return new Moved(bounded(replace(one, new Retired(keyId, now, false))), keyId);
    }

    /** Which tainted authority a revocation without a key ID would mean. */
    Optional<String> onlyTainted() {
        List<Tainted> tainted = all(Tainted.class);
        return tainted.size() == 1 ? Optional.of(tainted.getFirst().keyId()) : Optional.empty();
    }

    /** The state's name, as people read it. */
    public static String stateOf(Authority authority) {
        return switch (authority) {
            case Prepared p -> "prepared";
            case Active a -> "active";
            case Retiring r -> "retiring";
            case Tainted t -> "tainted";
            case Retired r -> r.revoked() ? "revoked" : "retired";
        };
    }

    <A extends Authority> List<A> all(Class<A> state) {
        return authorities.stream().filter(state::isInstance).map(state::cast).toList();
    }

    private <A extends Authority> Optional<A> only(Class<A> state) {
        return all(state).stream().findFirst();
    }

    private Optional<Authority> byId(String keyId) {
        return authorities.stream().filter(a -> a.keyId().equals(keyId)).findFirst();
    }

    private String stateOf(String keyId) {
        return byId(keyId).map(Roster::stateOf).orElse("unknown");
    }

    private Move unclear(Optional<String> keyId, List<Authority> candidates, String state, String verb) {
        if (keyId.isPresent()) {
            return new Refused(
                    "unknown-authority", "no " + kind.text() + " authority has key id " + keyId.get(), command("show"));
        }
        String found = candidates.isEmpty() ? "no authority is " : candidates.size() + " authorities are ";
        return new Refused("name-one", found + state, command("show") + ", then " + command(verb) + " <key id>");
    }

    private String command(String verb) {
        String one = "connect-clusters authority " + verb;
        // "show" shows both kinds; x509 is what the other commands take by themselves.
        return verb.equals("show") || kind == AuthorityKind.X509 ? one : one + " --kind " + kind.text();
    }

    /** What a key costs that signs before peers have seen it. The bundle endpoint too proves itself by an X.509-SVID. */
    private String tooEarly() {
        return kind == AuthorityKind.JWT
                ? "peers refuse new JWT-SVIDs until they have polled"
                : "peers refuse new SVIDs until they have polled; one that could not poll since the new key was published"
                        + " is cut off until invited again: connect-clusters disconnect <peer>, in both clusters, then"
                        + " connect-clusters invite <peer>";
    }

    private Roster replace(Authority old, Authority fresh) {
        return map(authority -> authority.equals(old) ? fresh : authority);
    }

    private Roster map(Function<Authority, Authority> change) {
        return new Roster(kind, authorities.stream().map(change).toList());
    }

    private static Roster bounded(Roster roster) {
        List<Retired> retired = roster.all(Retired.class);
        List<Retired> forgotten = retired.subList(0, Math.max(0, retired.size() - MAX_RETIRED_REMEMBERED));
        return new Roster(
                roster.kind,
                roster.authorities.stream().filter(a -> !forgotten.contains(a)).toList());
    }

    private static long count(List<Authority> authorities, Class<? extends Authority> state) {
        return authorities.stream().filter(state::isInstance).count();
    }
}
