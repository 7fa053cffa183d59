/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.identity;

import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static io.hanse.proxy.testing.Nouns.GUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.testing.TestAuthority;
import io.hanse.model.testing.TestSvid;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.transport.tls.MalformedSvid;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An SVID of the test authority lives an hour. */
final class WorkloadSvidsTest {

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T10:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final TestAuthority authority = TestAuthority.of("lubeck.example", clock);
    private final List<SpiffeId> asked = new ArrayList<>();
    private final List<SpiffeId> changes = new ArrayList<>();
    private final Readiness readiness = new Readiness(clock);
    private int processes;
    private TestAuthority signing = authority;
    private Issuing answer = this::signed;

    @Test
    void aWorkloadsFirstSvidIsFetchedAtOnceAndKeptInAFileOfItsOwnersAlone() throws IOException {
        WorkloadSvids svids = svids();
        svids.publish(List.of(FRONTEND));
        assertThat(svids.of(FRONTEND)).isEmpty();
        scheduler.runDue();
        assertThat(svids.of(FRONTEND).orElseThrow().id()).isEqualTo(FRONTEND);
        assertThat(changes).containsExactly(FRONTEND);
        assertThat(files()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
        assertThat(svids.of(GUEST)).isEmpty();
    }

    @Test
    void itIsRenewedAtHalfLifeGiveOrTakeATenth() {
        WorkloadSvids svids = running();
        X509Svid first = svids.of(FRONTEND).orElseThrow();
        scheduler.advance(Duration.ofMinutes(26));
        assertThat(svids.of(FRONTEND)).containsSame(first);
        scheduler.advance(Duration.ofMinutes(8));
        assertThat(asked).hasSize(2);
        assertThat(svids.of(FRONTEND).orElseThrow().expiresAt()).isAfter(first.expiresAt());
        assertThat(changes).hasSize(2);
    }

    @Test
    void aTaintedAuthoritysSvidIsRenewedAtOnceAndOthersAreNot() {
        WorkloadSvids svids = running();
        X509Svid first = svids.of(FRONTEND).orElseThrow();
        svids.renewIfTainted(Set.of("00ff"));
        scheduler.runDue();
        assertThat(svids.of(FRONTEND)).containsSame(first);
        signing = TestAuthority.of("lubeck.example", clock);
        svids.renewIfTainted(Set.copyOf(first.authorityKeyIds()));
        scheduler.runDue();
        assertThat(svids.of(FRONTEND).orElseThrow().authorityKeyIds()).isNotEqualTo(first.authorityKeyIds());
    }

    @Test
    @DisplayName("while spiffe-ca still signs with the tainted authority it is asked ever less often")
    void aTaintThatRenewalDoesNotCureDoesNotHammerTheAuthority() {
        WorkloadSvids svids = running();
        svids.renewIfTainted(Set.copyOf(svids.of(FRONTEND).orElseThrow().authorityKeyIds()));
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(asked).hasSizeBetween(3, 40);
        assertThat(svids.of(FRONTEND)).isPresent();
    }

    @Test
    void aTaintKnownBeforeTheWorkloadCameCountsToo() {
        running().close();
        WorkloadSvids restarted = svids();
        restarted.renewIfTainted(authorityKeyIds());
        signing = TestAuthority.of("lubeck.example", clock);
        restarted.publish(List.of(FRONTEND));
        assertThat(restarted.of(FRONTEND))
                .as("what is kept serves until the new one is there")
                .isPresent();
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(asked).hasSize(2);
    }

    @Test
    @DisplayName(
            "fail static: a failed renewal keeps what is valid, says why, and is tried again; expired is not valid")
    void aFailedRenewalKeepsTheOldOne() {
        WorkloadSvids svids = running();
        X509Svid first = svids.of(FRONTEND).orElseThrow();
        answer = id -> {
            throw new CertificateRefused("spiffe-ca is away");
        };
        scheduler.advance(Duration.ofMinutes(50));
        assertThat(svids.of(FRONTEND)).containsSame(first);
        assertThat(svids.problem(FRONTEND))
                .hasValueSatisfying(why -> assertThat(why).contains("away"));
        scheduler.advance(Duration.ofMinutes(11));
        assertThat(svids.of(FRONTEND)).isEmpty();
        answer = this::signed;
        scheduler.advance(Duration.ofMinutes(3));
        assertThat(svids.of(FRONTEND)).isPresent();
        assertThat(svids.problem(FRONTEND)).isEmpty();
    }

    @Test
    void operatorsAreToldOfWhatDoesNotComeUntilItComesOrNobodyWantsIt() {
        WorkloadSvids svids = running();
        answer = id -> {
            throw new CertificateRefused("not registered on this node");
        };
        svids.publish(List.of(FRONTEND, GUEST));
        scheduler.runDue();
        assertThat(readiness.unfinished()).isEmpty();
        assertThat(readiness.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.what()).isEqualTo("1 of 2 not received, %s: not registered on this node", GUEST);
            assertThat(problem.next()).isEqualTo("connect-clusters svid");
        });

