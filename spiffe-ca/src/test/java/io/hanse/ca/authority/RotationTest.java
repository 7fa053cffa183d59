/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hanse.ca.keys.CaException;
import io.hanse.ca.keys.KeyEncryptionKey;
import io.hanse.ca.keys.KeyKind;
import io.hanse.ca.testing.TestCa;
import io.hanse.runtime.time.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RotationTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();

    @Test
    void theFirstStartHasOneActiveAuthorityOfEachKind() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("active");
            assertThat(states(ca, AuthorityKind.JWT)).containsExactly("active");
        }
    }

    @Test
    void preparesAtHalfLifeAndActivatesWithASixthLeft() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            pass(ca, Duration.ofHours(11).plusMinutes(59));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("active");
            pass(ca, Duration.ofMinutes(1));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("active", "prepared");
            pass(ca, Duration.ofHours(7).plusMinutes(59));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("active", "prepared");
            pass(ca, Duration.ofMinutes(1));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("retiring", "active");
            assertThat(states(ca, AuthorityKind.JWT)).containsExactly("retiring", "active");
        }
    }

    @Test
    @DisplayName("FED-4.1a a key is in the bundle for three refresh hints before the first leaf from it")
    void aKeyIsPublishedBeforeItSigns() {
        RotationSchedule schedule = new RotationSchedule(Duration.ofMinutes(18), Duration.ofMinutes(2));
        AuthoritySettings settings = new AuthoritySettings(KeyKind.EC_P256, KeyKind.EC_P256, schedule);
        List<Instant> published = new ArrayList<>();
        try (TestCa ca = TestCa.open(directory, clock, settings)) {
            String firstSigner = ca.authorities.signer(AuthorityKind.X509).keyId();
            while (ca.authorities.signer(AuthorityKind.X509).keyId().equals(firstSigner)) {
                if (ca.authorities.image().bundle().x509Authorities().size() == 2) {
                    published.add(clock.instant());
                }
                pass(ca, Duration.ofSeconds(1));
            }
            assertThat(Duration.between(published.getFirst(), clock.instant()))
                    .isGreaterThanOrEqualTo(Duration.ofMinutes(6));
        }
    }

    @Test
    @DisplayName("FED-4.1b a key stays in the bundle until the last SVID from it has expired")
    void aKeyStaysUntilItsLastSvidExpired() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            pass(ca, Duration.ofHours(12));
            pass(ca, Duration.ofHours(8).minusSeconds(10));
            Instant lastExpiry =
                    ca.issue("/ns/shop/sa/web").chain().getFirst().getNotAfter().toInstant();
            String old = ca.authorities.signer(AuthorityKind.X509).keyId();
            pass(ca, Duration.ofSeconds(10));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("retiring", "active");

            pass(ca, Duration.between(clock.instant(), lastExpiry));
            assertThat(publishedKeys(ca)).contains(old);
            pass(ca, RotationSchedule.RETIRE_GRACE.plusSeconds(1));
            assertThat(publishedKeys(ca)).doesNotContain(old);
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("retired", "active");
        }
    }

    @Test
    void aTaintedOneStaysPublishedUntilItIsRevoked() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            ca.issue("/ns/shop/sa/web");
            ca.authorities.prepare(AuthorityKind.X509);
            ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
            ca.authorities.taint(AuthorityKind.X509, Optional.empty());
            pass(ca, Duration.ofMinutes(30));
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("tainted", "active");

            Move early = ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), false);
            assertThat(early)
                    .isInstanceOfSatisfying(
                            Move.Refused.class,
                            refused -> assertThat(refused.detail()).startsWith("1 SVIDs"));
            pass(ca, Duration.ofMinutes(31));
            ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), false);
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("revoked", "active");
        }
    }

    @Test
    void afterALongStopItSignsAgainAtOnce() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("active");
        }
        clock.advance(Duration.ofDays(30));
        try (TestCa ca = TestCa.open(directory, clock)) {
            ca.issue("/ns/shop/sa/web");
            assertThat(states(ca, AuthorityKind.X509)).endsWith("active").doesNotContain("retiring");
        }
    }

    @Test
    void aRestartKeepsEveryStateAndTheVersionGrowsOn() {
        AuthorityImage before;
        try (TestCa ca = TestCa.open(directory, clock)) {
            ca.authorities.prepare(AuthorityKind.X509);
            ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
            ca.authorities.taint(AuthorityKind.X509, Optional.empty());
            ca.authorities.prepare(AuthorityKind.X509);
            before = ca.authorities.image();
        }
        try (TestCa ca = TestCa.open(directory, clock)) {
            AuthorityImage after = ca.authorities.image();
            assertThat(after.version()).isEqualTo(before.version());
            assertThat(after.bundle()).isEqualTo(before.bundle());
            assertThat(states(ca, AuthorityKind.X509)).containsExactly("tainted", "active", "prepared");
            ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), true);
            assertThat(ca.authorities.image().version()).isGreaterThan(before.version());
            ca.issue("/ns/shop/sa/web");
        }
    }

    @Test
    void twentyDaysOfRotationNeverLeaveALeafWithoutItsRoot() {
        try (TestCa ca = TestCa.open(directory, clock)) {
            for (int hour = 0; hour < 24 * 20; hour++) {
                Instant expiry = ca.issue("/ns/shop/sa/web")
                        .chain()
                        .getFirst()
                        .getNotAfter()
                        .toInstant();
                assertThat(Duration.between(clock.instant(), expiry)).isEqualTo(TestCa.SVID);
                assertThat(ca.authorities.image().x509().published()).hasSizeBetween(1, 3);
                pass(ca, Duration.ofHours(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyKindOfKeyIsMadeProvedStoredAndReadAgain(KeyKind kind) {
        AuthoritySettings settings = TestCa.settings(kind, kind);
        try (TestCa ca = TestCa.open(directory, clock, settings)) {
            ca.issue("/ns/shop/sa/web");
        }
        try (TestCa ca = TestCa.open(directory, clock, settings)) {
            assertThat(ca.authorities.signer(AuthorityKind.X509).key().kind()).isEqualTo(kind);
            ca.issue("/ns/shop/sa/web");
        }
    }

    @Test
    void privateKeysAreNotOnTheDiskInTheClear() throws Exception {
        try (TestCa ca = TestCa.open(directory, clock)) {
            ca.issue("/ns/shop/sa/web");
            String stored = Files.readString(directory.resolve("authorities.json"));
            assertThat(stored).contains("sealedKey").doesNotContain("privateKey");
            assertThat(Files.getPosixFilePermissions(directory.resolve("authorities.json")))
                    .hasSize(2);
        }
    }

    @Test
    void aMissingKeyEncryptionKeyIsNamedAndNothingIsOverwritten() throws Exception {
        Path kek;
        try (TestCa ca = TestCa.open(directory, clock)) {
            kek = ca.kekFile();
        }
        byte[] state = Files.readAllBytes(directory.resolve("authorities.json"));
        Files.delete(kek);

        assertThatThrownBy(() -> TestCa.open(directory, clock))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining(kek.toString());
        assertThat(kek).doesNotExist();
        assertThat(Files.readAllBytes(directory.resolve("authorities.json"))).isEqualTo(state);
    }

    @Test
    void anotherKeyEncryptionKeyIsRefusedByName() throws Exception {
        String first;
        Path kek;
        try (TestCa ca = TestCa.open(directory, clock)) {
            first = ca.kek.id();
            kek = ca.kekFile();
        }
        Files.delete(kek);
        KeyEncryptionKey other = KeyEncryptionKey.load(kek, false, new SecureRandom());

        assertThatThrownBy(() -> TestCa.open(directory, clock))
                .hasMessageContaining(first)
                .hasMessageContaining(other.id());
    }

    @Test
    void aSealedKeyMovedToAnotherAuthorityDoesNotOpen() throws Exception {
        try (TestCa ca = TestCa.open(directory, clock)) {
            ca.authorities.prepare(AuthorityKind.X509);
        }
        Path file = directory.resolve("authorities.json");
        List<String> sealed = new ArrayList<>();
        Matcher found = Pattern.compile("\"sealedKey\":\"([^\"]+)\"").matcher(Files.readString(file));
        while (found.find()) {
            sealed.add(found.group(1));
        }
        Files.writeString(file, Files.readString(file).replace(sealed.get(0), sealed.get(1)));

        assertThatThrownBy(() -> TestCa.open(directory, clock))
                .isInstanceOf(CaException.class)
                .hasMessageContaining("does not open");
    }

    @Test
    void stateOfAnotherTrustDomainIsRefused() throws Exception {
        try (TestCa ca = TestCa.open(directory, clock)) {
            assertThat(ca.file.exists()).isTrue();
        }
        Path file = directory.resolve("authorities.json");
        Files.writeString(file, Files.readString(file).replace("lubeck.example", "bergen.example"));

        assertThatThrownBy(() -> TestCa.open(directory, clock))
                .hasMessageContaining("bergen.example")
                .hasMessageContaining("lubeck.example");
    }

    @Test
    void aRefreshHintTooLongForTheLifetimeIsRefused() {
        Duration lifetime = Duration.ofMinutes(90);
        assertThat(new RotationSchedule(lifetime, Duration.ofMinutes(10)).publication())
                .isEqualTo(Duration.ofMinutes(30));
        assertThatThrownBy(() ->
                        new RotationSchedule(lifetime, Duration.ofMinutes(10).plusSeconds(1)))
                .hasMessageContaining("ninth");
    }

    @Test
    void listenersSeeEveryVersionInOrder() throws Exception {
        List<Long> versions = new ArrayList<>();
        try (TestCa ca = TestCa.open(directory, clock)) {
            AutoCloseable subscription = ca.authorities.onChange(image -> versions.add(image.version()));
            ca.authorities.prepare(AuthorityKind.X509);
            ca.authorities.prepare(AuthorityKind.JWT);
            ca.authorities.prepare(AuthorityKind.JWT);
            subscription.close();
            ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        }
        assertThat(versions).containsExactly(4L, 5L, 6L);
    }

    /** Passes time as the scheduler would: in small steps, looking at the schedule after each. */
    private void pass(TestCa ca, Duration time) {
        Duration step = Duration.ofMinutes(10);
        Duration left = time;
        while (left.isPositive()) {
            Duration next = left.compareTo(step) < 0 ? left : step;
            clock.advance(next);
            left = left.minus(next);
            ca.authorities.rotate();
        }
    }

    private static List<String> publishedKeys(TestCa ca) {
        return ca.authorities.image().x509().published().stream()
                .map(AuthorityMaterial::keyId)
                .toList();
    }

    private static List<String> states(TestCa ca, AuthorityKind kind) {
        return ca.authorities.image().of(kind).authorities().stream()
                .map(Roster::stateOf)
                .toList();
    }
}
