/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.registry.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.hanse.model.policy.AuthorizationPolicy;
import io.hanse.model.policy.Cidr;
import io.hanse.model.policy.Clause;
import io.hanse.model.policy.Match;
import io.hanse.model.policy.Rule;
import io.hanse.model.policy.ServiceAccountMatch;
import io.hanse.model.policy.StringMatch;
import io.hanse.wire.security.Action;
import io.hanse.wire.security.Address;
import io.hanse.wire.security.Authorization;
import io.hanse.wire.security.Scope;
import java.util.List;

/** Policies as {@code istio.security.Authorization} (istio.md 2.2). */
final class PolicyCodec {

    private PolicyCodec() {}

    static Authorization authorization(AuthorizationPolicy policy) {
        Authorization.Builder message = Authorization.newBuilder()
                .setName(policy.name().name())
                .setNamespace(policy.name().namespace())
                .setScope(
                        switch (policy.scope()) {
                            case GLOBAL -> Scope.GLOBAL;
                            case NAMESPACE -> Scope.NAMESPACE;
                            case WORKLOAD_SELECTOR -> Scope.WORKLOAD_SELECTOR;
                        })
                .setAction(
                        switch (policy.action()) {
                            case ALLOW -> Action.ALLOW;
                            case DENY -> Action.DENY;
                        })
                .setDryRun(policy.dryRun());
        policy.rules().forEach(rule -> message.addRules(rule(rule)));
        return message.build();
    }

    private static io.hanse.wire.security.Rule rule(Rule rule) {
        var message = io.hanse.wire.security.Rule.newBuilder();
        for (Clause clause : rule.clauses()) {
            message.addClauses(io.hanse.wire.security.Clause.newBuilder()
                    .addAllMatches(
                            clause.matches().stream().map(PolicyCodec::match).toList()));
        }
        return message.build();
    }

    private static io.hanse.wire.security.Match match(Match match) {
        return io.hanse.wire.security.Match.newBuilder()
                .addAllNamespaces(texts(match.namespaces()))
                .addAllNotNamespaces(texts(match.notNamespaces()))
                .addAllPrincipals(texts(match.principals()))
                .addAllNotPrincipals(texts(match.notPrincipals()))
                .addAllSourceIps(blocks(match.sourceIps()))
                .addAllNotSourceIps(blocks(match.notSourceIps()))
                .addAllDestinationIps(blocks(match.destinationIps()))
                .addAllNotDestinationIps(blocks(match.notDestinationIps()))
                .addAllDestinationPorts(match.destinationPorts())
                .addAllNotDestinationPorts(match.notDestinationPorts())
                .addAllServiceAccounts(accounts(match.serviceAccounts()))
                .addAllNotServiceAccounts(accounts(match.notServiceAccounts()))
                .build();
    }

    private static List<io.hanse.wire.security.StringMatch> texts(List<StringMatch> matches) {
        return matches.stream().map(PolicyCodec::text).toList();
    }

    private static io.hanse.wire.security.StringMatch text(StringMatch match) {
        var message = io.hanse.wire.security.StringMatch.newBuilder();
        return switch (match) {
            case StringMatch.Exact exact -> message.setExact(exact.text()).build();
            case StringMatch.Prefix prefix -> message.setPrefix(prefix.text()).build();
            case StringMatch.Suffix suffix -> message.setSuffix(suffix.text()).build();
            case StringMatch.Presence any ->
                message.setPresence(Empty.getDefaultInstance()).build();
        };
    }

    private static List<Address> blocks(List<Cidr> blocks) {
        return blocks.stream()
                .map(block -> Address.newBuilder()
                        .setAddress(ByteString.copyFrom(block.address().getAddress()))
                        .setLength(block.length())
                        .build())
                .toList();
    }

    private static List<io.hanse.wire.security.ServiceAccountMatch> accounts(List<ServiceAccountMatch> accounts) {
        return accounts.stream()
                .map(account -> io.hanse.wire.security.ServiceAccountMatch.newBuilder()
                        .setNamespace(account.namespace())
                        .setServiceAccount(account.serviceAccount())
                        .build())
                .toList();
    }
}
