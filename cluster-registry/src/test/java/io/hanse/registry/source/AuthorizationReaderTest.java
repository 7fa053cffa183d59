/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Cidr;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import io.hanse.model.policy.ServiceAccountMatch;
import io.hanse.model.policy.StringMatch;
import io.hanse.registry.source.Manifest.DeclaredPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationReaderTest {

    private final Findings findings = new Findings("p.yaml");

    private AuthorizationPolicy policy(String namespace, String spec) {
        List<Manifest> read = read(namespace, spec);
        assertThat(findings.all())
                .filteredOn(p -> p.severity() == Problem.Severity.PROBLEM)
                .isEmpty();
        return ((DeclaredPolicy) read.getFirst()).policy();
    }

    private List<Manifest> read(String namespace, String spec) {
        String text = """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: p, namespace: %s}
                spec:
                """.formatted(namespace) + spec.indent(2);
        return ManifestReader.read(text.getBytes(StandardCharsets.UTF_8), findings);
    }

    private List<String> problems(String spec) {
        assertThat(read("shop", spec)).isEmpty();
        return findings.all().stream().map(Problem::toString).toList();
    }

    private static Rule rule(Match... eachInItsOwnClause) {
        return new Rule(java.util.Arrays.stream(eachInItsOwnClause)
                .map(match -> new Clause(List.of(match)))
                .toList());
    }

    @Test
    void vector1KeepsUnsetRulesApartFromOneEmptyRule() {
        assertThat(policy("shop", "action: ALLOW").rules()).isEmpty();
        assertThat(policy("shop", "rules: [{}]").rules()).containsExactly(new Rule(List.of()));
        assertThat(policy("shop", "rules: [{}]").action()).isEqualTo(Action.ALLOW);
    }

    @Test
    void readsEveryL4Field() {
        AuthorizationPolicy policy = policy("shop", """
                selector: {matchLabels: {app: api}}
                action: DENY
                rules:
                - from:
                  - source:
                      principals: ["a.example/ns/shop/sa/web", "a.example/*", "*/sa/web", "*"]
                      notPrincipals: [b.example/ns/x/sa/y]
                      notNamespaces: [dev]
                      ipBlocks: [10.0.0.0/8]
                      notIpBlocks: [10.1.2.3]
                  - source: {serviceAccounts: [web, other/db]}
                  to:
                  - operation: {ports: ["80"], notPorts: ["81"]}
                  when:
                  - {key: destination.ip, values: [127.0.0.0/8]}
                  - {key: source.trustDomain, notValues: [c.example]}
                """);
        assertThat(policy)
                .isEqualTo(new AuthorizationPolicy(
                        new PolicyName("shop", "p"),
                        Scope.WORKLOAD_SELECTOR,
                        Action.DENY,
                        List.of(new Rule(List.of(
                                new Clause(List.of(
                                        Match.builder()
                                                .principals(List.of(
                                                        new StringMatch.Exact("a.example/ns/shop/sa/web"),
                                                        new StringMatch.Prefix("a.example/"),
                                                        new StringMatch.Suffix("/sa/web"),
                                                        new StringMatch.Presence()))
                                                .notPrincipals(List.of(new StringMatch.Exact("b.example/ns/x/sa/y")))
                                                .notNamespaces(List.of(new StringMatch.Exact("dev")))
                                                .sourceIps(List.of(Cidr.parse("10.0.0.0/8")))
                                                .notSourceIps(List.of(Cidr.parse("10.1.2.3")))
                                                .build(),
                                        Match.builder()
                                                .serviceAccounts(List.of(
                                                        new ServiceAccountMatch("shop", "web"),
                                                        new ServiceAccountMatch("other", "db")))
                                                .build())),
                                new Clause(List.of(Match.builder()
                                        .destinationPorts(List.of(80))
                                        .notDestinationPorts(List.of(81))
                                        .build())),
                                new Clause(List.of(Match.builder()
                                        .destinationIps(List.of(Cidr.parse("127.0.0.0/8")))
                                        .build())),
                                new Clause(List.of(Match.builder()
                                        .notPrincipals(List.of(new StringMatch.Prefix("c.example/")))
                                        .build()))))),
                        false));
    }

    @Test
    void takesTheScopeFromSelectorAndNamespace() {
        assertThat(policy("shop", "rules: [{}]").scope()).isEqualTo(Scope.NAMESPACE);
        assertThat(policy("hanse-system", "rules: [{}]").scope()).isEqualTo(Scope.GLOBAL);
        assertThat(policy("shop", "selector: {matchLabels: {a: b}}").scope()).isEqualTo(Scope.WORKLOAD_SELECTOR);
    }

    @Test
    void vector8BindsTrustDomainsIntoPrincipals() {
        assertThat(policy("shop", "rules: [{from: [{source: {trustDomains: [a.example, \"b*\"]}}]}]")
                        .rules())
                .containsExactly(rule(Match.builder()
                        .principals(List.of(new StringMatch.Prefix("a.example/"), new StringMatch.Prefix("b")))
                        .build()));
        assertThat(policy("shop", "rules: [{from: [{source: {trustDomains: [a.example], namespaces: [x, \"y*\"]}}]}]")
                        .rules())
                .containsExactly(rule(Match.builder()
                        .principals(List.of(
                                new StringMatch.Prefix("a.example/ns/x/"), new StringMatch.Prefix("a.example/ns/y")))
                        .build()));
        assertThat(policy("shop", "rules: [{from: [{source: {trustDomains: [a.example], serviceAccounts: [web]}}]}]")
                        .rules())
                .containsExactly(rule(Match.builder()
                        .principals(List.of(new StringMatch.Exact("a.example/ns/shop/sa/web")))
                        .build()));
        assertThat(policy("shop", "action: DENY\nrules: [{from: [{source: {notTrustDomains: [a.example]}}]}]")
                        .rules())
                .containsExactly(rule(Match.builder()
                        .notPrincipals(List.of(new StringMatch.Prefix("a.example/")))
                        .build()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rules: [{to: [{operation: {methods: [GET]}}]}]            | rules[0].to | methods
            rules: [{to: [{operation: {ports: ["80"], paths: [/]}}]}] | rules[0].to | paths
            rules: [{to: [{operation: {hosts: [a]}}]}]                | rules[0].to | hosts
            rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]   | rules[0].from | requestPrincipals
            rules: [{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}] | rules[0].from | remoteIpBlocks
            """)
    void vectors345And20RefuseL7FieldsInsteadOfDroppingThem(String spec, String where, String field) {
        String inner = where.endsWith("to") ? "operation" : "source";
        assertThat(problems(spec))
                .containsExactly(
                        "p.yaml:5: spec.%s[0].%s.%s: needs the HTTP request, which is not read at L4; it would be dropped, not enforced (remove it)"
                                .formatted(where, inner, field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            action: AUDIT | p.yaml:5: action: AUDIT is not enforced here (expected: ALLOW or DENY)
            action: CUSTOM | p.yaml:5: action: CUSTOM is not enforced here (expected: ALLOW or DENY)
            action: deny | p.yaml:5: action: deny (expected: ALLOW or DENY)
            targetRefs: [] | p.yaml:5: spec.targetRefs: policies attach to workloads by selector here (expected: spec.selector)
            rules: [{to: [{operation: {ports: [http]}}]}] | p.yaml:5: port: http (expected: the number the workload listens on, 1 to 65535, not a name)
            rules: [{from: [{source: {ipBlocks: [10.0.0/8]}}]}] | p.yaml:5: address block: 10.0.0/8 (expected: an IP address or address/bits)
            rules: [{from: [{source: {namespaces: ["a*b"]}}]}] | p.yaml:5: pattern: a*b (expected: text, text*, *text or *, one * at one end)
            rules: [{from: [{source: {principals: ["spiffe://a.example/ns/x/sa/y"]}}]}] | p.yaml:5: principal: spiffe://a.example/ns/x/sa/y (expected: without spiffe://, a.example/ns/x/sa/y)
            rules: [{from: [{source: {serviceAccounts: ["x/*"]}}]}] | p.yaml:5: serviceAccount: x/* (expected: namespace/name or name, no *)
            rules: [{from: [{source: {serviceAccounts: [x], namespaces: [y]}}]}] | p.yaml:5: serviceAccounts: cannot stand beside principals or namespaces (split the source)
            rules: [{from: [{source: {trustDomains: [a], principals: [y]}}]}] | p.yaml:5: trustDomains: cannot stand beside principals (begin each principal with its trust domain)
            rules: [{from: [{source: {trustDomains: ["*.example"]}}]}] | p.yaml:5: trust domain: *.example cannot be matched by its end (expected: name, name* or *)
            rules: [{from: [{source: {}}]}] | p.yaml:5: source: empty, which matches nothing (leave from out to mean any)
            rules: [{from: []}] | p.yaml:5: from: empty (leave it out to mean any)
            rules: [{from: [{source: {principals: []}}]}] | p.yaml:5: source: every list is empty, which matches nothing (give a value)
            rules: [{when: [{key: source.ip}]}] | p.yaml:5: values: missing (expected: values or notValues)
            rules: [{form: []}] | p.yaml:5: unknown key spec.rules[0].form; did you mean from?
            """)
    void refusesWhatCannotBeEnforced(String spec, String problem) {
        assertThat(problems(spec)).containsExactly(problem);
    }

    @Test
    void vector7RefusesAConditionOfL7() {
        assertThat(problems("rules: [{when: [{key: \"request.headers[x]\", values: [y]}]}]"))
                .singleElement()
                .asString()
                .startsWith("p.yaml:5: key: request.headers[x] is not a fact of a connection at L4 (known: source.ip");
    }

    @Test
    void vector10RemarksOnAnAllowThatAdmitsNobodysCallers() {
        policy("shop", "rules: [{from: [{source: {notNamespaces: [dev]}}]}]");
        assertThat(findings.all())
                .containsExactly(
                        Problem.notice(
                                new Place("p.yaml", 5),
                                "allows callers without an identity too: a not-field holds for nobody (add principals: [\"*\"])"));
    }

    @Test
    void vector17CarriesDryRun() {
        List<Manifest> read = ManifestReader.read("""
                apiVersion: security.istio.io/v1beta1
                kind: AuthorizationPolicy
                metadata: {name: p, annotations: {istio.io/dry-run: "true"}}
                """.getBytes(StandardCharsets.UTF_8), findings);
        assertThat(((DeclaredPolicy) read.getFirst()).policy().dryRun()).isTrue();
    }
}
