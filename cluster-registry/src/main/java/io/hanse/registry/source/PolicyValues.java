/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.source;

import io.hanse.model.policy.Cidr;
import io.hanse.model.policy.ServiceAccountMatch;
import io.hanse.model.policy.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the values of policy fields. A value that cannot be enforced is a problem, never left out: the list without it
 * would say something else.
 */
final class PolicyValues {

    private final String namespace;
    private final Findings findings;

    /** @param namespace the policy's own, for service accounts written without one */
    PolicyValues(String namespace, Findings findings) {
        this.namespace = namespace;
        this.findings = findings;
    }

    void problem(int line, String message) {
        findings.problem(line, message);
    }

    List<StringMatch> patterns(List<Fields.Text> texts) {
        return each(texts, StringMatch::parse);
    }

    List<StringMatch> principals(List<Fields.Text> texts) {
        return each(texts, text -> {
            if (text.startsWith("spiffe://")) {
                throw new IllegalArgumentException("principal: %s (expected: without spiffe://, %s)"
                        .formatted(text, text.substring("spiffe://".length())));
            }
            return StringMatch.parse(text);
        });
    }

    List<Cidr> blocks(List<Fields.Text> texts) {
        return each(texts, Cidr::parse);
    }

    List<Integer> ports(List<Fields.Text> texts) {
        return each(texts, text -> {
            boolean digits =
                    !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(Character::isDigit);
            int port = digits ? Integer.parseInt(text) : 0;
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException(
                        "port: %s (expected: the number the workload listens on, 1 to 65535, not a name)"
                                .formatted(text));
            }
            return port;
        });
    }

    List<ServiceAccountMatch> accounts(List<Fields.Text> texts) {
        return each(texts, text -> {
            String[] parts = text.split("/", -1);
            if (text.contains("*") || parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
                throw new IllegalArgumentException(
                        "serviceAccount: %s (expected: namespace/name or name, no *)".formatted(text));
            }
            return parts.length == 2
                    ? new ServiceAccountMatch(parts[0], parts[1])
                    : new ServiceAccountMatch(namespace, parts[0]);
        });
    }

    <T> List<T> each(List<Fields.Text> texts, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (Fields.Text text : texts) {
            parse(text, parser).ifPresent(values::add);
        }
        return values;
    }

    private <T> Optional<T> parse(Fields.Text text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text.value()));
        } catch (IllegalArgumentException e) {
            findings.problem(text.line(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
