/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.ca.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.hanse.ca.attest.Registrations.Standing;
import io.hanse.ca.authority.AuthorityKind;
import io.hanse.ca.testing.Requests;
import io.hanse.ca.testing.TestCa;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.testing.TestAuthority;
import io.hanse.runtime.svid.CertificateClient;
import io.hanse.runtime.svid.CertificateRefused;
import io.hanse.runtime.svid.JoinToken;
import io.hanse.runtime.time.ManualClock;
import io.hanse.transport.tls.Pem;
import io.hanse.transport.tls.X509Svid;
import io.hanse.wire.ca.IstioCertificateRequest;
import io.hanse.wire.ca.IstioCertificateResponse;
import io.hanse.wire.ca.IstioCertificateServiceGrpc;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CreateCertificate over real TLS: who gets what, and every refusal. */
final class CaServerTest {

    private static final SpiffeId NODE = SystemIdentity.node(TestCa.TRUST_DOMAIN, "n1");
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/web");
    private static final SpiffeId ELSEWHERE = SpiffeId.parse("spiffe://lubeck.example/ns/shop/sa/elsewhere");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final KeyPair KEY = TestAuthority.ecKeys("secp256r1");

    @TempDir
    private Path directory;

    private final ManualClock clock = TestCa.clockAtStart();
    private LiveCa live;

    @BeforeEach
    void start() throws Exception {
        live = LiveCa.start(directory, clock);
        live.standing = (node, id) -> node.equals("n1") && id.equals(WEB) ? Standing.HERE : Standing.NOT_HERE;
    }

    @AfterEach
    void stop() {
        live.close();
    }

    @Test
    void aJoinTokenGivesTheFirstSvidOfItsIdentity() throws Exception {
        CertificateClient.Issued issued = CertificateClient.join(token(NODE), clock);
        assertThat(issued.svid().id()).isEqualTo(NODE);
        assertThat(live.ca.journal.recent(1).getFirst().requester()).startsWith("join-token/");
    }

    @Test
    void theAnswerIsTheLeafThenAllRootsInOneString() throws Exception {
        live.ca.authorities.prepare(AuthorityKind.X509);
        IstioCertificateResponse answer = create(live.stranger(), request(Requests.pem(KEY)), secret(NODE));
        assertThat(answer.getCertChainCount()).isEqualTo(2);
        assertThat(Pem.certificates(answer.getCertChain(0))).hasSize(1);
        assertThat(Pem.certificates(answer.getCertChain(1)))
                .isEqualTo(live.ca.authorities.image().bundle().x509Authorities())
                .hasSize(2);
    }

    @Test
    void anSvidIsRenewedForItsOwnIdentity() throws Exception {
        X509Svid first = join(NODE);
        try (CertificateClient client = live.client(first)) {
            X509Svid second = client.renew(NODE).svid();
            assertThat(second.id()).isEqualTo(NODE);
            assertThat(second.leaf().getSerialNumber())
                    .isNotEqualTo(first.leaf().getSerialNumber());
        }
    }

    @Test
    void aNodeGetsSvidsOfWorkloadsRegisteredOnIt() throws Exception {
        try (CertificateClient client = live.client(join(NODE))) {
            X509Svid svid = client.impersonate(WEB, Duration.ofMinutes(10)).svid();
            assertThat(svid.id()).isEqualTo(WEB);
            assertThat(svid.expiresAt()).isEqualTo(TestCa.START.plus(Duration.ofMinutes(10)));
            assertThat(live.ca.journal.recent(1).getFirst().requester()).isEqualTo(NODE.toString());
        }
    }

    @Test
    void namesInTheRequestAreIgnored() throws Exception {
        String csr = Requests.naming(KEY, "spiffe://lubeck.example/ns/hanse-system/sa/cluster-registry");
        IstioCertificateResponse answer = create(live.stranger(), request(csr), secret(NODE));
        assertThat(Pem.certificates(answer.getCertChain(0)).getFirst().getSubjectAlternativeNames())
                .singleElement()
                .isEqualTo(List.of(6, NODE.toString()));
    }

    @Test
    void refusesACallWithoutTokenOrSvid() {
        refused(
                live.stranger(),
                request(Requests.pem(KEY)),
                new Metadata(),
                Status.Code.UNAUTHENTICATED,
                "NO_CREDENTIAL");
    }

