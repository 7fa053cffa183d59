/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.proxy.inbound;

import static io.hanse.proxy.testing.Nouns.API;
import static io.hanse.proxy.testing.Nouns.FOREIGN;
import static io.hanse.proxy.testing.Nouns.FRONTEND;
import static io.hanse.proxy.testing.Nouns.GUEST;
import static io.hanse.proxy.testing.Nouns.LEDGER;
import static io.hanse.proxy.testing.Nouns.LUBECK;
import static io.hanse.proxy.testing.Nouns.STRICT;
import static io.hanse.proxy.testing.Nouns.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.catalog.CatalogImage;
import io.hanse.model.catalog.ServicePort;
import io.hanse.model.catalog.Workload;
import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Cidr;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Scope;
import io.hanse.model.reason.ReasonCode;
import io.hanse.proxy.testing.Nouns;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JudgeTest {

    private static final String AT = "127.0.2.1";
    private static final String BY_SERVICE = API.hostname() + ":80";
    private static final String SOURCE = "127.0.7.7";

    @Test
    void aServicesNameLeadsToItsTargetPort() {
        assertAllowed(judge(Nouns.workload("w", AT).make()), FRONTEND, BY_SERVICE, AT, AT, 8080);
    }

    @Test
    void theEndpointsOwnMappingGoesBeforeTheServices() {
        Workload workload = Nouns.workload("w", AT)
                .serving(API, new ServicePort("", 80, 9999))
                .make();
        assertAllowed(judge(workload), FRONTEND, BY_SERVICE, AT, AT, 9999);
    }

    @Test
    void theAddressThatTookTheConnectionMayBeNamed() {
        assertAllowed(judge(Nouns.workload("w", AT).make()), FRONTEND, AT + ":5432", AT, AT, 5432);
        assertAllowed(judge(Nouns.workload("w", "::1").make()), FRONTEND, "[::1]:5432", "::1", "::1", 5432);
    }

    @Test
    @DisplayName("istio.md 1: an address must be the one the connection came in at, and that one is dialled")
    void anotherAddressIsRefusedAlsoIfItIsTheSameWorkloads() {
        Judge judge = judge(
                Nouns.workload("w", AT, "127.0.2.2").make(),
                Nouns.workload("x", "127.0.2.3").make());
        assertAllowed(judge, FRONTEND, "127.0.2.2:80", "127.0.2.2", "127.0.2.2", 80);
        assertAllowed(judge, FRONTEND, BY_SERVICE, "127.0.2.2", "127.0.2.2", 8080);
        for (String other : List.of("127.0.2.2:80", "127.0.2.3:80", "127.0.0.1:80", "169.254.169.254:80", "[::1]:80")) {
            assertRefused(judge, FRONTEND, other, AT, 400, ReasonCode.WRONG_DESTINATION);
        }
    }

    @Test
    void policiesSeeTheAddressThatIsDialled() {
        AuthorizationPolicy policy = new AuthorizationPolicy(
                new PolicyName("shop", "not-there"),
                Scope.WORKLOAD_SELECTOR,
                Action.DENY,
                List.of(Nouns.rule(Match.builder()
                        .destinationIps(List.of(Cidr.parse("127.0.2.2")))
                        .build())),
                false);
        Workload workload =
                Nouns.workload("w", AT, "127.0.2.2").guardedBy(policy).make();
        Judge judge = judge(List.of(policy), workload);
        assertAllowed(judge, FRONTEND, BY_SERVICE, AT, AT, 8080);
        assertRefused(judge, FRONTEND, BY_SERVICE, "127.0.2.2", 401, ReasonCode.DENIED_BY_POLICY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api", ":80", "api.shop.svc.cluster.local", "127.0.2.1:0", "127.0.2.1:65536", "x y:80"})
    void whatIsNoAuthorityIsABadRequest(String authority) {
        assertRefused(judge(Nouns.workload("w", AT).make()), FRONTEND, authority, AT, 400, ReasonCode.BAD_REQUEST);
    }

    @Test
    void namesThatAreNoServicesOfTheClusterAreNotOurs() {
        Judge judge = judge(Nouns.workload("w", AT).make());
        for (String name : List.of("localhost:80", "api.shop:80", "metadata.google.internal:80")) {
            assertRefused(judge, FRONTEND, name, AT, 400, ReasonCode.WRONG_DESTINATION);
        }
    }

    @Test
    void aServiceThatIsUnknownOrNotServedHereOrLacksThePortIsUnknown() {
        Judge judge = judge(Nouns.workload("w", AT).make());
        for (String name :
                List.of("none.shop.svc.cluster.local:80", LEDGER.hostname() + ":80", API.hostname() + ":81")) {
            assertRefused(judge, FRONTEND, name, AT, 503, ReasonCode.UNKNOWN_SERVICE);
        }
    }

    @Test
    void anAddressThatIsNoWorkloadsOfThisNodeIsRefused() {
        Judge judge = judge(Nouns.workload("w", AT).on("n2").make());
        assertRefused(judge, FRONTEND, BY_SERVICE, AT, 503, ReasonCode.WRONG_DESTINATION);
        assertRefused(judge, FRONTEND, BY_SERVICE, "127.0.2.9", 503, ReasonCode.WRONG_DESTINATION);
    }

    @Test
    void whoeverClaimsOurWorkloadsAddressElsewhereDoesNotTakeItsCalls() {
        Judge judge = judge(
                Nouns.workload("a-first-by-uid", AT).on("n2").make(),
                Nouns.workload("b-imported", AT).imported("0123456789abcdef").make(),
                Nouns.workload("w", AT).make());
        assertAllowed(judge, FRONTEND, BY_SERVICE, AT, AT, 8080);
    }

    @Test
    @DisplayName("of two workloads at one address, a port is reached by a service's name only")
    void aSharedAddressIsNotAnsweredByAddress() {
        Judge judge = judge(
                Nouns.workload("w", AT).make(),
                Nouns.workload("x", AT).serving(LEDGER).naming("shop/strict").make());
        assertAllowed(judge, FRONTEND, BY_SERVICE, AT, AT, 8080);
        assertRefused(judge, FRONTEND, AT + ":8080", AT, 400, ReasonCode.WRONG_DESTINATION);
    }

    @Test
    @DisplayName("istio.md 1, malicious calls: no call leads to a door of the proxy itself")
    void noCallLeadsToTheProxyItself() {
        Workload workload = Nouns.workload("w", AT)
                .out(new HostPort(AT, 15001), LEDGER, 80)
                .out(new HostPort("0.0.0.0", 15002), LEDGER, 80)
                .in(new HostPort(AT, 15006), 8080)
                .in(new HostPort(AT, 8081), 8081)
                .serving(API, new ServicePort("", 80, 15001))
                .make();
        Judge judge = judge(workload);
        for (String door : List.of(AT + ":15001", AT + ":15002", AT + ":15006", AT + ":15008", BY_SERVICE)) {
            assertRefused(judge, FRONTEND, door, AT, 503, ReasonCode.WRONG_DESTINATION);
        }
        assertThat(judge.judgePlain("w", 8081, ip(SOURCE)))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ReasonCode.WRONG_DESTINATION));
        assertAllowed(judge, FRONTEND, AT + ":8080", AT, AT, 8080);
    }

    @Test
    @DisplayName("invariant 5: a caller of another trust domain reaches exported services only, and no bare port")
    void aForeignCallerNeedsAnExportedService() {
        Workload workload = Nouns.workload("w", AT).serving(API).serving(LEDGER).make();
        Judge judge = new Judge(
                CatalogImage.of(
                        List.of(Nouns.service(API, true), Nouns.service(LEDGER, false)), List.of(workload), List.of()),
                LUBECK,
                "n1",
                15008);
        assertAllowed(judge, FOREIGN, BY_SERVICE, AT, AT, 8080);
        assertRefused(judge, FOREIGN, LEDGER.hostname() + ":80", AT, 401, ReasonCode.NOT_EXPORTED);
        assertRefused(judge, FOREIGN, AT + ":8080", AT, 401, ReasonCode.NOT_EXPORTED);
        assertAllowed(judge, FRONTEND, LEDGER.hostname() + ":80", AT, AT, 8080);
    }

    @Test
    void anAllowPolicyLetsItsCallersInAndNamesItselfToOthers() {
        AuthorizationPolicy policy = Nouns.allow("only-frontend", FRONTEND);
        Judge judge =
                judge(List.of(policy), Nouns.workload("w", AT).guardedBy(policy).make());
        assertAllowed(judge, FRONTEND, BY_SERVICE, AT, AT, 8080);
        assertThat(judge.judge(GUEST, BY_SERVICE, ip(SOURCE), ip(AT)))
                .isInstanceOfSatisfying(Verdict.Refuse.class, refused -> {
                    assertThat(refused.status()).isEqualTo(401);
                    assertThat(refused.reason()).isEqualTo(ReasonCode.DENIED_BY_POLICY);
                    assertThat(refused.policy()).contains(policy.name());
                });
        assertThat(judge.judge(FOREIGN, BY_SERVICE, ip(SOURCE), ip(AT)))
                .as("of the same name in another trust domain")
                .isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void aDenyGoesBeforeAnAllow() {
        AuthorizationPolicy allow = Nouns.allow("allow", FRONTEND);
        AuthorizationPolicy deny = Nouns.deny("deny", FRONTEND);
        Judge judge = judge(
                List.of(allow, deny),
                Nouns.workload("w", AT).guardedBy(allow, deny).make());
        assertThat(judge.judge(FRONTEND, BY_SERVICE, ip(SOURCE), ip(AT)))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused -> assertThat(refused.policy()).contains(deny.name()));
    }

    @Test
    @DisplayName("invariant 4: a policy that is named and has not arrived refuses everybody")
    void aMissingPolicyRefusesEverybody() {
        Judge judge = judge(Nouns.workload("w", AT).naming("shop/late").make());
        assertThat(judge.judge(FRONTEND, BY_SERVICE, ip(SOURCE), ip(AT)))
                .isInstanceOfSatisfying(Verdict.Refuse.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(ReasonCode.POLICY_MISSING);
                    assertThat(refused.policy()).contains(new PolicyName("shop", "late"));
                });
        assertThat(judge.judgePlain("w", 8080, ip(SOURCE))).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void plainTextIsTakenWherePermittedAndRefusedWhereStrict() {
        assertThat(judge(Nouns.workload("w", AT).make()).judgePlain("w", 8080, ip(SOURCE)))
                .isInstanceOfSatisfying(
                        Verdict.Allow.class,
                        allowed -> assertThat(allowed.target()).isEqualTo(new InetSocketAddress(ip(AT), 8080)));
        Judge strict =
                judge(List.of(STRICT), Nouns.workload("w", AT).guardedBy(STRICT).make());
        assertThat(strict.judgePlain("w", 8080, ip(SOURCE)))
                .isInstanceOfSatisfying(
                        Verdict.Refuse.class,
                        refused -> assertThat(refused.policy()).contains(STRICT.name()));
        assertAllowed(strict, FRONTEND, BY_SERVICE, AT, AT, 8080);
    }

    @Test
    @DisplayName("a listener that still knows the workload as it was does not bring its old policies along")
    void plainTextIsJudgedByTheWorkloadOfTheImage() {
        AuthorizationPolicy policy = Nouns.allow("only-frontend", FRONTEND);
        Judge judge =
                judge(List.of(policy), Nouns.workload("w", AT).guardedBy(policy).make());
        assertThat(judge.judgePlain("w", 8080, ip(SOURCE))).isInstanceOf(Verdict.Refuse.class);
        assertRefused(judge, GUEST, BY_SERVICE, AT, 401, ReasonCode.DENIED_BY_POLICY);
        assertThat(judge.judgePlain("gone", 8080, ip(SOURCE))).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void aWorkloadWithoutAnAddressTakesNoPlainText() {
        assertThat(judge(Nouns.workload("w").make()).judgePlain("w", 8080, ip(SOURCE)))
                .isInstanceOf(Verdict.Refuse.class);
    }

    private static Judge judge(Workload... workloads) {
        return judge(List.of(), workloads);
    }

    private static Judge judge(List<AuthorizationPolicy> policies, Workload... workloads) {
        return new Judge(
                CatalogImage.of(
                        List.of(Nouns.service(API, true), Nouns.service(LEDGER, false)), List.of(workloads), policies),
                LUBECK,
                "n1",
                15008);
    }

    private static void assertAllowed(
            Judge judge, SpiffeId caller, String authority, String acceptedAt, String dialled, int port) {
        assertThat(judge.judge(caller, authority, ip(SOURCE), ip(acceptedAt)))
                .as(authority)
                .isInstanceOfSatisfying(
                        Verdict.Allow.class,
                        allowed -> assertThat(allowed.target()).isEqualTo(new InetSocketAddress(ip(dialled), port)));
    }

    private static void assertRefused(
            Judge judge, SpiffeId caller, String authority, String acceptedAt, int status, ReasonCode reason) {
        assertThat(judge.judge(caller, authority, ip(SOURCE), ip(acceptedAt)))
                .as(authority)
                .isInstanceOfSatisfying(Verdict.Refuse.class, refused -> {
                    assertThat(refused.status()).isEqualTo(status);
                    assertThat(refused.reason()).isEqualTo(reason);
                });
    }

    @Test
    void theWorkloadOfAnAddressIsThisNodes() {
        Judge judge = judge(
                Nouns.workload("w", AT).make(),
                Nouns.workload("x", "127.0.2.4").on("n2").make());
        assertThat(judge.workloadAt(ip(AT)).map(Workload::uid)).isEqualTo(Optional.of("w"));
        assertThat(judge.workloadAt(ip("127.0.2.4"))).isEmpty();
    }
}
