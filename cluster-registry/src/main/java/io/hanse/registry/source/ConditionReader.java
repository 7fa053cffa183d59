/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.policy.Match;
import java.util.List;
import java.util.Optional;

/** Reads one {@code when} of a policy's rule: the keys that a connection answers without its bytes. */
final class ConditionReader {

    private static final List<String> KEYS = List.of(
            "source.ip",
            "source.namespace",
            "source.principal",
            "source.serviceAccount",
            "source.trustDomain",
            "destination.ip",
            "destination.port");

    private ConditionReader() {}

    static Match read(Fields condition, PolicyValues policy) {
        Optional<Fields.Text> key = condition.required("key");
        List<Fields.Text> values = condition.list("values");
        List<Fields.Text> notValues = condition.list("notValues");
        if (values.isEmpty() && notValues.isEmpty()) {
            condition.problem("key", "values: missing (expected: values or notValues)");
        }
        condition.finish();
        Match.Builder match = Match.builder();
        key.ifPresent(text -> fill(text, values, notValues, policy, match));
        return match.build();
    }

    private static void fill(
            Fields.Text key,
            List<Fields.Text> values,
            List<Fields.Text> notValues,
            PolicyValues policy,
            Match.Builder match) {
        switch (key.value()) {
            case "source.ip" -> match.sourceIps(policy.blocks(values)).notSourceIps(policy.blocks(notValues));
            case "source.namespace" ->
                match.namespaces(policy.patterns(values)).notNamespaces(policy.patterns(notValues));
            case "source.principal" ->
                match.principals(policy.principals(values)).notPrincipals(policy.principals(notValues));
            case "source.serviceAccount" ->
                match.serviceAccounts(policy.accounts(values)).notServiceAccounts(policy.accounts(notValues));
            case "source.trustDomain" ->
                match.principals(policy.each(values, SourceIdentities::domain))
                        .notPrincipals(policy.each(notValues, SourceIdentities::domain));
            case "destination.ip" ->
                match.destinationIps(policy.blocks(values)).notDestinationIps(policy.blocks(notValues));
            case "destination.port" ->
                match.destinationPorts(policy.ports(values)).notDestinationPorts(policy.ports(notValues));
            default ->
                policy.problem(
                        key.line(),
                        "key: %s is not a fact of a connection at L4%s (known: %s)"
                                .formatted(key.value(), Nearest.hint(key.value(), KEYS), String.join(", ", KEYS)));
        }
    }
}