    @Test
    void refusesAnUnknownToken() {
        refused(
                live.stranger(),
                request(Requests.pem(KEY)),
                bearer("guess"),
                Status.Code.UNAUTHENTICATED,
                "JOIN_TOKEN_UNKNOWN");
    }

    @Test
    void refusesAUsedTokenAndSaysWhen() {
        Metadata secret = secret(NODE);
        create(live.stranger(), request(Requests.pem(KEY)), secret);
        clock.advance(Duration.ofSeconds(75));
        assertThat(refused(
                        live.stranger(),
                        request(Requests.pem(KEY)),
                        secret,
                        Status.Code.UNAUTHENTICATED,
                        "JOIN_TOKEN_USED"))
                .contains("used 1 min 15 s ago");
    }

    @Test
    void refusesAnExpiredToken() {
        Metadata secret = secret(NODE);
        clock.advance(Duration.ofMinutes(10));
        refused(live.stranger(), request(Requests.pem(KEY)), secret, Status.Code.UNAUTHENTICATED, "JOIN_TOKEN_EXPIRED");
    }

    @Test
    void aBadRequestDoesNotUseTheTokenUp() {
        Metadata secret = secret(NODE);
        refused(live.stranger(), request("nonsense"), secret, Status.Code.INVALID_ARGUMENT, "CSR_MALFORMED");
        assertThat(create(live.stranger(), request(Requests.pem(KEY)), secret).getCertChainCount())
                .isEqualTo(2);
    }

    @Test
    void refusesARequestSignedByAnotherKey() {
        String csr = Requests.signedByAnother(KEY, TestAuthority.ecKeys("secp256r1"));
        refused(live.stranger(), request(csr), secret(NODE), Status.Code.INVALID_ARGUMENT, "CSR_SIGNATURE");
    }

    @Test
    void refusesRsa1024AndOtherWeakKeys() {
        Metadata secret = secret(NODE);
        String rsa = Requests.pem(TestAuthority.rsaKeys(1024));
        String p521 = Requests.pem(TestAuthority.ecKeys("secp521r1"));
        refused(live.stranger(), request(rsa), secret, Status.Code.INVALID_ARGUMENT, "CSR_KEY_WEAK");
        refused(live.stranger(), request(p521), secret, Status.Code.INVALID_ARGUMENT, "CSR_KEY_WEAK");
    }

    @Test
    void refusesARequestBeyondTheBound() {
        String csr = Requests.pem(KEY) + " ".repeat(32 * 1024);
        refused(live.stranger(), request(csr), secret(NODE), Status.Code.INVALID_ARGUMENT, "CSR_TOO_LARGE");
        refused(live.stranger(), request("a".repeat(128 * 1024)), secret(NODE), Status.Code.RESOURCE_EXHAUSTED, "");
    }

    @Test
    void aTokenStandsForNobodyElse() {
        refused(
                live.stranger(),
                impersonating(WEB.toString()),
                secret(NODE),
                Status.Code.PERMISSION_DENIED,
                "NOT_A_NODE");
    }

