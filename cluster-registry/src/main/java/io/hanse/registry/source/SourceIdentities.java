/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.policy.Match;
import io.hanse.model.policy.ServiceAccountMatch;
import io.hanse.model.policy.StringMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The identity fields of a policy's source. {@code namespaces} and {@code serviceAccounts} speak of this cluster's own
 * trust domain; beside {@code trustDomains} they speak of those, and all become principals ({@code td/ns/x/sa/y}), which
 * is what every proxy of this wire enforces.
 */
final class SourceIdentities {

    private SourceIdentities() {}

    static void read(Fields source, PolicyValues values, Match.Builder match) {
        List<StringMatch> principals = values.principals(source.list("principals"));
        List<StringMatch> notPrincipals = values.principals(source.list("notPrincipals"));
        List<StringMatch> namespaces = values.patterns(source.list("namespaces"));
        List<StringMatch> notNamespaces = values.patterns(source.list("notNamespaces"));
        List<ServiceAccountMatch> accounts = values.accounts(source.list("serviceAccounts"));
        List<ServiceAccountMatch> notAccounts = values.accounts(source.list("notServiceAccounts"));
        List<Fields.Text> domains = source.list("trustDomains");
        match.notPrincipals(notPrincipals)
                .notPrincipals(values.each(source.list("notTrustDomains"), SourceIdentities::domain));
        if (!accounts.isEmpty() && (source.has("principals") || source.has("namespaces"))) {
            source.problem(
                    "serviceAccounts",
                    "serviceAccounts: cannot stand beside principals or namespaces (split the source)");
        }
        if (domains.isEmpty()) {
            match.principals(principals)
                    .namespaces(namespaces)
                    .notNamespaces(notNamespaces)
                    .serviceAccounts(accounts)
                    .notServiceAccounts(notAccounts);
            return;
        }
        if (source.has("principals")) {
            source.problem(
                    "trustDomains",
                    "trustDomains: cannot stand beside principals (begin each principal with its trust domain)");
            return;
        }
        if (namespaces.isEmpty() && accounts.isEmpty()) {
            match.principals(values.each(domains, SourceIdentities::domain));
        } else {
            match.principals(bound(domains, namespaces, accounts, values));
        }
        if (!notNamespaces.isEmpty() || !notAccounts.isEmpty()) {
            match.notPrincipals(bound(domains, notNamespaces, notAccounts, values));
        }
    }

    /** A trust domain as a pattern of the principal's beginning. */
    static StringMatch domain(String text) {
        return switch (StringMatch.parse(text)) {
            case StringMatch.Exact exact -> new StringMatch.Prefix(exact.text() + "/");
            case StringMatch.Prefix prefix -> prefix;
            case StringMatch.Presence any -> any;
            case StringMatch.Suffix suffix ->
                throw new IllegalArgumentException(
                        "trust domain: %s cannot be matched by its end (expected: name, name* or *)".formatted(text));
        };
    }

    private static List<StringMatch> bound(
            List<Fields.Text> domains,
            List<StringMatch> namespaces,
            List<ServiceAccountMatch> accounts,
            PolicyValues values) {
        List<StringMatch> principals = new ArrayList<>();
        for (Fields.Text domain : domains) {
            if (domain.value().contains("*")) {
                values.problem(
                        domain.line(),
                        "trust domain: %s (expected: a whole name beside namespaces or serviceAccounts)"
                                .formatted(domain.value()));
            }
            for (ServiceAccountMatch account : accounts) {
                principals.add(new StringMatch.Exact(
                        "%s/ns/%s/sa/%s".formatted(domain.value(), account.namespace(), account.serviceAccount())));
            }
            for (StringMatch namespace : namespaces) {
                principals.add(inNamespace(domain, namespace, values));
            }
        }
        return principals;
    }

    private static StringMatch inNamespace(Fields.Text domain, StringMatch namespace, PolicyValues values) {
        String start = domain.value() + "/ns/";
        return switch (namespace) {
            case StringMatch.Exact exact -> new StringMatch.Prefix(start + exact.text() + "/");
            case StringMatch.Prefix prefix -> new StringMatch.Prefix(start + prefix.text());
            case StringMatch.Presence any -> new StringMatch.Prefix(start);
            case StringMatch.Suffix suffix -> {
                values.problem(
                        domain.line(),
                        "namespace: *%s cannot be matched by its end beside trustDomains".formatted(suffix.text()));
                yield new StringMatch.Prefix(start);
            }
        };
    }
}
