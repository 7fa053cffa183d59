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
import io.hanse.ca.profile.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * When an authority moves by itself.
 *
 * <p>Of the active one's life: at half, the next is prepared; with a sixth left, the next is activated, so that nothing
 * signed is ever cut shorter than a sixth. A prepared key is never activated before it was published for
 * {@link #publication()} (Federation 4.1 asks for 3 to 5 refresh hints), with one exception: nothing else can sign, at the
 * first start or after a long stop, and waiting would help nobody.
 *
 * @param lifetime of each authority
 * @param refreshHint how often peers fetch the bundle
 */
public record RotationSchedule(Duration lifetime, Duration refreshHint) {

    /** Federation 4.1: new keys are published 3 to 5 refresh hints before they sign. */
    private static final int PUBLICATION_HINTS = 3;

    private static final int ACTIVATE_AT_FRACTION_LEFT = 6;

    /** How long after its last SVID expired a key stays published, for verifiers whose clocks are behind. */
    static final Duration RETIRE_GRACE = Duration.ofMinutes(1);

    public RotationSchedule {
        Duration room = lifetime.dividedBy(2).minus(lifetime.dividedBy(ACTIVATE_AT_FRACTION_LEFT));
        if (refreshHint.multipliedBy(PUBLICATION_HINTS).compareTo(room) > 0) {
            throw new IllegalArgumentException(
                    "refreshHint: %s (expected: at most a ninth of the authority's lifetime %s, so that a new key is seen before it signs)"
                            .formatted(refreshHint, lifetime));
        }
    }

    /** What is to be done now. */
    sealed interface Step {
        record Prepare() implements Step {}

        /**
         * Let the prepared one sign.
         *
         * @param urgent nothing else can sign
         */
        record Activate(boolean urgent) implements Step {}

        record Retire(String keyId) implements Step {}
    }

    /** The longest life of an SVID that never has to be cut short by its authority's end. */
    public Duration longestSvid() {
        return lifetime.dividedBy(ACTIVATE_AT_FRACTION_LEFT);
    }

    /** How long a prepared key is published before it signs. */
    public Duration publication() {
        return refreshHint.multipliedBy(PUBLICATION_HINTS);
    }

    /**
     * The next step due at {@code now}, if any.
     *
     * @param lastExpiry when the last SVID of a key ID expires or just expired; empty if that is long ago
     */
    Optional<Step> due(Roster roster, Instant now, Function<String, Optional<Instant>> lastExpiry) {
        // First, because it makes room: the number of published keys is bounded.
        Optional<Authority> over = roster.authorities().stream()
                .filter(authority -> isOver(authority, now, lastExpiry))
                .findFirst();
        if (over.isPresent()) {
            return Optional.of(new Step.Retire(over.get().keyId()));
        }
        boolean canSign =
                roster.active().filter(a -> isAlive(a.material(), now)).isPresent();
        Optional<Prepared> prepared = roster.prepared();
        if (!canSign) {
            return Optional.of(prepared.isPresent() ? new Step.Activate(true) : new Step.Prepare());
        }
        Active active = roster.active().orElseThrow();
        if (prepared.isEmpty() && !now.isBefore(prepareAt(active))) {
            return Optional.of(new Step.Prepare());
        }
        if (prepared.isPresent() && !now.isBefore(activateAt(active, prepared.get()))) {
            return Optional.of(new Step.Activate(false));
        }
        return Optional.empty();
    }

    /** When the roster next moves by itself towards a new active authority. */
    public Optional<Instant> nextRotation(Roster roster) {
        return roster.active()
                .map(active -> roster.prepared()
                        .map(prepared -> activateAt(active, prepared))
                        .orElseGet(() -> prepareAt(active)));
    }

    private static Instant prepareAt(Active active) {
        Lifetime life = active.material().lifetime();
        return life.notAfter()
                .minus(Duration.between(life.notBefore(), life.notAfter()).dividedBy(2));
    }

    private Instant activateAt(Active active, Prepared prepared) {
        Lifetime life = active.material().lifetime();
        Instant byAge = life.notAfter()
                .minus(Duration.between(life.notBefore(), life.notAfter()).dividedBy(ACTIVATE_AT_FRACTION_LEFT));
        Instant byPublication = prepared.since().plus(publication());
        return byAge.isAfter(byPublication) ? byAge : byPublication;
    }

    private static boolean isOver(Authority authority, Instant now, Function<String, Optional<Instant>> lastExpiry) {
        return switch (authority) {
            case Retiring r ->
                !isAlive(r.material(), now)
                        || now.isAfter(r.since().plus(RETIRE_GRACE))
                                && lastExpiry
                                        .apply(r.keyId())
                                        .map(last -> now.isAfter(last.plus(RETIRE_GRACE)))
                                        .orElse(true);
            // Stays until the operator revokes it, so that a compromise is closed by a decision, not by a clock.
            case Tainted t -> !isAlive(t.material(), now);
            case Prepared p -> !isAlive(p.material(), now);
            case Active a -> false;
            case Retired r -> false;
        };
    }

    private static boolean isAlive(AuthorityMaterial material, Instant now) {
        return now.isBefore(material.lifetime().notAfter());
    }
}