    @Test
    void refusesANodeThatAsksForAWorkloadOfAnotherNode() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        assertThat(refused(
                        node,
                        impersonating(ELSEWHERE.toString()),
                        new Metadata(),
                        Status.Code.PERMISSION_DENIED,
                        "NOT_REGISTERED_HERE"))
                .contains(ELSEWHERE.toString())
                .contains("n1");
    }

    @Test
    void refusesANodeThatAsksForWhatIsNotAWorkloadHere() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        String registry =
                SystemIdentity.CLUSTER_REGISTRY.in(TestCa.TRUST_DOMAIN).toString();
        String other = SystemIdentity.node(TestCa.TRUST_DOMAIN, "n2").toString();
        deny(node, impersonating(registry), "RESERVED_IDENTITY");
        deny(node, impersonating(other), "RESERVED_IDENTITY");
        deny(node, impersonating("spiffe://bergen.example/ns/shop/sa/web"), "FOREIGN_TRUST_DOMAIN");
        refused(
                node,
                impersonating("spiffe://lubeck.example"),
                new Metadata(),
                Status.Code.INVALID_ARGUMENT,
                "IDENTITY_MALFORMED");
        refused(node, impersonating("web"), new Metadata(), Status.Code.INVALID_ARGUMENT, "IDENTITY_MALFORMED");
    }

    @Test
    void answersNotNowUntilTheRegistryWasHeard() throws Exception {
        live.standing = (node, id) -> Standing.UNHEARD;
        assertThat(refused(
                        live.channel(join(NODE)),
                        impersonating(WEB.toString()),
                        new Metadata(),
                        Status.Code.UNAVAILABLE,
                        "REGISTRY_UNHEARD"))
                .contains("registry not heard yet");
    }

    @Test
    void refusesAWorkloadThatImpersonatesOrRenewsItself() throws Exception {
        X509Svid web;
        try (CertificateClient client = live.client(join(NODE))) {
            web = client.impersonate(WEB, Duration.ZERO).svid();
        }
        ManagedChannel workload = live.channel(web);
        deny(workload, impersonating(WEB.toString()), "NOT_A_NODE");
        deny(workload, impersonating(ELSEWHERE.toString()), "NOT_A_NODE");
        deny(workload, request(Requests.pem(KEY)), "WORKLOAD_RENEWAL");
    }

    @Test
    void refusesAProcessThatIsNoNodeAndImpersonates() throws Exception {
        ManagedChannel registry = live.channel(join(SystemIdentity.CLUSTER_REGISTRY.in(TestCa.TRUST_DOMAIN)));
        deny(registry, impersonating(WEB.toString()), "NOT_A_NODE");
    }

    @Test
    @DisplayName("WL-4.6 refuses a client of a foreign trust domain in the handshake")
    void refusesAForeignTrustDomain() {
        TestAuthority foreign = TestAuthority.of("bergen.example", clock);
        refused(
                live.channel(LiveCa.svidOf(foreign.svid("/hanse/node/n1"))),
                request(Requests.pem(KEY)),
                new Metadata(),
                Status.Code.UNAVAILABLE,
                "");
    }

    @Test
    @DisplayName("X509-5.1 refuses a client whose SVID of our name is from a root of its own")
    void refusesAForgedNode() {
        TestAuthority forger = TestAuthority.of("lubeck.example", clock);
        refused(
                live.channel(LiveCa.svidOf(forger.svid("/hanse/node/n1"))),
                request(Requests.pem(KEY)),
                new Metadata(),
                Status.Code.UNAVAILABLE,
                "");
    }

    @Test
    void refusesRenewalWithAnExpiredSvid() throws Exception {
        X509Svid svid = join(NODE);
        clock.advance(TestCa.SVID.plusSeconds(1));
        live.own.renewIfDue();
        refused(live.channel(svid), request(Requests.pem(KEY)), new Metadata(), Status.Code.UNAVAILABLE, "");
    }

    @Test
    void refusesACallOnAConnectionWhoseSvidHasExpiredSince() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        create(node, request(Requests.pem(KEY)), new Metadata());
        clock.advance(TestCa.SVID.plusSeconds(1));
        refused(node, request(Requests.pem(KEY)), new Metadata(), Status.Code.UNAUTHENTICATED, "SVID_NO_LONGER_VALID");
    }

    @Test
    void aConnectionWhoseAuthorityWasRevokedSinceIsEndedAndBuysNothing() throws Exception {
        ManagedChannel node = live.channel(join(NODE));
        create(node, request(Requests.pem(KEY)), new Metadata());
        live.ca.authorities.prepare(AuthorityKind.X509);
        live.ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        live.ca.authorities.taint(AuthorityKind.X509, Optional.empty());
        create(node, request(Requests.pem(KEY)), new Metadata());
        live.ca.authorities.revoke(AuthorityKind.X509, Optional.empty(), true);
        // The connection is ended; a call that comes before its end is refused, one after it in the next handshake.
        assertThatThrownBy(() -> create(node, request(Requests.pem(KEY)), new Metadata()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode())
                                .isIn(Status.Code.UNAVAILABLE, Status.Code.UNAUTHENTICATED));
    }

    @Test
    void aBannedNodeGetsNothing() throws Exception {
        X509Svid svid = join(NODE);
        Metadata unused = secret(NODE);
        live.banned.ban("n1");
        ManagedChannel node = live.channel(svid);
        deny(node, request(Requests.pem(KEY)), "NODE_BANNED");
        deny(node, impersonating(WEB.toString()), "NODE_BANNED");
        refused(live.stranger(), request(Requests.pem(KEY)), unused, Status.Code.PERMISSION_DENIED, "NODE_BANNED");
        live.banned.lift("n1");
        assertThat(create(node, request(Requests.pem(KEY)), new Metadata()).getCertChainCount())
                .isEqualTo(2);
    }

    @Test
    void aStrangerThatAsksTooOftenIsSlowedDown() {
        ManagedChannel stranger = live.stranger();
        int tooMuch = 0;
        for (int i = 0; i < (int) CallerLimits.STRANGER.burst() + 1; i++) {
            try {
                create(stranger, request(Requests.pem(KEY)), bearer("guess " + i));
            } catch (StatusRuntimeException e) {
                tooMuch += e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? 1 : 0;
            }
        }
        assertThat(tooMuch).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        refused(
                stranger,
                request(Requests.pem(KEY)),
                bearer("guess"),
                Status.Code.UNAUTHENTICATED,
                "JOIN_TOKEN_UNKNOWN");
    }

    @Test
    void itsOwnSvidIsRenewedAtHalfLifeAndWhenAnotherAuthoritySigns() {
        X509Svid first = live.own.source().current().orElseThrow();
        live.own.renewIfDue();
        assertThat(live.own.source().current()).contains(first);
        clock.advance(Duration.ofMinutes(30));
        live.own.renewIfDue();
        X509Svid second = live.own.source().current().orElseThrow();
        assertThat(second.leaf().getSerialNumber()).isNotEqualTo(first.leaf().getSerialNumber());
        live.ca.authorities.prepare(AuthorityKind.X509);
        live.ca.authorities.activate(AuthorityKind.X509, Optional.empty(), true);
        live.own.renewIfDue();
        assertThat(live.own.source().current().orElseThrow().authorityKeyIds()).isNotEqualTo(second.authorityKeyIds());
    }

    @Test
    void countsWhatItIssuesAndRefuses() throws Exception {
        join(NODE);
        refused(
                live.stranger(),
                request(Requests.pem(KEY)),
                bearer("guess"),
                Status.Code.UNAUTHENTICATED,
                "JOIN_TOKEN_UNKNOWN");
        assertThat(live.metrics
                        .get("hanse.ca.issued")
                        .tag("kind", "x509")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(live.metrics
                        .get("hanse.ca.refused")
                        .tag("reason_code", "JOIN_TOKEN_UNKNOWN")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(live.metrics
                        .get("hanse.ca.authority.expiry.seconds")
                        .tag("kind", "x509")
                        .gauge()
                        .value())
                .isEqualTo((double) TestCa.START.plus(TestCa.LIFETIME).getEpochSecond());
    }

    private JoinToken token(SpiffeId id) {
        return live.token(id);
    }

    private X509Svid join(SpiffeId id) throws CertificateRefused {
        return CertificateClient.join(token(id), clock).svid();
    }

    private Metadata secret(SpiffeId id) {
        return bearer(token(id).secret());
    }

    private static Metadata bearer(String secret) {
        Metadata metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + secret);
        return metadata;
    }

    private static IstioCertificateRequest request(String csr) {
        return IstioCertificateRequest.newBuilder().setCsr(csr).build();
    }

    private static IstioCertificateRequest impersonating(String id) {
        return request(Requests.pem(KEY)).toBuilder()
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "ImpersonatedIdentity",
                                Value.newBuilder().setStringValue(id).build()))
                .build();
    }

    private static IstioCertificateResponse create(
            ManagedChannel channel, IstioCertificateRequest request, Metadata headers) {
        return IstioCertificateServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(LiveCa.DEADLINE)
                .createCertificate(request);
    }

    private static void deny(ManagedChannel channel, IstioCertificateRequest request, String reason) {
        refused(channel, request, new Metadata(), Status.Code.PERMISSION_DENIED, reason);
    }

    private static String refused(
            ManagedChannel channel,
            IstioCertificateRequest request,
            Metadata headers,
            Status.Code code,
            String reason) {
        try {
            IstioCertificateResponse answer = create(channel, request, headers);
            throw new AssertionError(
                    "answered with %d elements (expected: %s)".formatted(answer.getCertChainCount(), code));
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code);
            String description = String.valueOf(e.getStatus().getDescription());
            if (!reason.isEmpty()) {
                assertThat(description).startsWith(reason + ": ");
            }
            return description;
        }
    }
}
