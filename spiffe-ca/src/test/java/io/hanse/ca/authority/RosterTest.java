/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.keys.SigningKey;
import io.hanse.ca.profile.Lifetime;
import io.hanse.ca.testing.TestCa;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RosterTest {

    private static final Instant NOW = TestCa.START;
    private static final Duration PUBLICATION = Duration.ofMinutes(15);

    private final AuthorityMaterial first = material();
    private final AuthorityMaterial second = material();
    private final AuthorityMaterial third = material();
    private final Roster none = Roster.empty(AuthorityKind.JWT);

    @Test
    void aPreparedOneBecomesActiveAndTheActiveOneRetires() {
        Roster one = moved(moved(none.prepare(first, NOW)).activate(Optional.empty(), true, NOW, PUBLICATION));
        Roster two = moved(one.prepare(second, NOW));
        Roster three = moved(two.activate(Optional.empty(), false, NOW.plus(PUBLICATION), PUBLICATION));

        assertThat(states(one)).containsExactly("active");
        assertThat(states(two)).containsExactly("active", "prepared");
        assertThat(states(three)).containsExactly("retiring", "active");
        assertThat(three.published()).containsExactly(first, second);
    }

    @Test
    @DisplayName("FED-4.1a refuses to activate a key that was not yet published for three refresh hints")
    void refusesToActivateEarly() {
        Roster two = moved(withActive().prepare(second, NOW));

        Move.Refused early = refused(
                two.activate(Optional.empty(), false, NOW.plus(PUBLICATION).minusSeconds(100), PUBLICATION));
        Move atTime = two.activate(Optional.empty(), false, NOW.plus(PUBLICATION), PUBLICATION);
        Move forced = two.activate(Optional.empty(), true, NOW, PUBLICATION);

        assertThat(early.code()).isEqualTo("not-ready");
        assertThat(early.detail()).contains("ready in 100 s");
        assertThat(early.next())
                .contains("--force and accept that peers refuse new JWT-SVIDs until they have polled")
                .doesNotContain("invited again");
        assertThat(atTime).isInstanceOf(Move.Moved.class);
        assertThat(forced).isInstanceOf(Move.Moved.class);
    }

    @Test
    void refusesASecondPreparedOne() {
        Roster two = moved(withActive().prepare(second, NOW));

        assertThat(refused(two.prepare(third, NOW)).code()).isEqualTo("already-prepared");
    }

    @Test
    void refusesToActivateWhatIsNotPrepared() {
        assertThat(refused(withActive().activate(Optional.empty(), true, NOW, PUBLICATION))
                        .code())
                .isEqualTo("not-prepared");
        assertThat(refused(withActive().activate(Optional.of(first.keyId()), true, NOW, PUBLICATION))
                        .detail())
                .contains("is active");
    }

    @Test
    void refusesToTaintTheActiveOneUntilAnotherIsActive() {
        Move.Refused refused = refused(withActive().taint(Optional.of(first.keyId()), NOW));

        assertThat(refused.code()).isEqualTo("is-active");
        assertThat(refused.next()).contains("connect-clusters authority prepare --kind jwt");
        assertThat(states(moved(retiringAndActive().taint(Optional.of(first.keyId()), NOW))))
                .containsExactly("tainted", "active");
    }

    @Test
    void taintWithoutAKeyIdMeansTheOnlyRetiringOne() {
        assertThat(states(moved(retiringAndActive().taint(Optional.empty(), NOW))))
                .containsExactly("tainted", "active");
        assertThat(refused(withActive().taint(Optional.empty(), NOW)).code()).isEqualTo("name-one");
    }

    @Test
    void aPreparedOneCanBeTaintedAndThenNeverSigns() {
        Roster tainted = moved(moved(withActive().prepare(second, NOW)).taint(Optional.of(second.keyId()), NOW));

        assertThat(states(tainted)).containsExactly("active", "tainted");
        assertThat(refused(tainted.activate(Optional.of(second.keyId()), true, NOW, PUBLICATION))
                        .code())
                .isEqualTo("not-prepared");
    }

    @Test
    void revokesOnlyATaintedOne() {
        Move.Refused refused = refused(retiringAndActive().revoke(Optional.of(first.keyId()), true, 0, NOW));

        assertThat(refused.code()).isEqualTo("not-tainted");
    }

    @Test
    @DisplayName("FED-4.1b refuses to revoke while SVIDs are valid and says how many, unless forced")
    void refusesToRevokeWhileInUse() {
        Roster tainted = moved(retiringAndActive().taint(Optional.empty(), NOW));

        Move.Refused refused = refused(tainted.revoke(Optional.empty(), false, 7, NOW));
        Roster forced = moved(tainted.revoke(Optional.empty(), true, 7, NOW));
        Roster unused = moved(tainted.revoke(Optional.empty(), false, 0, NOW));

        assertThat(refused.detail()).startsWith("7 SVIDs");
        assertThat(states(forced)).containsExactly("revoked", "active");
        assertThat(forced.published()).containsExactly(second);
        assertThat(unused).isEqualTo(forced);
    }

    @Test
    void anUnknownKeyIdIsNamed() {
        assertThat(refused(withActive().taint(Optional.of("beef"), NOW)).detail())
                .contains("beef");
        assertThat(refused(withActive().revoke(Optional.of("beef"), true, 0, NOW))
                        .code())
                .isEqualTo("unknown-authority");
    }

    @Test
    void twoAuthoritiesNeverShareAKeyIdRetiredOnesIncluded() {
        Authority retired = new Authority.Retired(first.keyId(), NOW, false);

        assertThatThrownBy(() -> new Roster(AuthorityKind.JWT, List.of(retired, new Authority.Prepared(first, NOW))))
                .hasMessageContaining(first.keyId());
    }

    @Test
    void refusesMoreThanOneActive() {
        assertThatThrownBy(() -> new Roster(
                        AuthorityKind.JWT,
                        List.of(new Authority.Active(first, NOW), new Authority.Active(second, NOW))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysThatAnX509AuthorityForcedTooEarlyCutsPeersOff() {
        Roster two = new Roster(
                AuthorityKind.X509, moved(withActive().prepare(second, NOW)).authorities());

        assertThat(refused(two.activate(Optional.empty(), false, NOW, PUBLICATION))
                        .next())
                .contains("connect-clusters authority activate --force")
                .contains("could not poll since the new key was published is cut off until invited again")
                .contains("connect-clusters disconnect <peer>, in both clusters, then connect-clusters invite <peer>");
    }

    @Test
    void publishesABoundedNumberOfKeys() {
        Roster roster = withActive();
        for (int i = 1; i < Roster.MAX_PUBLISHED; i++) {
            roster = moved(moved(roster.prepare(material(), NOW)).activate(Optional.empty(), true, NOW, PUBLICATION));
        }

        assertThat(refused(roster.prepare(third, NOW)).code()).isEqualTo("too-many-authorities");
    }

    @Test
    void remembersABoundedNumberOfRetiredOnes() {
        Roster roster = withActive();
        for (int i = 0; i < Roster.MAX_RETIRED_REMEMBERED + 2; i++) {
            AuthorityMaterial next = material();
            roster = moved(roster.prepare(next, NOW));
            roster = moved(roster.retire(next.keyId(), NOW));
        }

        assertThat(roster.authorities()).hasSize(1 + Roster.MAX_RETIRED_REMEMBERED);
    }

    @Test
    void neverRetiresTheActiveOneByItself() {
        assertThat(withActive().retire(first.keyId(), NOW)).isInstanceOf(Move.Refused.class);
    }

    private Roster withActive() {
        return moved(moved(none.prepare(first, NOW)).activate(Optional.empty(), true, NOW, PUBLICATION));
    }

    private Roster retiringAndActive() {
        return moved(moved(withActive().prepare(second, NOW)).activate(Optional.empty(), true, NOW, PUBLICATION));
    }

    private static AuthorityMaterial material() {
        return AuthorityMaterial.jwt(
                SigningKey.generate(KeyKind.EC_P256, TestCa.CRYPTO), Lifetime.from(NOW, TestCa.LIFETIME));
    }

    private static List<String> states(Roster roster) {
        return roster.authorities().stream().map(Roster::stateOf).toList();
    }

    private static Roster moved(Move move) {
        assertThat(move).isInstanceOf(Move.Moved.class);
        return ((Move.Moved) move).next();
    }

    private static Move.Refused refused(Move move) {
        assertThat(move).isInstanceOf(Move.Refused.class);
        return (Move.Refused) move;
    }
}
