/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.svid;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.hanse.model.bundle.TrustBundle;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.process.Readiness;
import io.hanse.runtime.testing.TestIdentity;
import io.hanse.runtime.time.ManualClock;
import io.hanse.runtime.time.ManualScheduler;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process and its spiffe-ca over real TLS and real files; only time is ours. */
class OwnSvidTest {

    private static final TrustDomain LUBECK = new TrustDomain("lubeck.example");
    private static final SpiffeId ID = new SpiffeId(LUBECK, "/ns/hanse-system/sa/cluster-registry");
    private static final Duration LIFE = TestAuthority.LEAF_LIFETIME;

    @TempDir
    Path state;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final TestAuthority authority = TestAuthority.of(LUBECK.name(), clock);
    private final Readiness readiness = new Readiness(clock);
    private final List<OwnSvid> started = new ArrayList<>();
    private final FakeCa ca = new FakeCa(authority, clock);

    OwnSvidTest() throws IOException {}

    @AfterEach
    void stop() {
        started.forEach(OwnSvid::close);
        ca.close();
    }

    private Path token() {
        return state.resolve("a.token");
    }

    private void putToken(SpiffeId id, String secret, Duration life) throws IOException {
        JoinToken token = new JoinToken(
                id, ca.address(), authority.bundle(), secret, clock.instant().plus(life));
        Files.writeString(token(), token.format());
    }

    private OwnSvid begin() {
        Readiness.StartTask task = started.isEmpty() ? readiness.task("own svid") : new Readiness(clock).task("again");
        OwnSvid own = new OwnSvid(new OwnSvid.Home(ID, ca.address(), state, token()), scheduler, clock, task);
        started.add(own);
        own.start();
        scheduler.runDue();
        return own;
    }

    private OwnSvid joined() throws IOException {
        putToken(ID, "secret", LIFE);
        OwnSvid own = begin();
        assertThat(own.current()).isPresent();
        return own;
    }

    private static X509Certificate leaf(OwnSvid own) {
        return own.current().orElseThrow().leaf();
    }

