/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.xds;

import com.google.protobuf.Empty;
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
import io.hanse.wire.security.Address;
import io.hanse.wire.security.Authorization;
import io.hanse.wire.xds.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * Authorization policies as {@code istio.security.Authorization}, both ways. Reading is strict: what cannot be evaluated
 * here refuses the whole policy, because half a policy says something else. Stateless; any thread.
 */
public final class AuthorizationCodec {

    private AuthorizationCodec() {}

    /** A policy as a resource with name and version. */
    public static Resource encode(AuthorizationPolicy policy) {
        Authorization.Builder message = Authorization.newBuilder()
                .setName(policy.name().name())
                .setNamespace(policy.name().namespace())
                .setScope(
                        switch (policy.scope()) {
                            case GLOBAL -> io.hanse.wire.security.Scope.GLOBAL;
                            case NAMESPACE -> io.hanse.wire.security.Scope.NAMESPACE;
                            case WORKLOAD_SELECTOR -> io.hanse.wire.security.Scope.WORKLOAD_SELECTOR;
                        })
                .setAction(
                        switch (policy.action()) {
                            case ALLOW -> io.hanse.wire.security.Action.ALLOW;
                            case DENY -> io.hanse.wire.security.Action.DENY;
                        })
                .setDryRun(policy.dryRun());
        policy.rules().forEach(rule -> message.addRules(rule(rule)));
        return XdsTypes.resource(XdsTypes.AUTHORIZATION, policy.name().toString(), message.build());
    }

