/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.identity.SpiffeId;
import io.hanse.model.identity.TrustDomain;
import io.hanse.model.reason.ReasonCode;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The L4 vectors of Istio's ambient mode, by their number in the reference, and where Hanse departs from them. */
final class PolicyVectorsTest {

    private static final TrustDomain OWN = new TrustDomain("lubeck.example");
    private static final Optional<SpiffeId> WEB = Optional.of(SpiffeId.ofServiceAccount(OWN, "shop", "web"));
    private static final Optional<SpiffeId> PEER_WEB =
            Optional.of(SpiffeId.parse("spiffe://bergen.example/ns/shop/sa/web"));
    private static final Optional<SpiffeId> NOBODY = Optional.empty();
    private static final Rule EVERYTHING = new Rule(List.of());

    private int made;

    @Test
    @DisplayName("vector 1: ALLOW without rules denies all, with an empty rule allows all; DENY the other way round")
    void emptyRules() {
        assertDenied(decide(WEB, policy(Action.ALLOW)));
        assertAllowed(decide(WEB, policy(Action.ALLOW, EVERYTHING)));
        assertAllowed(decide(WEB, policy(Action.DENY)));
        assertDenied(decide(WEB, policy(Action.DENY, EVERYTHING)));
    }

    @Test
    @DisplayName("vector 2: DENY wins over ALLOW; no policy allows; DENY alone, unmatched, allows")
    void order() {
        AuthorizationPolicy allow = policy(Action.ALLOW, EVERYTHING);
        AuthorizationPolicy deny = policy(Action.DENY, rule(ports(8080)));
        assertThat(decide(WEB, allow, deny))
                .isEqualTo(new Decision.Denied(ReasonCode.DENIED_BY_POLICY, Optional.of(deny.name())));
        assertThat(decide(WEB)).isEqualTo(new Decision.Allowed(Optional.empty()));
        assertThat(decide(WEB, policy(Action.DENY, rule(ports(9090)))))
                .isEqualTo(new Decision.Allowed(Optional.empty()));
        assertThat(decide(WEB, allow)).isEqualTo(new Decision.Allowed(Optional.of(allow.name())));
        AuthorizationPolicy elsewhere = policy(Action.ALLOW, rule(ports(9090)));
        assertThat(decide(WEB, elsewhere))
                .isEqualTo(new Decision.Denied(ReasonCode.DENIED_BY_POLICY, Optional.of(elsewhere.name())));
    }

    @Test
    @DisplayName("a refusal for want of an ALLOW that matches names the first that stands in front, never a dry run")
    void namesTheFirstThatStandsInFront() {
        AuthorizationPolicy first = policy(Action.ALLOW, rule(ports(1)));
        AuthorizationPolicy second = policy(Action.ALLOW, rule(ports(2)));
        AuthorizationPolicy tried =
                new AuthorizationPolicy(new PolicyName("a", "tried"), Scope.GLOBAL, Action.ALLOW, List.of(), true);
        AuthorizationPolicy denying = policy(Action.DENY, rule(ports(3)));
        assertThat(decide(WEB, tried, denying, first, second))
                .isEqualTo(new Decision.Denied(ReasonCode.DENIED_BY_POLICY, Optional.of(first.name())));
        assertThat(decide(WEB, second, first))
                .isEqualTo(new Decision.Denied(ReasonCode.DENIED_BY_POLICY, Optional.of(second.name())));
    }