    @Test
    void aJoinTokenBuysTheFirstCertificateAndIsDeleted() throws Exception {
        putToken(ID, "very-secret", LIFE);
        OwnSvid own = begin();
        assertThat(own.current().orElseThrow().id()).isEqualTo(ID);
        assertThat(own.roots().current().of(LUBECK).orElseThrow().x509Authorities())
                .containsExactly(authority.certificate());
        assertThat(ca.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.caller()).isEmpty();
            assertThat(asked.bearer()).contains("Bearer very-secret");
            assertThat(asked.key()).isEqualTo(leaf(own).getPublicKey());
        });
        assertThat(token()).doesNotExist();
        assertThat(readiness.ready()).isTrue();
        Path file = state.resolve("own-svid.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllBytes(file))
                .isEqualTo(own.current().orElseThrow().toPem());
    }

    @Test
    void withoutATokenItWaitsForOne() throws Exception {
        OwnSvid own = begin();
        scheduler.advance(Duration.ofSeconds(30));
        assertThat(own.current()).isEmpty();
        assertThat(readiness.ready()).isFalse();
        assertThat(ca.asked()).isEmpty();
        putToken(ID, "secret", LIFE);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(own.current()).isPresent();
    }

    @Test
    void itRenewsAtHalfLifeWithAKeyOfItsOwn() throws Exception {
        OwnSvid own = joined();
        X509Certificate first = leaf(own);
        scheduler.advance(LIFE.multipliedBy(2).dividedBy(5));
        assertThat(leaf(own)).isEqualTo(first);
        scheduler.advance(LIFE.dividedBy(5));
        assertThat(leaf(own)).isNotEqualTo(first);
        assertThat(leaf(own).getPublicKey()).isNotEqualTo(first.getPublicKey());
        assertThat(ca.asked()).hasSize(2);
        assertThat(ca.asked().getLast().caller()).contains(ID);
        assertThat(ca.asked().getLast().bearer()).isEmpty();
        // And again, as long as it lives.
        scheduler.advance(LIFE.multipliedBy(5));
        assertThat(own.current().orElseThrow().expiresAt()).isAfter(clock.instant());
    }

    @Test
    void aFailedRenewalKeepsTheSvidAndIsTriedAgainEverLater() throws Exception {
        OwnSvid own = joined();
        X509Certificate first = leaf(own);
        ca.refuse(Status.UNAVAILABLE);
        scheduler.advance(LIFE.dividedBy(2).plusMinutes(20));
        assertThat(leaf(own)).isEqualTo(first);
        List<Instant> tries = ca.asked().stream().skip(1).map(FakeCa.Asked::at).toList();
        assertThat(tries).hasSizeBetween(8, 40);
        List<Duration> waits = new ArrayList<>();
        for (int i = 1; i < tries.size(); i++) {
            waits.add(Duration.between(tries.get(i - 1), tries.get(i)));
        }
        assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(150)) <= 0);
        assertThat(waits.getFirst()).isLessThan(Duration.ofSeconds(1));
        assertThat(waits.getLast()).isGreaterThan(Duration.ofSeconds(60));
        ca.answerAgain();
        scheduler.advance(Duration.ofSeconds(150));
        assertThat(leaf(own)).isNotEqualTo(first);
    }

    @Test
    void anSvidThatRanOutIsReplacedByANewTokenOnly() throws Exception {
        OwnSvid own = joined();
        ca.refuse(Status.UNAVAILABLE);
        scheduler.advance(LIFE.plusMinutes(10));
        ca.answerAgain();
        int asked = ca.asked().size();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(ca.asked()).hasSize(asked);
        putToken(ID, "another", LIFE);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(own.current().orElseThrow().expiresAt()).isAfter(clock.instant());
    }

    @Test
    void aTokenReplacesAnSvidThatIsNotRenewedThoughItIsGoodForLong() throws Exception {
        OwnSvid own = joined();
        X509Certificate first = leaf(own);
        ca.refuseRenewals(Status.UNAUTHENTICATED.withDescription("SVID_NO_LONGER_VALID: gone"));
        own.renewNow();
        scheduler.advance(Duration.ofMinutes(5));
        assertThat(leaf(own)).isEqualTo(first);
        assertThat(problem()).contains("not renewed").contains("\nconnect-clusters join-token " + ID);
        putToken(ID, "another", LIFE);
        // A poll; and should a renewal be due just now, the look that follows it.
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(leaf(own)).isNotEqualTo(first);
        assertThat(ca.asked().getLast().bearer()).contains("Bearer another");
        assertThat(token()).doesNotExist();
        assertThat(problem()).isEmpty();
    }

    @Test
    void aTokenReplacesAnSvidWhoseAuthorityWasRevoked() throws Exception {
        OwnSvid own = joined();
        X509Certificate first = leaf(own);
        TestAuthority next = TestAuthority.of(LUBECK.name(), clock);
        ca.trust(TestAuthority.bundles(next));
        ca.signWith(next);
        own.renewNow();
        scheduler.runDue();
        assertThat(leaf(own)).isEqualTo(first);
        assertThat(problem()).contains("not renewed");
        putToken(ID, "another", LIFE);
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(leaf(own)).isNotEqualTo(first);
        assertThat(ca.asked().getLast().caller()).isEmpty();
        assertThat(problem()).isEmpty();
    }

    @Test
    void aRestartUsesTheFileAndAsksNobody() throws Exception {
        OwnSvid before = joined();
        before.close();
        scheduler.advance(Duration.ofMinutes(5));
        OwnSvid after = begin();
        assertThat(leaf(after)).isEqualTo(leaf(before));
        assertThat(after.roots().current()).isEqualTo(before.roots().current());
        assertThat(ca.asked()).hasSize(1);
        scheduler.advance(LIFE.multipliedBy(3).dividedBy(5));
        assertThat(leaf(after)).isNotEqualTo(leaf(before));
    }

    @Test
    void anExpiredFileIsNotServed() throws Exception {
        joined().close();
        clock.advance(LIFE);
        OwnSvid after = begin();
        assertThat(after.current()).isEmpty();
        putToken(ID, "another", LIFE);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(after.current()).isPresent();
    }

    @Test
    void aFileOfAnotherIdentityOrWithoutSenseIsNotServed() throws Exception {
        X509Svid other = TestIdentity.x509(authority.svid("/ns/hanse-system/sa/east-west-gateway"));
        Files.write(state.resolve("own-svid.pem"), other.toPem());
        assertThat(begin().current()).isEmpty();
        Files.writeString(state.resolve("own-svid.pem"), "-----BEGIN NONSENSE-----");
        assertThat(begin().current()).isEmpty();
    }

    @Test
    void aTaintedAuthorityIsLeftAtOnce() throws Exception {
        OwnSvid own = joined();
        X509Certificate first = leaf(own);
        Set<String> tainted = Set.copyOf(own.current().orElseThrow().authorityKeyIds());
        own.renewIfTainted(Set.of("00".repeat(20)));
        scheduler.runDue();
        assertThat(ca.asked()).hasSize(1);
        ca.signWith(TestAuthority.of(LUBECK.name(), clock));
        own.renewIfTainted(tainted);
        scheduler.runDue();
        assertThat(leaf(own)).isNotEqualTo(first);
    }

    @Test
    void anAuthorityThatIsStillTaintedDoesNotMakeItSpin() throws Exception {
        OwnSvid own = joined();
        own.renewIfTainted(new HashSet<>(own.current().orElseThrow().authorityKeyIds()));
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(ca.asked()).hasSizeBetween(2, 7);
    }

    @Test
    void aTokenForSomebodyElseOrTooOldBuysNothingAndIsNotShown() throws Exception {
        putToken(new SpiffeId(LUBECK, "/ns/hanse-system/sa/east-west-gateway"), "secret", LIFE);
        OwnSvid own = begin();
        assertThat(own.current()).isEmpty();
        putToken(ID, "secret", Duration.ZERO);
        scheduler.advance(Duration.ofSeconds(5));
        Files.writeString(token(), "hansejoin1.!!!");
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(own.current()).isEmpty();
        assertThat(ca.asked()).isEmpty();
        assertThat(token()).exists();
    }

    @Test
    void aRefusedTokenIsTriedAgainSeldomAndAnotherOneAtOnce() throws Exception {
        putToken(ID, "used-up", LIFE);
        ca.refuse(Status.PERMISSION_DENIED);
        OwnSvid own = begin();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(own.current()).isEmpty();
        assertThat(ca.asked()).hasSizeBetween(5, 25);
        ca.answerAgain();
        putToken(ID, "fresh", LIFE);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(own.current()).isPresent();
    }

    @Test
    void anAnswerThatProvesNothingIsNotTaken() throws Exception {
        TestAuthority foreign = TestAuthority.of(LUBECK.name(), clock);
        SpiffeId other = new SpiffeId(LUBECK, "/ns/shop/sa/web");
        putToken(ID, "secret", LIFE);
        // Signed by a root that the answer does not name; for somebody else; without a root; not certificates.
        ca.spoil(answer -> answer.toBuilder()
                .setCertChain(answer.getCertChainCount() - 1, Pem.format(foreign.certificate()))
                .build());
        OwnSvid own = begin();
        ca.spoil(answer -> ca.sign(other, ca.asked().getLast().key()));
        scheduler.advance(Duration.ofSeconds(10));
        ca.spoil(answer -> answer.toBuilder()
                .clearCertChain()
                .addCertChain(answer.getCertChain(0))
                .build());
        scheduler.advance(Duration.ofSeconds(20));
        ca.spoil(answer -> answer.toBuilder().setCertChain(0, "nonsense").build());
        scheduler.advance(Duration.ofSeconds(40));
        assertThat(ca.asked().size()).isGreaterThan(4);
        assertThat(own.current()).isEmpty();
        assertThat(state.resolve("own-svid.pem")).doesNotExist();
        assertThat(token()).exists();
    }

    @Test
    void newerRootsOfTheOwnTrustDomainAreKeptAndForeignOnesAreNot() throws Exception {
        OwnSvid own = joined();
        TestAuthority next = TestAuthority.of(LUBECK.name(), clock);
        TrustBundle both = TrustBundle.ofX509(LUBECK, List.of(authority.certificate(), next.certificate()));
        own.learnRoots(both);
        own.learnRoots(TestAuthority.of("bergen.example", clock).bundle());
        own.close();
        assertThat(own.roots().current().bundles()).containsOnlyKeys(LUBECK);
        assertThat(begin().roots().current().of(LUBECK).orElseThrow().x509Authorities())
                .containsExactly(authority.certificate(), next.certificate());
    }

    private String problem() {
        return readiness.problems().stream()
                .map(problem -> problem.what() + "\n" + problem.next())
                .findFirst()
                .orElse("");
    }

    @Test
    void aClockThatIsBehindIsNamedAsTheCauseUntilItIsRight() throws Exception {
        // Made five minutes from now, as this machine sees it.
        ca.backdate(Duration.ofMinutes(-5));
        putToken(ID, "secret", LIFE);
        OwnSvid own = begin();
        assertThat(own.current()).isEmpty();
        assertThat(problem())
                .contains("CERTIFICATE_NOT_YET_VALID")
                .contains("usual cause: clocks differ, this machine's says 2026-11-01T00:00:00Z")
                .contains("timedatectl");
        ca.backdate(Duration.ofSeconds(10));
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(own.current()).isPresent();
        assertThat(problem()).isEmpty();
    }

    @Test
    void aClockThatIsAheadIsNoticedOnArrivalAndTheCertificateIsUsed() throws Exception {
        ca.backdate(Duration.ofMinutes(5));
        putToken(ID, "secret", LIFE);
        OwnSvid own = begin();
        assertThat(own.current()).isPresent();
        assertThat(problem()).contains("CERTIFICATE_EXPIRED").contains("ahead of spiffe-ca's by about 300 s");
        ca.backdate(Duration.ofSeconds(10));
        own.renewNow();
        scheduler.runDue();
        assertThat(problem()).isEmpty();
    }

    @Test
    void anOperatorReadsWhatIsMissing() throws Exception {
        OwnSvid own = begin();
        assertThat(problem()).contains("waiting for a join token").contains("connect-clusters join-token " + ID);
        putToken(ID, "top-secret", Duration.ZERO);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(problem()).contains("the token expired at").doesNotContain("top-secret");
        putToken(ID, "top-secret", LIFE);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(problem()).isEmpty();
        ca.refuse(Status.UNAVAILABLE.withDescription("on holiday"));
        own.renewNow();
        scheduler.runDue();
        assertThat(problem())
                .contains("not renewed, runs out at")
                .contains("on holiday")
                .endsWith("\nconnect-clusters run spiffe-ca");
        ca.refuse(Status.PERMISSION_DENIED.withDescription("not here"));
        own.renewNow();
        scheduler.runDue();
        assertThat(problem()).contains("not here").contains("\nconnect-clusters join-token " + ID);
    }

    @Test
    void aProblemSaysSinceWhenThereHasBeenOne() throws Exception {
        OwnSvid own = joined();
        Instant since = clock.instant();
        ca.refuse(Status.UNAVAILABLE.withDescription("on holiday"));
        own.renewNow();
        scheduler.advance(Duration.ofMinutes(5));
        assertThat(ca.asked()).hasSizeGreaterThan(2);
        assertThat(readiness.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.task()).isEqualTo("own svid");
            assertThat(problem.since()).isEqualTo(since);
        });
    }
}