    /**
     * Reads an Authorization resource.
     *
     * @throws UnreadableResource naming the field
     */
    public static AuthorizationPolicy decode(Resource resource) throws UnreadableResource {
        Authorization message = Wire.unpack(resource, XdsTypes.AUTHORIZATION, Authorization.parser());
        try {
            PolicyName name = name(resource, message);
            if (message.getExtensionsCount() > 0) {
                throw new UnreadableResource("policy: an extension, which nobody here evaluates");
            }
            List<Rule> rules = new ArrayList<>();
            for (io.hanse.wire.security.Rule rule : message.getRulesList()) {
                rules.add(rule(rule));
            }
            return new AuthorizationPolicy(name, scope(message), action(message), rules, message.getDryRun());
        } catch (IllegalArgumentException e) {
            throw new UnreadableResource(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * What stands in for a policy that cannot be read and of which no earlier version is known: an ALLOW without rules in
     * the same scope, which refuses everybody there. Without it a DENY that this version does not understand would let
     * everybody in (design invariant 4).
     *
     * @throws UnreadableResource if not even its name can be read
     */
    static AuthorizationPolicy closedInsteadOf(Resource resource) throws UnreadableResource {
        Authorization message = Wire.unpack(resource, XdsTypes.AUTHORIZATION, Authorization.parser());
        PolicyName name = name(resource, message);
        Scope scope =
                message.getScope() == io.hanse.wire.security.Scope.UNRECOGNIZED ? Scope.NAMESPACE : scope(message);
        return new AuthorizationPolicy(name, scope, Action.ALLOW, List.of(), false);
    }

    private static PolicyName name(Resource resource, Authorization message) throws UnreadableResource {
        PolicyName name = new PolicyName(
                Wire.required(message.getNamespace(), "namespace"), Wire.required(message.getName(), "name"));
        if (!resource.getName().equals(name.toString())) {
            throw new UnreadableResource("resource name: %s (expected: %s)".formatted(resource.getName(), name));
        }
        return name;
    }

    private static Scope scope(Authorization message) throws UnreadableResource {
        return switch (message.getScope()) {
            case GLOBAL -> Scope.GLOBAL;
            case NAMESPACE -> Scope.NAMESPACE;
            case WORKLOAD_SELECTOR -> Scope.WORKLOAD_SELECTOR;
            case UNRECOGNIZED -> throw Wire.unknown("scope", message.getScopeValue());
        };
    }

    private static Action action(Authorization message) throws UnreadableResource {
        return switch (message.getAction()) {
            case ALLOW -> Action.ALLOW;
            case DENY -> Action.DENY;
            case UNRECOGNIZED -> throw Wire.unknown("action", message.getActionValue());
        };
    }

    private static io.hanse.wire.security.Rule rule(Rule rule) {
        io.hanse.wire.security.Rule.Builder message = io.hanse.wire.security.Rule.newBuilder();
        for (Clause clause : rule.clauses()) {
            io.hanse.wire.security.Clause.Builder part = io.hanse.wire.security.Clause.newBuilder();
            clause.matches().forEach(match -> part.addMatches(match(match)));
            message.addClauses(part);
        }
        return message.build();
    }

    private static Rule rule(io.hanse.wire.security.Rule message) throws UnreadableResource {
        List<Clause> clauses = new ArrayList<>();
        for (io.hanse.wire.security.Clause clause : message.getClausesList()) {
            List<Match> matches = new ArrayList<>();
            for (io.hanse.wire.security.Match match : clause.getMatchesList()) {
                matches.add(match(match));
            }
            clauses.add(new Clause(matches));
        }
        return new Rule(clauses);
    }

    private static io.hanse.wire.security.Match match(Match match) {
        io.hanse.wire.security.Match.Builder message = io.hanse.wire.security.Match.newBuilder()
                .addAllDestinationPorts(match.destinationPorts())
                .addAllNotDestinationPorts(match.notDestinationPorts());
        match.namespaces().forEach(text -> message.addNamespaces(text(text)));
        match.notNamespaces().forEach(text -> message.addNotNamespaces(text(text)));
        match.principals().forEach(text -> message.addPrincipals(text(text)));
        match.notPrincipals().forEach(text -> message.addNotPrincipals(text(text)));
        match.sourceIps().forEach(block -> message.addSourceIps(block(block)));
        match.notSourceIps().forEach(block -> message.addNotSourceIps(block(block)));
        match.destinationIps().forEach(block -> message.addDestinationIps(block(block)));
        match.notDestinationIps().forEach(block -> message.addNotDestinationIps(block(block)));
        match.serviceAccounts().forEach(account -> message.addServiceAccounts(account(account)));
        match.notServiceAccounts().forEach(account -> message.addNotServiceAccounts(account(account)));
        return message.build();
    }

    private static Match match(io.hanse.wire.security.Match message) throws UnreadableResource {
        if (message.getExtensionsCount() > 0) {
            throw new UnreadableResource("match: an extension, which nobody here evaluates");
        }
        return new Match(
                texts(message.getNamespacesList()),
                texts(message.getNotNamespacesList()),
                texts(message.getPrincipalsList()),
                texts(message.getNotPrincipalsList()),
                blocks(message.getSourceIpsList()),
                blocks(message.getNotSourceIpsList()),
                blocks(message.getDestinationIpsList()),
                blocks(message.getNotDestinationIpsList()),
                ports(message.getDestinationPortsList()),
                ports(message.getNotDestinationPortsList()),
                accounts(message.getServiceAccountsList()),
                accounts(message.getNotServiceAccountsList()));
    }

    private static io.hanse.wire.security.StringMatch text(StringMatch match) {
        io.hanse.wire.security.StringMatch.Builder message = io.hanse.wire.security.StringMatch.newBuilder();
        return switch (match) {
            case StringMatch.Exact exact -> message.setExact(exact.text()).build();
            case StringMatch.Prefix prefix -> message.setPrefix(prefix.text()).build();
            case StringMatch.Suffix suffix -> message.setSuffix(suffix.text()).build();
            case StringMatch.Presence present ->
                message.setPresence(Empty.getDefaultInstance()).build();
        };
    }

    private static List<StringMatch> texts(List<io.hanse.wire.security.StringMatch> messages)
            throws UnreadableResource {
        List<StringMatch> texts = new ArrayList<>();
        for (io.hanse.wire.security.StringMatch message : messages) {
            texts.add(
                    switch (message.getMatchTypeCase()) {
                        case EXACT -> new StringMatch.Exact(message.getExact());
                        case PREFIX -> new StringMatch.Prefix(message.getPrefix());
                        case SUFFIX -> new StringMatch.Suffix(message.getSuffix());
                        case PRESENCE -> new StringMatch.Presence();
                        case MATCHTYPE_NOT_SET ->
                            throw new UnreadableResource("string match: of a kind not known here");
                    });
        }
        return texts;
    }

    private static Address block(Cidr block) {
        return Address.newBuilder()
                .setAddress(Wire.bytes(block.address()))
                .setLength(block.length())
                .build();
    }

    private static List<Cidr> blocks(List<Address> messages) throws UnreadableResource {
        List<Cidr> blocks = new ArrayList<>();
        for (Address message : messages) {
            blocks.add(new Cidr(Wire.address(message.getAddress()), message.getLength()));
        }
        return blocks;
    }

    private static List<Integer> ports(List<Integer> numbers) throws UnreadableResource {
        List<Integer> ports = new ArrayList<>();
        for (int number : numbers) {
            ports.add(Wire.port(number, "destination port"));
        }
        return ports;
    }

    private static io.hanse.wire.security.ServiceAccountMatch account(ServiceAccountMatch match) {
        return io.hanse.wire.security.ServiceAccountMatch.newBuilder()
                .setNamespace(match.namespace())
                .setServiceAccount(match.serviceAccount())
                .build();
    }

    private static List<ServiceAccountMatch> accounts(List<io.hanse.wire.security.ServiceAccountMatch> messages) {
        return messages.stream()
                .map(message -> new ServiceAccountMatch(message.getNamespace(), message.getServiceAccount()))
                .toList();
    }
}