    @Test
    @DisplayName("vector 2: one ALLOW of several is enough")
    void anyAllow() {
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(ports(1))), policy(Action.ALLOW, rule(ports(8080)))));
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(ports(1)), rule(ports(8080)))));
    }

    @Test
    @DisplayName("vectors 5, 7, 9: a match with nothing in it never holds, and makes its clause fail")
    void emptyMatch() {
        Match empty = Match.builder().build();
        assertAllowed(decide(WEB, policy(Action.DENY, rule(empty))));
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(empty))));
        Rule fromShopToNothing = new Rule(List.of(new Clause(List.of(namespaces("shop"))), new Clause(List.of(empty))));
        assertAllowed(decide(WEB, policy(Action.DENY, fromShopToNothing)));
    }

    @Test
    @DisplayName("vector 6: of two operations an empty one adds nothing")
    void emptyMatchBesideAnother() {
        Rule rule = rule(ports(8080), Match.builder().build());
        assertDenied(decide(WEB, policy(Action.DENY, rule)));
        assertAllowed(decide(
                WEB, policy(Action.DENY, rule(ports(80), Match.builder().build()))));
    }

    @Test
    void clauseWithoutMatchesHolds() {
        assertAllowed(decide(WEB, policy(Action.ALLOW, new Rule(List.of(new Clause(List.of()))))));
    }

    @Test
    @DisplayName("clauses are ANDed, matches ORed, fields ANDed, values ORed")
    void combines() {
        Match fromShop = namespaces("shop");
        Rule both = new Rule(List.of(new Clause(List.of(fromShop)), new Clause(List.of(ports(80, 8080)))));
        assertAllowed(decide(WEB, policy(Action.ALLOW, both)));
        Rule oneFails = new Rule(List.of(new Clause(List.of(fromShop)), new Clause(List.of(ports(80)))));
        assertDenied(decide(WEB, policy(Action.ALLOW, oneFails)));
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(ports(80), fromShop))));
        Match twoFields = Match.builder()
                .namespaces(List.of(new StringMatch.Exact("shop")))
                .destinationPorts(List.of(80))
                .build();
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(twoFields))));
    }

    @Test
    @DisplayName("vector 10: notNamespaces and notPrincipals hold for a caller without identity")
    void negativesHoldForNobody() {
        Match notA = Match.builder()
                .notNamespaces(List.of(new StringMatch.Exact("a")))
                .build();
        Match notX = Match.builder()
                .notPrincipals(List.of(new StringMatch.Exact("x")))
                .build();
        for (Match negative : List.of(notA, notX)) {
            assertAllowed(decide(NOBODY, policy(Action.ALLOW, rule(negative))));
            assertDenied(decide(NOBODY, policy(Action.DENY, rule(negative))));
        }
    }

    @Test
    @DisplayName("vector 11: presence does not hold for plain text; DENY notPrincipals * is strict mutual TLS")
    void presence() {
        Match anyPrincipal =
                Match.builder().principals(List.of(new StringMatch.Presence())).build();
        Match anyNamespace =
                Match.builder().namespaces(List.of(new StringMatch.Presence())).build();
        assertDenied(decide(NOBODY, policy(Action.ALLOW, rule(anyPrincipal))));
        assertDenied(decide(NOBODY, policy(Action.ALLOW, rule(anyNamespace))));
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(anyPrincipal))));
        AuthorizationPolicy strict = policy(
                Action.DENY,
                rule(Match.builder()
                        .notPrincipals(List.of(new StringMatch.Presence()))
                        .build()));
        assertDenied(decide(NOBODY, strict));
        assertAllowed(decide(WEB, strict));
        assertAllowed(decide(PEER_WEB, strict));
    }

    @Test
    @DisplayName("vector 11: an empty prefix or suffix does not hold for plain text either")
    void emptyAffixes() {
        for (StringMatch all : List.of(new StringMatch.Prefix(""), new StringMatch.Suffix(""))) {
            Match match = Match.builder().principals(List.of(all)).build();
            assertDenied(decide(NOBODY, policy(Action.ALLOW, rule(match))));
            assertAllowed(decide(WEB, policy(Action.ALLOW, rule(match))));
        }
    }

    @Test
    @DisplayName("vector 12: principals bind the trust domain and are compared as td/ns/x/sa/y")
    void principalsBindTheTrustDomain() {
        assertAllowed(decide(WEB, allowPrincipal(new StringMatch.Exact("lubeck.example/ns/shop/sa/web"))));
        assertDenied(decide(PEER_WEB, allowPrincipal(new StringMatch.Exact("lubeck.example/ns/shop/sa/web"))));
        assertDenied(decide(WEB, allowPrincipal(new StringMatch.Exact("cluster.local/ns/shop/sa/web"))));
        assertDenied(decide(WEB, allowPrincipal(new StringMatch.Exact("spiffe://lubeck.example/ns/shop/sa/web"))));
        assertAllowed(decide(PEER_WEB, allowPrincipal(new StringMatch.Prefix("bergen.example/"))));
        assertDenied(decide(WEB, allowPrincipal(new StringMatch.Prefix("bergen.example/"))));
        assertAllowed(decide(PEER_WEB, allowPrincipal(new StringMatch.Suffix("/sa/web"))));
        assertAllowed(decide(
                Optional.of(SpiffeId.parse("spiffe://lubeck.example/legacy/db")),
                allowPrincipal(new StringMatch.Exact("lubeck.example/legacy/db"))));
    }

    @Test
    @DisplayName("departure: namespaces and service accounts of a peer's trust domain are not ours")
    void namespacesAreOwn() {
        Match shop = namespaces("shop");
        Match account = Match.builder()
                .serviceAccounts(List.of(new ServiceAccountMatch("shop", "web")))
                .build();
        for (Match match : List.of(shop, account)) {
            assertAllowed(decide(WEB, policy(Action.ALLOW, rule(match))));
            assertDenied(decide(PEER_WEB, policy(Action.ALLOW, rule(match))));
            assertAllowed(decide(PEER_WEB, policy(Action.DENY, rule(match))));
            assertDenied(decide(NOBODY, policy(Action.ALLOW, rule(match))));
        }
        Match notShop = Match.builder()
                .notNamespaces(List.of(new StringMatch.Exact("shop")))
                .build();
        Match notAccount = Match.builder()
                .notServiceAccounts(List.of(new ServiceAccountMatch("shop", "web")))
                .build();
        for (Match match : List.of(notShop, notAccount)) {
            assertAllowed(decide(WEB, policy(Action.DENY, rule(match))));
            assertDenied(decide(PEER_WEB, policy(Action.DENY, rule(match))));
        }
    }

    @Test
    void serviceAccountsMatchWhole() {
        Match other = Match.builder()
                .serviceAccounts(List.of(new ServiceAccountMatch("shop", "we"), new ServiceAccountMatch("sho", "web")))
                .build();
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(other))));
    }

    @Test
    void identitiesThatAreNoServiceAccountHaveNoNamespace() {
        Match any =
                Match.builder().namespaces(List.of(new StringMatch.Presence())).build();
        for (String path : List.of("/ns/shop", "/ns/shop/sa/web/x", "/x/shop/sa/web", "/ns/shop/xx/web", "/a")) {
            Optional<SpiffeId> caller = Optional.of(new SpiffeId(OWN, path));
            assertDenied(decide(caller, policy(Action.ALLOW, rule(any))));
        }
    }

    @Test
    @DisplayName("vector 13: ports are the workload's own")
    void ports() {
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(ports(8080)))));
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(ports(80)))));
        Match not8080 = Match.builder().notDestinationPorts(List.of(8080)).build();
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(not8080))));
    }

    @Test
    @DisplayName("departure from vector 15: a policy named but absent refuses everybody")
    void missingPolicyRefuses() {
        PolicyName absent = new PolicyName("shop", "absent");
        PolicySet set = PolicySet.of(OWN, List.of(policy(Action.ALLOW, EVERYTHING)), List.of(absent));
        assertThat(set.decide(connection(WEB)))
                .isEqualTo(new Decision.Denied(ReasonCode.POLICY_MISSING, Optional.of(absent)));
    }

    @Test
    @DisplayName("vector 17: a dry run decides nothing, not even that an ALLOW stands")
    void dryRunDecidesNothing() {
        AuthorizationPolicy deny =
                new AuthorizationPolicy(name(), Scope.GLOBAL, Action.DENY, List.of(EVERYTHING), true);
        AuthorizationPolicy allow = new AuthorizationPolicy(name(), Scope.GLOBAL, Action.ALLOW, List.of(), true);
        assertAllowed(decide(WEB, deny, allow));
    }

    @Test
    @DisplayName("vector 20: address blocks see the L4 peer, IPv4 and IPv6")
    void addressBlocks() {
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(from("10.1.0.0/16")))));
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(from("10.2.0.0/16", "fd00::/8")))));
        Match notFrom =
                Match.builder().notSourceIps(List.of(Cidr.parse("10.1.2.3"))).build();
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(notFrom))));
        Match to =
                Match.builder().destinationIps(List.of(Cidr.parse("10.9.9.9"))).build();
        Match notTo = Match.builder()
                .notDestinationIps(List.of(Cidr.parse("10.9.0.0/16")))
                .build();
        assertAllowed(decide(WEB, policy(Action.ALLOW, rule(to))));
        assertDenied(decide(WEB, policy(Action.ALLOW, rule(notTo))));
    }

    private AuthorizationPolicy allowPrincipal(StringMatch principal) {
        return policy(
                Action.ALLOW,
                rule(Match.builder().principals(List.of(principal)).build()));
    }

    private static Match namespaces(String namespace) {
        return Match.builder()
                .namespaces(List.of(new StringMatch.Exact(namespace)))
                .build();
    }

    private static Match ports(Integer... ports) {
        return Match.builder().destinationPorts(List.of(ports)).build();
    }

    private static Match from(String... blocks) {
        return Match.builder()
                .sourceIps(Arrays.stream(blocks).map(Cidr::parse).toList())
                .build();
    }

    private static Rule rule(Match... oneOf) {
        return new Rule(List.of(new Clause(List.of(oneOf))));
    }

    private PolicyName name() {
        made++;
        return new PolicyName("shop", "p" + made);
    }

    private AuthorizationPolicy policy(Action action, Rule... rules) {
        return new AuthorizationPolicy(name(), Scope.WORKLOAD_SELECTOR, action, List.of(rules), false);
    }

    private static Connection connection(Optional<SpiffeId> caller) {
        return new Connection(caller, InetAddress.ofLiteral("10.1.2.3"), InetAddress.ofLiteral("10.9.9.9"), 8080);
    }

    private static Decision decide(Optional<SpiffeId> caller, AuthorizationPolicy... policies) {
        return PolicySet.of(OWN, List.of(policies), List.of()).decide(connection(caller));
    }

    private static void assertAllowed(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
    }

    private static void assertDenied(Decision decision) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.reason()).isEqualTo(ReasonCode.DENIED_BY_POLICY));
    }
}
