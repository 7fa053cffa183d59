/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.identity.SystemIdentity;
import io.hanse.model.policy.Action;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.PolicyName;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code security.istio.io AuthorizationPolicy} into the L4 model (istio.md 4). What L4 cannot enforce is refused
 * with its line; Istio drops some of it, which widens the policy (vectors 5, 7, 8 and 9).
 */
final class AuthorizationReader {

    /** Istio's own limit. */
    private static final int MAX_RULES = 512;

    private static final String L7 =
            "needs the HTTP request, which is not read at L4; it would be dropped, not enforced (remove it)";

    private AuthorizationReader() {}

    static Optional<Manifest> read(Fields document, Findings findings) {
        Optional<Metadata> metadata = Metadata.read(document, true);
        document.ignore("status");
        Fields spec = document.section("spec");
        spec.refuse(
                "policies attach to workloads by selector here (expected: spec.selector)", "targetRef", "targetRefs");
        spec.refuse("belongs to action CUSTOM, which is not enforced here (remove it)", "provider");
        Fields selector = spec.section("selector");
        NavigableMap<String, String> labels = selector.plainTexts("matchLabels");
        selector.finish();
        Action action = action(spec, findings);
        List<Fields> rules = spec.sections("rules");
        if (rules.size() > MAX_RULES) {
            spec.problem("rules", "rules: %d (expected: at most %d)".formatted(rules.size(), MAX_RULES));
        }
        String namespace = metadata.map(Metadata::namespace).orElse("default");
        List<Rule> read = rules.stream()
                .map(rule -> rule(rule, namespace, action, findings))
                .toList();
        spec.finish();
        return metadata.map(named -> new Manifest.DeclaredPolicy(
                document.place(),
                new AuthorizationPolicy(
                        new PolicyName(named.namespace(), named.name()),
                        scope(named, labels),
                        action,
                        read,
                        isDryRun(named, findings)),
                labels));
    }

    private static Scope scope(Metadata metadata, NavigableMap<String, String> labels) {
        if (!labels.isEmpty()) {
            return Scope.WORKLOAD_SELECTOR;
        }
        return metadata.namespace().equals(SystemIdentity.NAMESPACE) ? Scope.GLOBAL : Scope.NAMESPACE;
    }

    private static Action action(Fields spec, Findings findings) {
        return spec.text("action")
                .map(text -> switch (text.value()) {
                    case "ALLOW" -> Action.ALLOW;
                    case "DENY" -> Action.DENY;
                    case "AUDIT", "CUSTOM" -> {
                        findings.problem(
                                text.line(),
                                "action: %s is not enforced here (expected: ALLOW or DENY)".formatted(text.value()));
                        yield Action.DENY;
                    }
                    default -> {
                        findings.problem(text.line(), "action: %s (expected: ALLOW or DENY)".formatted(text.value()));
                        yield Action.DENY;
                    }
                })
                .orElse(Action.ALLOW);
    }

    private static boolean isDryRun(Metadata metadata, Findings findings) {
        Fields.Text text = metadata.annotations().get("istio.io/dry-run");
        if (text == null) {
            return false;
        }
        if (!text.value().equals("true") && !text.value().equals("false")) {
            findings.problem(
                    text.line(), "istio.io/dry-run: %s (expected: \"true\" or \"false\")".formatted(text.value()));
        }
        return text.value().equals("true");
    }

    private static Rule rule(Fields rule, String namespace, Action action, Findings findings) {
        List<Clause> clauses = new ArrayList<>();
        PolicyValues values = new PolicyValues(namespace, findings);
        alternatives(rule, "from", "source", findings, source -> source(source, values, action, rule))
                .ifPresent(clauses::add);
        alternatives(rule, "to", "operation", findings, operation -> operation(operation, values))
                .ifPresent(clauses::add);
        for (Fields condition : rule.sections("when")) {
            clauses.add(new Clause(List.of(ConditionReader.read(condition, values))));
        }
        rule.finish();
        return new Rule(clauses);
    }

    private static Optional<Clause> alternatives(
            Fields rule, String key, String inner, Findings findings, Function<Fields, Match> reader) {
        if (!rule.has(key)) {
            return Optional.empty();
        }
        List<Match> matches = new ArrayList<>();
        for (Fields item : rule.sections(key)) {
            Fields fields = item.section(inner);
            if (fields.isEmpty()) {
                item.problem(
                        inner, "%s: empty, which matches nothing (leave %s out to mean any)".formatted(inner, key));
            }
            int before = findings.count();
            Match match = reader.apply(fields);
            fields.finish();
            if (match.isEmpty() && !fields.isEmpty() && findings.count() == before) {
                item.problem(inner, "%s: every list is empty, which matches nothing (give a value)".formatted(inner));
            }
            matches.add(match);
            item.finish();
        }
        if (matches.isEmpty()) {
            rule.problem(key, "%s: empty (leave it out to mean any)".formatted(key));
        }
        return Optional.of(new Clause(matches));
    }

    private static Match source(Fields source, PolicyValues values, Action action, Fields rule) {
        source.refuse(L7, "requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks");
        Match.Builder match = Match.builder();
        SourceIdentities.read(source, values, match);
        match.sourceIps(values.blocks(source.list("ipBlocks"))).notSourceIps(values.blocks(source.list("notIpBlocks")));
        Match built = match.build();
        boolean onlyNegative = built.namespaces().isEmpty()
                && built.principals().isEmpty()
                && built.serviceAccounts().isEmpty()
                && !(built.notNamespaces().isEmpty()
                        && built.notPrincipals().isEmpty()
                        && built.notServiceAccounts().isEmpty());
        if (action == Action.ALLOW && onlyNegative) {
            rule.notice(
                    "from",
                    "allows callers without an identity too: a not-field holds for nobody (add principals: [\"*\"])");
        }
        return built;
    }

    private static Match operation(Fields operation, PolicyValues values) {
        operation.refuse(L7, "hosts", "notHosts", "methods", "notMethods", "paths", "notPaths");
        return Match.builder()
                .destinationPorts(values.ports(operation.list("ports")))
                .notDestinationPorts(values.ports(operation.list("notPorts")))
                .build();
    }
}