        svids.publish(List.of(FRONTEND));
        assertThat(readiness.problems()).isEmpty();

        svids.publish(List.of(FRONTEND, GUEST));
        scheduler.runDue();
        assertThat(readiness.problems()).hasSize(1);
        answer = this::signed;
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(svids.of(GUEST)).isPresent();
        assertThat(readiness.problems()).isEmpty();
    }

    @Test
    void aBugInIssuingDoesNotEndTheRenewals() {
        answer = id -> {
            throw new IllegalStateException("unexpected");
        };
        WorkloadSvids svids = svids();
        svids.publish(List.of(FRONTEND));
        scheduler.runDue();
        assertThat(svids.problem(FRONTEND))
                .hasValueSatisfying(why -> assertThat(why).contains("unexpected"));
        answer = this::signed;
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(svids.of(FRONTEND)).isPresent();
    }

    @Test
    void afterARestartTheFileServesWithoutAsking() {
        running().close();
        asked.clear();
        answer = id -> {
            throw new AssertionError("nobody is there");
        };
        WorkloadSvids restarted = svids();
        restarted.publish(List.of(FRONTEND));
        scheduler.runDue();
        assertThat(restarted.of(FRONTEND).orElseThrow().id()).isEqualTo(FRONTEND);
        assertThat(asked).isEmpty();
    }

    @Test
    void aFileThatHasExpiredOrIsBrokenIsNotServed() throws IOException {
        running().close();
        clock.advance(Duration.ofHours(2));
        WorkloadSvids restarted = svids();
        restarted.publish(List.of(FRONTEND));
        assertThat(restarted.of(FRONTEND)).isEmpty();
        scheduler.runDue();
        assertThat(restarted.of(FRONTEND)).isPresent();
        restarted.close();
        Files.writeString(files().getFirst(), "-----BEGIN NONSENSE-----\n");
        WorkloadSvids again = svids();
        again.publish(List.of(FRONTEND));
        assertThat(again.of(FRONTEND)).isEmpty();
        scheduler.runDue();
        assertThat(again.of(FRONTEND)).isPresent();
    }

    @Test
    void whenAWorkloadLeavesItsKeyGoesToo() throws IOException {
        WorkloadSvids svids = running();
        changes.clear();
        svids.publish(List.of());
        assertThat(svids.of(FRONTEND)).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(changes).containsExactly(FRONTEND);
        asked.clear();
        scheduler.advance(Duration.ofHours(2));
        assertThat(asked).isEmpty();
    }

    @Test
    void publishingTheSameWorkloadsAgainChangesNothing() {
        WorkloadSvids svids = running();
        X509Svid first = svids.of(FRONTEND).orElseThrow();
        svids.publish(List.of(FRONTEND));
        scheduler.runDue();
        assertThat(svids.of(FRONTEND)).containsSame(first);
        assertThat(asked).hasSize(1);
    }

    private WorkloadSvids running() {
        WorkloadSvids svids = svids();
        svids.publish(List.of(FRONTEND));
        scheduler.runDue();
        assertThat(svids.of(FRONTEND)).isPresent();
        return svids;
    }

    @SuppressWarnings("resource") // ends with the test
    private WorkloadSvids svids() {
        WorkloadSvids svids = new WorkloadSvids(
                id -> {
                    asked.add(id);
                    return answer.issue(id);
                },
                directory,
                scheduler,
                clock,
                readiness.task("workload certificates " + ++processes));
        svids.onChange(changes::add);
        return svids;
    }

    private X509Svid signed(SpiffeId id) {
        TestSvid svid = signing.svid(id);
        try {
            return X509Svid.of(svid.chain(), svid.key());
        } catch (MalformedSvid e) {
            throw new AssertionError(e);
        }
    }

    private Set<String> authorityKeyIds() {
        return Set.copyOf(signed(GUEST).authorityKeyIds());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
